#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/verification_output.hpp"
#include "model/checker/verdict.hpp"
#include "model/language/ground.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

struct Options {
  std::string plan;
  std::string inventory;
  int faults = 0;
  std::size_t states_max = model::VerifyOptions{}.states_max;
};

/// A disagreement of the two methods is a defect of ours: nothing may be claimed then.
ExitStatus status_of(const model::Verification& verification) {
  if (verification.verdict == model::Verdict::kRefuted) return ExitStatus::kFailed;
  if (verification.verdict == model::Verdict::kUndecided || !verification.disagreements.empty())
    return ExitStatus::kUndecided;
  return ExitStatus::kDone;
}

ExitStatus run_verify(Session& session, const Options& options) {
  const Result<ReadPlan> read = read_plan(options.plan);
  if (!read) return session.fail(read.error());
  const model::Plan& plan = read.value().plan;
  const Result<model::Inventory> inventory = scenarios::load_inventory(options.inventory);
  if (!inventory) return session.fail(inventory.error());
  if (const Status fits = check_belongs(plan, options.plan, inventory.value(), options.inventory);
      !fits)
    return session.fail(fits.error());
  const auto procedure = model::procedure_from(plan.procedure);
  const model::GroundModel model(model::installation_of(inventory.value(), *procedure));
  if (const Status fits = check_entities(plan, options.plan, model); !fits)
    return session.fail(fits.error());
  model::VerifyOptions how;
  how.faults = options.faults;
  how.states_max = options.states_max;
  const Result<model::Verification> verification = model::verify(model, plan, how);
  if (!verification) return session.fail(verification.error());
  session.console.result(
      session.json
          ? verification_json(plan, verification.value(), options.faults)
          : verification_text(session.console, plan, verification.value(), options.faults));
  return status_of(verification.value());
}

}  // namespace

void add_verify(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "verify", kProve,
      "Prove that no order of the plan's steps can break a rule; or show one that does.",
      "  rehydrate verify plan.json --inventory inventory.yaml\n"
      "  rehydrate verify plan.json --inventory inventory.yaml --faults 1");
  const auto options = std::make_shared<Options>();
  command->add_option("PLAN", options->plan, "A file that `rehydrate plan` wrote; - for stdin")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made from")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--faults", options->faults,
                   "Explore every run with up to so many faults (0 to 255)")
      ->type_name("N")
      ->check(CLI::Range(0, 255));
  command
      ->add_option("--max-states", options->states_max,
                   "Stop exploring after so many states: undecided, unless the order proves it")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40U));
  command->callback([&session, options] {
    session.run = [&session, options] { return run_verify(session, *options); };
  });
}

}  // namespace wme::cli
