#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/language/ground.hpp"

namespace wme::model {

/// Names for Promela. Nothing of a plan or an inventory gets into a Promela text but through here:
/// SPIN makes a C program of that text.
class PromelaNames {
 public:
  explicit PromelaNames(const GroundModel& model);

  /// "run_c1".
  const std::string& variable(Variable variable) const { return variables_[variable]; }
  /// "RUN_STOPPED"; all of them are what `#define`s of definitions() say.
  const std::string& value(Variable variable, Value value) const {
    return values_[model_.fluent_index(variable)][value];
  }
  /// The values of the fluents that one of these variables has, as lines `#define NAME number`.
  std::string definitions(const std::vector<Variable>& of) const;

  /// A name like `wish` that nothing else has: small letters, digits and underscores only.
  std::string fresh(std::string_view wish);

 private:
  const GroundModel& model_;
  std::set<std::string, std::less<>> taken_;
  std::vector<std::string> variables_;
  std::vector<std::vector<std::string>> values_;  ///< by fluent
};

}  // namespace wme::model
