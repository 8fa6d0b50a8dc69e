#pragma once

#include <string>
#include <string_view>

#include "model/language/action.hpp"
#include "model/result.hpp"
#include "model/wme/rules.hpp"

/// What the data says about one of its words, as plain text of at most 96 columns: for
/// `rehydrate explain passivate-container` and `rehydrate explain INV-05`.
namespace wme::model {

/// Guard with who keeps each condition, effects, outcomes, times, source.
std::string explain_action(const Action& action);
/// Statement, what is lost, source, how it is kept and where, the tests that violate it.
std::string explain_rule(const Rule& rule);
/// An action ("passivate-container"), a rule ("INV-05", "inv-5"), a row of the runbook ("A06"), or
/// a word of the vocabulary ("run"). Error kNotFound: names the nearest words.
Result<std::string> explain(std::string_view word);
/// Every word that `explain` knows, with one line about it.
std::string explain_all();
/// The whole model as text, every action and every rule in full: what a fingerprint is taken of.
std::string model_text();

}  // namespace wme::model
