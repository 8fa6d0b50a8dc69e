#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "model/english/english.hpp"
#include "model/english/words.hpp"
#include "model/smt/proof.hpp"

namespace wme::cli {

namespace {

using nlohmann::ordered_json;
namespace smt = model::smt;

constexpr const char* kProofSchema = "rehydrate/proof/1";

struct ProveOptions {
  std::vector<std::string> rules;
  std::string provider;
  std::string procedure;
  std::vector<std::string> without;
};

struct Timed {
  smt::RuleProof proof;
  double seconds = 0;
};

Result<smt::ProveOptions> prove_options(const ProveOptions& options) {
  smt::ProveOptions made;
  if (!options.provider.empty()) {
    made.provider = model::provider_from(options.provider);
    if (!made.provider)
      return Error{
          ErrorCode::kInvalid,
          "--provider '" + options.provider + "': " +
              model::suggestion(options.provider, {"aws", "azure", "gcp", "esxi", "hyper-v"})};
  }
  if (!options.procedure.empty()) {
    made.procedure = model::procedure_from(options.procedure);
    if (!made.procedure)
      return Error{
          ErrorCode::kInvalid,
          "--procedure '" + options.procedure + "': " +
              model::suggestion(options.procedure, {"dehydrate", "restore", "rotate", "upgrade"})};
  }
  for (const std::string& each : options.without) {
    Result<smt::Without> without = smt::parse_without(each);
    if (!without) return without.error();
    made.without.push_back(std::move(without).value());
  }
  return made;
}

Result<std::vector<std::string>> rules_of(const ProveOptions& options) {
  const std::vector<std::string>& all = smt::data_loss_rules();
  if (options.rules.empty()) return all;
  std::vector<std::string> rules;
  for (const std::string& each : options.rules) {
    std::string id = each;
    std::ranges::transform(id, id.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (std::ranges::find(all, id) == all.end())
      return Error{
          ErrorCode::kInvalid,
          each + ": nothing is claimed about it for any fleet size; " + model::suggestion(id, all)};
    rules.push_back(std::move(id));
  }
  return rules;
}

Console::Tone tone_of(smt::RuleVerdict verdict) {
  switch (verdict) {
    case smt::RuleVerdict::kProved:
    case smt::RuleVerdict::kProvedInTurn:
      return Console::Tone::kGood;
    case smt::RuleVerdict::kNotProved:
      return Console::Tone::kBad;
    case smt::RuleVerdict::kUndecided:
      return Console::Tone::kDoubtful;
  }
  return Console::Tone::kDoubtful;
}

std::string seconds_text(double seconds) {
  const long hundredths = std::lround(seconds * 100);
  const std::string rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (rest.size() < 2 ? "0" : "") + rest + " s";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string rests_on_text(const smt::RuleProof& proof) {
  const std::vector<std::string> rules(proof.rests_on.begin(), proof.rests_on.end());
  return rules.empty() ? "what the systems themselves refuse" : model::listed(rules, "and");
}

std::string table_line(const Session& session, const Timed& timed) {
  const smt::RuleProof& proof = timed.proof;
  std::string line =
      "  " + proof.rule + "  " +
      session.console.toned(tone_of(proof.verdict), padded(to_string(proof.verdict), 16)) +
      padded(seconds_text(timed.seconds), 9);
  line += padded(std::to_string(proof.claims.size()), 8);
  line += padded(std::to_string(proof.lemmas.size()), 8);
  if (proof.verdict == smt::RuleVerdict::kProved ||
      proof.verdict == smt::RuleVerdict::kProvedInTurn)
    line += rests_on_text(proof);
  return line + "\n";
}

const char* answer_text(const smt::ClaimProof& proof) {
  if (proof.holds == smt::Answer::kUnknown) return "undecided";
  if (proof.holds == smt::Answer::kNo) return "not proved";
  return proof.overtaking == smt::Overtaking::kAllowed ? "proved" : "proved in turn";
}

std::string list_text(const char* title, const std::set<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += model::wrapped(text.empty() ? title : "            ", 12, line);
  return text;
}

std::string claim_text(const smt::ClaimProof& proof) {
  std::string text =
      model::wrapped("  claim     ", 12, proof.claim->sentence + ": " + answer_text(proof));
  for (const smt::Exception& each : proof.claim->unless)
    text += model::wrapped("  unless    ", 12,
                           each.action + (each.is_failure ? " fails: " : " happens: ") + each.why);
  if (proof.holds == smt::Answer::kYes && proof.overtaking == smt::Overtaking::kExcluded)
    text += model::wrapped(
        "  else      ", 12,
        "what is under way may be overtaken, and the proof fails where " + proof.overtaken_by);
  text += list_text("  lemmas    ", proof.lemmas);
  text += list_text("  guards    ", proof.guards);
  if (proof.counterexample)
    for (const std::string& line : proof.counterexample->story) text += "    " + line + "\n";
  return text;
}

std::string details(const Timed& timed) {
  const smt::RuleProof& proof = timed.proof;
  std::string text = "\n" + proof.rule + ": " + to_string(proof.verdict) + "\n";
  for (const smt::ClaimProof& each : proof.claims) text += claim_text(each);
  if (proof.verdict == smt::RuleVerdict::kNotProved)
    text += model::wrapped("  ", 2,
                           "This is a counterexample to the proof: whether the state before can be "
                           "reached is not known.");
  return text;
}

constexpr const char* kLegend =
    "\nFor any number of containers, instances and shards, users and losses included.\n"
    "proved: in any order of actions that keeps the guards. proved in turn: if, besides, what is\n"
    "under way ends before anybody changes what it is changing (`verify` looks at each plan's own\n"
    "order). With the name of a rule: its claims, lemmas and guards.\n";

long count_of(const std::vector<Timed>& all, smt::RuleVerdict verdict) {
  return std::ranges::count_if(all,
                               [&](const Timed& each) { return each.proof.verdict == verdict; });
}

std::string text_of(const Session& session, const ProveOptions& options,
                    const std::vector<Timed>& all) {
  double seconds = 0;
  std::string text = "  rule    verdict         time     claims  lemmas  rests on the guards of\n";
  for (const Timed& each : all) {
    text += table_line(session, each);
    seconds += each.seconds;
  }
  for (const Timed& each : all)
    if (!options.rules.empty() || each.proof.verdict == smt::RuleVerdict::kNotProved ||
        each.proof.verdict == smt::RuleVerdict::kUndecided)
      text += details(each);
  text += kLegend;
  std::string counts;
  for (const smt::RuleVerdict each : {smt::RuleVerdict::kProved, smt::RuleVerdict::kProvedInTurn,
                                      smt::RuleVerdict::kNotProved, smt::RuleVerdict::kUndecided})
    if (const long count = count_of(all, each); count > 0)
      counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + to_string(each);
  return text + counts + " in " + seconds_text(seconds) + "\n";
}

ordered_json claim_json(const smt::ClaimProof& proof) {
  ordered_json unless = ordered_json::array();
  for (const smt::Exception& each : proof.claim->unless)
    unless.push_back({{"action", each.action}, {"fails", each.is_failure}, {"why", each.why}});
  ordered_json made = {
      {"claim", proof.claim->sentence}, {"verdict", answer_text(proof)}, {"unless", unless},
      {"questions", proof.questions},   {"lemmas", proof.lemmas},        {"guards", proof.guards}};
  if (proof.overtaking == smt::Overtaking::kExcluded) made["overtaken_by"] = proof.overtaken_by;
  if (proof.counterexample)
    made["counterexample"] = {{"broken", proof.counterexample->broken},
                              {"is_lemma", proof.counterexample->is_lemma},
                              {"reachable", "not known"},
                              {"story", proof.counterexample->story}};
  return made;
}

std::string json_of(const ProveOptions& options, const std::vector<Timed>& all) {
  ordered_json rules = ordered_json::array();
  for (const Timed& each : all) {
    ordered_json claims = ordered_json::array();
    for (const smt::ClaimProof& claim : each.proof.claims) claims.push_back(claim_json(claim));
    rules.push_back({{"rule", each.proof.rule},
                     {"verdict", to_string(each.proof.verdict)},
                     {"seconds", each.seconds},
                     {"rests_on", each.proof.rests_on},
                     {"claims", claims}});
  }
  return ordered_json({{"schema", kProofSchema},
                       {"provider", options.provider.empty() ? "any" : options.provider},
                       {"procedure", options.procedure.empty() ? "any" : options.procedure},
                       {"without", options.without},
                       {"rules", rules}})
             .dump(2) +
         "\n";
}

ExitStatus status_of(const std::vector<Timed>& all) {
  if (count_of(all, smt::RuleVerdict::kNotProved) > 0) return ExitStatus::kFailed;
  return count_of(all, smt::RuleVerdict::kUndecided) > 0 ? ExitStatus::kUndecided
                                                         : ExitStatus::kDone;
}

ExitStatus run_prove(Session& session, const ProveOptions& options) {
  const Result<std::vector<std::string>> rules = rules_of(options);
  if (!rules) return session.fail(rules.error());
  Result<smt::ProveOptions> how = prove_options(options);
  if (!how) return session.fail(how.error());
  smt::Prover prover(std::move(how).value());
  std::vector<Timed> all;
  for (const std::string& rule : rules.value()) {
    const auto start = std::chrono::steady_clock::now();
    smt::RuleProof proof = prover.prove(rule);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    all.push_back({std::move(proof), took.count()});
  }
  session.console.result(session.json ? json_of(options, all) : text_of(session, options, all));
  return status_of(all);
}

}  // namespace

void add_prove(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "prove", kProve,
      "Prove the data-loss invariants for any fleet size, with Z3: no plan and no inventory.",
      "  rehydrate prove\n"
      "  rehydrate prove INV-05 --provider esxi\n"
      "  rehydrate prove INV-05 --without stop-services:5");
  const auto options = std::make_shared<ProveOptions>();
  command->add_option("INVARIANT", options->rules, "Which to prove; without, all of them");
  command->add_option("--provider", options->provider,
                      "aws, azure, gcp, esxi or hyper-v; without, for every provider");
  command->add_option("--procedure", options->procedure,
                      "dehydrate, restore, rotate or upgrade; without, for every procedure");
  command
      ->add_option("--without", options->without,
                   "Leave a condition out of a guard and see what fails: ACTION:N, the N-th of "
                   "`rehydrate explain ACTION`, or all conditions of a rule")
      ->type_name("ACTION:N|RULE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_prove(session, *options); };
  });
}

}  // namespace wme::cli
