#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/mutation_output.hpp"
#include "model/english/words.hpp"
#include "model/mutation/mutants.hpp"

namespace wme::cli {

namespace {

struct MutateOptions {
  std::string plan;
  std::string inventory;
  std::vector<std::string> kinds;
  std::size_t states_max = model::MutationOptions{}.states_max;
};

Result<model::MutationOptions> bounds_of(const MutateOptions& options) {
  model::MutationOptions how;
  how.states_max = options.states_max;
  if (options.kinds.empty()) return how;
  how.kinds.clear();
  std::vector<std::string> known;
  for (const model::MutantKind kind : model::kEveryMutantKind) known.emplace_back(to_string(kind));
  for (const std::string& each : options.kinds) {
    const auto kind = model::mutant_kind_from(each);
    if (!kind)
      return Error{ErrorCode::kInvalid,
                   "--kinds: unknown kind '" + each + "'; " + model::suggestion(each, known)};
    if (std::ranges::find(how.kinds, *kind) == how.kinds.end()) how.kinds.push_back(*kind);
  }
  return how;
}

ExitStatus run_mutate(Session& session, const MutateOptions& options) {
  const Result<model::MutationOptions> how = bounds_of(options);
  if (!how) return session.fail(how.error());
  const Result<PlanWithModel> read = read_plan_with_model(options.plan, options.inventory);
  if (!read) return session.fail(read.error());
  const model::Plan& plan = read.value().plan.plan;
  const model::GroundModel& model = *read.value().model;
  const Result<std::vector<model::Mutant>> mutants = model::mutate(model, plan, how.value());
  if (!mutants)
    return session.fail({mutants.error().code, options.plan + ": " + mutants.error().message});
  session.console.result(session.json ? mutation_json(plan, mutants.value())
                                      : mutation_text(session.console, plan, mutants.value()));
  const bool explained = std::ranges::none_of(mutants.value(), [](const model::Mutant& each) {
    return each.fate == model::Fate::kUnexplained;
  });
  return explained ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void add_mutate(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "mutate", kProve,
      "Spoil a plan, and the model, in every single place: what goes wrong, or why nothing does.",
      "  rehydrate mutate plan.json --inventory inventory.yaml\n"
      "  rehydrate mutate plan.json --inventory inventory.yaml --kinds deleted-edge\n"
      "  rehydrate mutate plan.json --inventory inventory.yaml --json");
  const auto options = std::make_shared<MutateOptions>();
  command->add_option("PLAN", options->plan, "A file that `rehydrate plan` wrote; - for stdin")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made from")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--kinds", options->kinds,
                   "Only these: deleted-edge, swapped-steps, dropped-wait, dropped-condition, "
                   "weakened-effect")
      ->type_name("KIND,...")
      ->delimiter(',');
  command
      ->add_option("--max-states", options->states_max,
                   "Stop exploring a mutant after so many states: it is unexplained then")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40U))
      ->capture_default_str();
  command->callback([&session, options] {
    session.run = [&session, options] { return run_mutate(session, *options); };
  });
}

}  // namespace wme::cli
