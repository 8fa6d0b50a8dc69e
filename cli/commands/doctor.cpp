#include "executor/doctor/doctor.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/certificates.hpp"
#include "cli/commands/commands.hpp"
#include "cli/inputs.hpp"
#include "cli/looking.hpp"
#include "cli/production/change_window.hpp"

namespace wme::cli {

namespace {

using executor::Check;
using executor::Verdict;
using nlohmann::ordered_json;

struct DoctorOptions {
  std::string inventory;
  std::string plan;
  std::string certificate;
  std::string trusted;
  std::string window;
  int quorum = 0;
};

/// What is examined, as far as files tell.
struct Patient {
  ReadInventory inventory;
  std::optional<ReadPlan> plan;
  std::unique_ptr<const model::GroundModel> model;
  std::optional<executor::ChangeWindow> window;
};

/// What `run --window` takes, as the two moments that count now: of a window for every day, the one
/// that is open, or the next.
Result<std::optional<executor::ChangeWindow>> window_from(const std::string& text,
                                                          std::chrono::sys_seconds now) {
  if (text.empty()) return std::optional<executor::ChangeWindow>();
  const Result<ChangeWindow> window = ChangeWindow::parse(text);
  if (!window) return window.error();
  if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
    const auto from = model::instant_from(std::string_view(text).substr(0, slash));
    const auto to = model::instant_from(std::string_view(text).substr(slash + 1));
    if (from && to) return std::optional(executor::ChangeWindow{*from, *to});
    return Error{ErrorCode::kInvalid, "--window '" + text +
                                          "': give the two moments to the second, as in "
                                          "2026-11-23T20:00:00Z/2026-11-24T02:00:00Z"};
  }
  // Times of the day have whole minutes, and no window is longer than a day.
  constexpr std::chrono::minutes kMinute{1};
  auto from = std::chrono::floor<std::chrono::minutes>(now);
  const auto tomorrow = from + std::chrono::days(1);
  while (from < tomorrow && !window.value().contains(from)) from += kMinute;
  auto to = from;
  while (to < from + std::chrono::days(1) && window.value().contains(to)) to += kMinute;
  return std::optional(executor::ChangeWindow{from, to});
}

Result<Patient> read_patient(const DoctorOptions& options) {
  auto window = window_from(options.window, now());
  if (!window) return window.error();
  if (!options.plan.empty()) {
    Result<PlanWithModel> planned = read_plan_with_model(options.plan, options.inventory);
    if (!planned) return planned.error();
    PlanWithModel& read = planned.value();
    return Patient{std::move(read.inventory), std::move(read.plan), std::move(read.model),
                   window.value()};
  }
  if (!options.certificate.empty())
    return Error{ErrorCode::kInvalid,
                 "--certificate is held against a plan: give the plan with --plan"};
  Result<ReadInventory> inventory = read_inventory(options.inventory);
  if (!inventory) return inventory.error();
  // A live installation, as a dehydration finds it.
  auto model = std::make_unique<const model::GroundModel>(
      model::installation_of(inventory.value().inventory, model::Procedure::kDehydrate));
  return Patient{std::move(inventory).value(), std::nullopt, std::move(model), window.value()};
}

Check check_of(std::string name, Verdict verdict, std::string measured, std::string mend) {
  return {"certificate",   std::move(name), verdict,    std::move(measured),
          std::move(mend), false,           wall_time()};
}

/// Whether `run` would take the certificate, and whether the same tool made it.
Result<std::vector<Check>> certificate_checks(const DoctorOptions& options,
                                              const Patient& patient) {
  if (options.certificate.empty())
    return std::vector<Check>{check_of("certificate", Verdict::kNotChecked, "none was given",
                                       "give it with --certificate: run asks for one")};
  const Result<model::Certificate> certificate = read_certificate(options.certificate);
  if (!certificate) return certificate.error();
  const Result<ReadTrusted> trusted = read_trusted(options.trusted);
  if (!trusted) return trusted.error();
  const auto circumstances =
      circumstances_of(*patient.plan, patient.inventory, trusted.value(), options.quorum, now());
  if (!circumstances) return circumstances.error();
  std::vector<Check> checks;
  for (const model::Objection& each : model::check(certificate.value(), circumstances.value()))
    checks.push_back(
        check_of(std::string(to_string(each.refusal)), Verdict::kFailed, each.sentence, ""));
  if (checks.empty())
    checks.push_back(check_of(
        "certificate", Verdict::kOk,
        "good for this plan and inventory until " + model::to_string(certificate.value().not_after),
        ""));
  const std::string tool = "rehydrate " WME_VERSION;
  if (certificate.value().tool != tool)
    checks.push_back(check_of("tool", Verdict::kWarning,
                              certificate.value().tool + " made it, this is " + tool,
                              "verify again with this version, or run with that one"));
  else
    checks.push_back(check_of("tool", Verdict::kOk, tool + " made it, too", ""));
  return checks;
}

std::size_t count_of(const std::vector<Check>& checks, Verdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(checks, verdict, &Check::verdict));
}

std::string title_of(const DoctorOptions& options, const Patient& patient) {
  const model::Inventory& inventory = patient.inventory.inventory;
  return inventory.name + " on " + std::string(to_string(inventory.provider)) + ", WME " +
         inventory.version +
         (patient.plan ? ", to " + patient.plan->plan.procedure + " by " + options.plan : "");
}

std::string examination_text(const Session& session, const DoctorOptions& options,
                             const Patient& patient, const executor::Examination& examination) {
  constexpr std::array<std::pair<Verdict, Console::Tone>, 4> kTones = {
      {{Verdict::kOk, Console::Tone::kGood},
       {Verdict::kWarning, Console::Tone::kDoubtful},
       {Verdict::kFailed, Console::Tone::kBad},
       {Verdict::kNotChecked, Console::Tone::kDoubtful}}};
  constexpr std::size_t kIndent = 23;
  std::string text = title_of(options, patient) + "\n\n";
  // What somebody has to read stands last, where a terminal ends.
  std::vector<Check> checks = examination.checks;
  std::ranges::stable_sort(checks, {}, [](const Check& each) {
    constexpr std::array<Verdict, 4> kOrder = {Verdict::kOk, Verdict::kNotChecked,
                                               Verdict::kWarning, Verdict::kFailed};
    return std::ranges::find(kOrder, each.verdict) - kOrder.begin();
  });
  for (const Check& each : checks) {
    const std::string word(to_string(each.verdict));
    Console::Tone tone = Console::Tone::kGood;
    for (const auto& [verdict, its] : kTones)
      if (verdict == each.verdict) tone = its;
    text += utc_text(each.at).substr(11, 8) + "  " + session.console.toned(tone, word) +
            std::string(kIndent - 10 - word.size(), ' ') +
            wrapped(each.area + ", " + each.name + ": " + each.measured, kIndent,
                    session.console.width()) +
            "\n";
    if (!each.mend.empty())
      text += std::string(kIndent, ' ') +
              wrapped("-> " + each.mend, kIndent + 3, session.console.width()) + "\n";
  }
  if (examination.policy_falls_short)
    text += "\nThe least that the plan needs, as an IAM policy:\n\n" + examination.policy;
  const auto counted = [&](Verdict verdict) {
    return std::to_string(count_of(examination.checks, verdict)) + " " +
           std::string(to_string(verdict));
  };
  return text + "\n" + counted(Verdict::kOk) + ", " + counted(Verdict::kWarning) + ", " +
         counted(Verdict::kFailed) + ", " + counted(Verdict::kNotChecked) + "\n";
}

std::string examination_json(const DoctorOptions& options, const Patient& patient,
                             const executor::Examination& examination,
                             const std::vector<std::string>& sent) {
  ordered_json checks = ordered_json::array();
  for (const Check& each : examination.checks)
    checks.push_back({{"area", each.area},
                      {"name", each.name},
                      {"verdict", to_string(each.verdict)},
                      {"measured", each.measured},
                      {"mend", each.mend},
                      {"unreachable", each.unreachable},
                      {"at", utc_text(each.at)}});
  const model::Inventory& inventory = patient.inventory.inventory;
  ordered_json made = {{"schema", "rehydrate/examination/1"},
                       {"installation", inventory.name},
                       {"provider", to_string(inventory.provider)},
                       {"version", inventory.version},
                       {"procedure", patient.plan ? patient.plan->plan.procedure : ""},
                       {"plan", options.plan},
                       {"summary",
                        {{"ok", count_of(examination.checks, Verdict::kOk)},
                         {"warning", count_of(examination.checks, Verdict::kWarning)},
                         {"failed", count_of(examination.checks, Verdict::kFailed)},
                         {"not_checked", count_of(examination.checks, Verdict::kNotChecked)}}},
                       {"checks", std::move(checks)},
                       {"sent", sent}};
  if (!examination.policy.empty())
    made["policy"] = ordered_json::parse(examination.policy, nullptr, /*allow_exceptions=*/false);
  return made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

/// A check that failed says more than a door that did not answer.
ExitStatus status_of(const std::vector<Check>& checks) {
  const auto failed = [&](bool unreachable) {
    return std::ranges::any_of(checks, [&](const Check& each) {
      return each.verdict == Verdict::kFailed && each.unreachable == unreachable;
    });
  };
  if (failed(false)) return ExitStatus::kFailed;
  return failed(true) ? ExitStatus::kUnreachable : ExitStatus::kDone;
}

ExitStatus run_doctor(Session& session, const DoctorOptions& options) {
  Result<Patient> read = read_patient(options);
  if (!read) return session.fail(read.error());
  const Patient& patient = read.value();
  std::vector<Check> of_certificate;
  if (patient.plan) {
    auto checks = certificate_checks(options, patient);
    if (!checks) return session.fail(checks.error());
    of_certificate = std::move(checks).value();
  }
  session.console.note("Looking at " + title_of(options, patient) + "; nothing is changed.\n");
  Looking looking(patient.inventory.inventory);
  executor::DoctorTask task{patient.inventory.inventory, *patient.model};
  if (patient.plan) {
    task.plan = &patient.plan->plan;
    task.expected_s = summary_of(patient.plan->plan, patient.plan->order).critical_path_s;
  }
  task.window = patient.window;
  executor::Surveys& surveys = looking.surveys;
  executor::Examination examination = examine(
      task, {surveys.launchpad(), surveys.config_wizard(), surveys.cloud(), surveys.hosts()},
      wall_time);
  examination.checks.insert(examination.checks.end(), of_certificate.begin(), of_certificate.end());
  session.console.result(session.json
                             ? examination_json(options, patient, examination, surveys.sent())
                             : examination_text(session, options, patient, examination));
  return status_of(examination.checks);
}

}  // namespace

void add_doctor(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "doctor", kPrepare,
      "Look, without changing anything, whether a run has all that it needs: credentials, rights,\n"
      "doors, room, clocks, versions, limits. Exit status 1: a check failed; 3: somebody did not\n"
      "answer; warnings are no failure. docs/doctor.md",
      "  rehydrate doctor --inventory inventory.yaml\n"
      "  rehydrate doctor --inventory inventory.yaml --plan plan.json --certificate "
      "certificate.json\n"
      "  rehydrate doctor --inventory inventory.yaml --plan plan.json --json | jq .policy");
  const auto options = std::make_shared<DoctorOptions>();
  command->add_option("-i,--inventory", options->inventory, "What is looked at")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--plan", options->plan,
                   "What is going to run: says which rights, limits and addresses matter")
      ->type_name("FILE");
  command
      ->add_option("-c,--certificate", options->certificate,
                   "Whether run would take it; with --plan")
      ->type_name("FILE");
  add_trust_options(*command, options->trusted, options->quorum);
  command
      ->add_option("--window", options->window,
                   "When changes are allowed, as run takes it: 22:00-04:00 (UTC, every day), or "
                   "FROM/TO in full")
      ->type_name("WINDOW");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_doctor(session, *options); };
  });
}

}  // namespace wme::cli
