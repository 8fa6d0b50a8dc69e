#include <CLI/CLI.hpp>
#include <memory>

#include "cli/certificates.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/interrupt.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/spin_output.hpp"
#include "cli/traces.hpp"
#include "cli/verification_output.hpp"
#include "model/certificate/signing.hpp"
#include "model/checker/verdict.hpp"

namespace wme::cli {

namespace {

struct VerifyOptions {
  std::string plan;
  std::string inventory;
  std::string faults = "0";
  bool whole = false;
  bool no_slices = false;
  bool no_partial_order = false;
  bool no_symmetry = false;
  bool spin = false;
  unsigned threads = 2;
  std::size_t states_max = model::VerifyOptions{}.states_max;
  std::string traces;
  std::string certificate;
  std::string key;
  std::string name;
  std::string comment;
  std::string valid_for = "30d";
};

/// What it takes to certify, read before the proof that may take minutes.
struct Certifier {
  model::SigningKey key;
  std::chrono::seconds valid_for;
};

Result<std::optional<Certifier>> certifier_of(const VerifyOptions& options) {
  if (options.certificate.empty()) return std::optional<Certifier>();
  for (const std::string& input : {options.plan, options.inventory, options.key})
    if (same_file(options.certificate, input))
      return Error{ErrorCode::kInvalid, "--certificate " + options.certificate +
                                            " would overwrite an input: name another file"};
  const auto valid_for = model::span_from(options.valid_for);
  if (!valid_for)
    return Error{ErrorCode::kInvalid,
                 "--valid-for '" + options.valid_for +
                     "' is no span such as 90m, 12h or 30d, of ten years at most"};
  Result<model::SigningKey> key = read_key(options.key);
  if (!key) return key.error();
  if (options.name.empty() && key.value().name().empty())
    return Error{ErrorCode::kInvalid, options.key +
                                          ": it does not say whose key it is: say it with "
                                          "--name NAME"};
  return std::optional(Certifier{std::move(key).value(), *valid_for});
}

/// Writes the certificate of a plan that holds.
ExitStatus certify(Session& session, const VerifyOptions& options, const Certifier& certifier,
                   const ReadPlan& plan, const ReadInventory& inventory,
                   const model::VerifyOptions& bounds, const model::Verification& verification) {
  const auto fail = [&](const Error& error) {
    return session.fail_unwritten(error, options.certificate);
  };
  const Result<model::FileDigests> inventory_digests = digests_of(inventory);
  if (!inventory_digests) return fail(inventory_digests.error());
  Result<model::Certificate> made =
      model::certify({plan.plan, plan.order, digests_of(plan), inventory_digests.value(), bounds,
                      verification, "rehydrate " WME_VERSION},
                     now(), certifier.valid_for);
  if (!made) return fail(made.error());
  if (Status signed_by =
          model::sign_as_author(made.value(), {certifier.key, options.name, options.comment});
      !signed_by)
    return fail(signed_by.error());
  if (Status written = write_certificate(options.certificate, made.value()); !written)
    return fail(written.error());
  session.console.note("Certificate: " + options.certificate + ", signed by " +
                       made.value().signatures.front().name + ", valid until " +
                       model::to_string(made.value().not_after) + "\n");
  return ExitStatus::kDone;
}

/// Writes the counterexamples where they were asked for.
Status keep_traces(Session& session, const VerifyOptions& options, const model::GroundModel& model,
                   const model::Plan& plan, const model::Verification& verification) {
  if (options.traces.empty()) return Done{};
  const Result<std::vector<std::string>> paths =
      write_traces(options.traces, model, plan, verification);
  if (!paths) return paths.error();
  if (paths.value().empty()) session.console.note("No trace was written: nothing is refuted.\n");
  for (const std::string& each : paths.value())
    session.console.note("Trace: rehydrate replay " + each + " --plan " + options.plan +
                         " --inventory " + options.inventory + "\n");
  return Done{};
}

/// A disagreement of the two methods is a defect of ours: nothing may be claimed then.
ExitStatus status_of(const model::Verification& verification) {
  if (verification.verdict == model::Verdict::kRefuted) return ExitStatus::kFailed;
  if (verification.verdict == model::Verdict::kUndecided || !verification.disagreements.empty())
    return ExitStatus::kUndecided;
  return ExitStatus::kDone;
}

Result<model::VerifyOptions> bounds_of(const VerifyOptions& options) {
  Result<model::FaultBudget> faults = model::FaultBudget::parse(options.faults);
  if (!faults) return Error{faults.error().code, "--faults: " + faults.error().message};
  model::VerifyOptions how;
  how.faults = std::move(faults).value();
  how.states_max = options.states_max;
  how.reductions = {!options.whole && !options.no_slices,
                    !options.whole && !options.no_partial_order,
                    !options.whole && !options.no_symmetry};
  how.threads = options.threads;
  how.recovery = true;
  return how;
}

/// None unless it was asked for.
Result<std::optional<SecondOpinion>> ask_spin(const VerifyOptions& options,
                                              const model::GroundModel& model,
                                              const model::Plan& plan,
                                              const model::VerifyOptions& how,
                                              const model::Verification& verification) {
  if (!options.spin) return std::optional<SecondOpinion>();
  catch_interrupts();  // what SPIN and the compiler leave behind is cleared away
  SpinOptions asked;
  asked.is_interrupted = interrupted;
  Result<SecondOpinion> opinion = second_opinion(model, plan, how, verification, asked);
  if (!opinion) return opinion.error();
  return std::optional(std::move(opinion).value());
}

/// With SPIN's word: who disagrees has found somebody's defect.
ExitStatus status_with(const std::optional<SecondOpinion>& opinion, ExitStatus status) {
  if (!opinion || status == ExitStatus::kFailed) return status;
  if (!opinion->disagreements.empty()) return ExitStatus::kFailed;
  return opinion->undecided.empty() ? status : ExitStatus::kUndecided;
}

std::string result_of(const Session& session, const model::Plan& plan,
                      const model::Verification& verification, const model::FaultBudget& faults,
                      const std::optional<SecondOpinion>& opinion) {
  if (session.json) {
    std::string text = verification_json(plan, verification, faults);
    return opinion ? with_second_opinion(text, *opinion) : text;
  }
  return verification_text(session.console, plan, verification, faults) +
         (opinion ? second_opinion_text(session.console, *opinion) : "");
}

ExitStatus run_verify(Session& session, const VerifyOptions& options) {
  if (options.spin)
    if (const Status there = check_spin_is_there(); !there) return session.fail(there.error());
  const Result<model::VerifyOptions> bounds = bounds_of(options);
  if (!bounds) return session.fail(bounds.error());
  const Result<std::optional<Certifier>> certifier = certifier_of(options);
  if (!certifier) return session.fail_unwritten(certifier.error(), options.certificate);
  const Result<PlanWithModel> read = read_plan_with_model(options.plan, options.inventory);
  if (!read) return session.fail(read.error());
  const model::Plan& plan = read.value().plan.plan;
  const model::GroundModel& model = *read.value().model;
  const model::VerifyOptions& how = bounds.value();
  const Result<model::Verification> verification = model::verify(model, plan, how);
  if (!verification) return session.fail(verification.error());
  const Result<std::optional<SecondOpinion>> opinion =
      ask_spin(options, model, plan, how, verification.value());
  if (!opinion) {
    const ExitStatus why = session.fail(opinion.error());
    return options.spin && interrupted() ? ExitStatus::kInterrupted : why;
  }
  session.console.result(
      result_of(session, plan, verification.value(), how.faults, opinion.value()));
  if (const Status kept = keep_traces(session, options, model, plan, verification.value()); !kept)
    return session.fail(kept.error());
  const ExitStatus status = status_with(opinion.value(), status_of(verification.value()));
  if (!certifier.value()) return status;
  if (status == ExitStatus::kDone)
    return certify(session, options, *certifier.value(), read.value().plan, read.value().inventory,
                   how, verification.value());
  session.console.note(options.certificate + " was not written.\n");
  return status;
}

}  // namespace

void add_verify(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "verify", kProve,
      "Prove that no order of the plan's steps can break a rule; or show one that does.",
      "  rehydrate verify plan.json --inventory inventory.yaml\n"
      "  rehydrate verify plan.json --inventory inventory.yaml --faults 1\n"
      "  rehydrate verify plan.json --inventory inventory.yaml --faults user-wakes=2\n"
      "  rehydrate verify plan.json --inventory inventory.yaml --certificate certificate.json "
      "--key ada.key");
  const auto options = std::make_shared<VerifyOptions>();
  command->add_option("PLAN", options->plan, "A file that `rehydrate plan` wrote; - for stdin")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made from")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--faults", options->faults,
                   "Explore every run with up to so many faults, of any kind or of those named: 2, "
                   "or user-wakes=1,lost-answer=1")
      ->type_name("BUDGET")
      ->capture_default_str();
  command->add_flag("--no-reduction", options->whole,
                    "Explore every state of the whole plan: none of the following three");
  command->add_flag("--no-slices", options->no_slices,
                    "With faults, explore the whole plan, not what bears on each property");
  command->add_flag("--no-partial-order", options->no_partial_order,
                    "Explore every order, also of steps that have nothing to do with each other");
  command->add_flag("--no-symmetry", options->no_symmetry,
                    "Explore containers and instances that are alike one by one");
  command->add_option("--threads", options->threads, "Explore with so many; the answer is the same")
      ->type_name("N")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      ->add_option("--max-states", options->states_max,
                   "Visit so many states one by one; if there are more, explore sets of states")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40U));
  command->add_flag(
      "--spin", options->spin,
      "Have SPIN explore the same, without reductions, and compare (needs spin, gcc)");
  command
      ->add_option("--traces", options->traces,
                   "Write each counterexample into this directory, for `rehydrate replay`")
      ->type_name("DIR");
  CLI::Option* certificate =
      command
          ->add_option("--certificate", options->certificate,
                       "Write what was shown here, signed; only when the plan holds")
          ->type_name("FILE");
  CLI::Option* key =
      command->add_option("--key", options->key, "The author's private key (rehydrate keygen)")
          ->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  command
      ->add_option("--valid-for", options->valid_for,
                   "How long the certificate is valid: 90m, 12h, 30d")
      ->type_name("SPAN")
      ->capture_default_str()
      ->needs(certificate);
  command
      ->add_option("--name", options->name,
                   "Who you are in the trusted keys; the key's file says it, too")
      ->type_name("NAME")
      ->needs(certificate);
  command->add_option("--comment", options->comment, "One line that is signed with it")
      ->type_name("TEXT")
      ->needs(certificate);
  command->callback([&session, options] {
    session.run = [&session, options] { return run_verify(session, *options); };
  });
}

}  // namespace wme::cli
