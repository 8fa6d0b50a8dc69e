#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/campaign_output.hpp"
#include "cli/chosen_scenario.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/interrupt.hpp"
#include "model/english/words.hpp"
#include "scenarios/campaign/page/page.hpp"
#include "scenarios/campaign/shard.hpp"
#include "scenarios/campaign/shrink.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/progress/terminal.hpp"
#include "scenarios/report/render.hpp"
#include "scenarios/report/text.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;
using scenarios::CampaignResult;
using scenarios::Course;
using scenarios::ShrunkFailure;

constexpr std::uint64_t kRunsMax = 100'000'000;
constexpr std::size_t kShrunkMax = 3;  // failures of different kinds are worth the time

struct CampaignCommand {
  ScenarioChoice choice;
  std::uint64_t runs = 1000;
  std::uint64_t seed = 1;
  std::uint64_t run = 0;  ///< this one alone; 0: all of them
  std::string shard;
  unsigned threads = 0;  ///< 0: as many as there are cores
  std::string report = "campaign";
  std::string junit;
};

/// A live count: over one line on a terminal, a line for each tenth in a log.
class Count {
 public:
  Count(std::ostream& out, std::uint64_t all, bool silent)
      : out_(out), terminal_(scenarios::terminal_of_stderr()), all_(all), silent_(silent) {}
  ~Count() {
    if (drawn_) out_ << "\r\x1b[K" << std::flush;
  }
  Count(const Count&) = delete;
  Count& operator=(const Count&) = delete;

  void show(std::int64_t held, std::int64_t failed) {
    if (silent_) return;
    const auto passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_);
    const double each_second = static_cast<double>(held) / std::max(passed.count(), 0.001);
    std::string text = scenarios::grouped(held) + " of " +
                       scenarios::grouped(static_cast<long long>(all_)) + " runs, " +
                       std::to_string(failed) + " failed, " +
                       scenarios::grouped(static_cast<long long>(each_second)) + " a second";
    if (terminal_.live) {
      drawn_ = true;
      out_ << "\r\x1b[K" << scenarios::fitted(text, terminal_.columns - 1, terminal_.unicode)
           << std::flush;
      return;
    }
    const std::uint64_t tenth =
        static_cast<std::uint64_t>(held) * 10 / std::max<std::uint64_t>(all_, 1);
    if (tenth == tenths_) return;
    tenths_ = tenth;
    out_ << "campaign: " << text << std::endl;
  }

 private:
  std::ostream& out_;
  scenarios::Terminal terminal_;
  std::uint64_t all_;
  bool silent_;
  bool drawn_ = false;
  std::uint64_t tenths_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

fs::path file_of(const CampaignCommand& command, const scenarios::Shard& shard,
                 const std::string& extension) {
  const std::string part =
      shard.count == 1 ? ""
                       : "-" + std::to_string(shard.index) + "-of-" + std::to_string(shard.count);
  return fs::path(command.report) / ("campaign" + part + extension);
}

/// The failing run as a scenario that replays everywhere, and its inventory beside it.
Result<ShrunkFailure> write_smaller(const Course& course, const fs::path& folder,
                                    const scenarios::CampaignFailure& failure,
                                    const std::string& options) {
  const scenarios::Shrunk small = scenarios::shrink(course, failure.schedule);
  const std::string name = "run-" + std::to_string(failure.run);
  scenarios::Scenario scenario = scenarios::with_schedule(course.scenario, small.schedule);
  scenario.name = name;
  scenario.title = "Run " + std::to_string(failure.run) + " of a campaign, made smaller";
  scenario.description = small.breaches.empty() ? "" : small.breaches.front().text;
  scenario.inventory = name + ".inventory.yaml";
  const fs::path file = folder / (name + ".yaml");
  if (Status written = scenarios::write_atomically(folder / scenario.inventory,
                                                   scenarios::to_yaml(small.inventory));
      !written)
    return written.error();
  if (Status written = scenarios::write_atomically(file, scenarios::to_yaml(scenario)); !written)
    return written.error();
  return ShrunkFailure{failure.run, file.string(), small.inventory.containers.size(),
                       small.schedule.size(), options};
}

/// One failure of each kind: what is broken, by what.
Result<std::vector<ShrunkFailure>> write_smaller(const Course& course, const fs::path& folder,
                                                 const CampaignResult& result,
                                                 const std::string& options) {
  std::vector<ShrunkFailure> all;
  std::set<std::string> kinds;
  for (const scenarios::CampaignFailure& each : result.failures) {
    std::string kind = each.breaches.front().property;
    for (const scenarios::PlannedFault& fault : each.schedule)
      kind += " " + std::string(scenarios::facts_of(fault.kind).name);
    if (all.size() == kShrunkMax || !kinds.insert(kind).second || interrupted()) continue;
    Result<ShrunkFailure> one = write_smaller(course, folder, each, options);
    if (!one) return one.error();
    all.push_back(std::move(one).value());
  }
  return all;
}

/// Before the first run: nobody waits for a result that cannot be kept.
Status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const std::string mend = "; name another folder with --report";
  if (error)
    return Error{ErrorCode::kInvalid, folder + ": cannot be made: " + error.message() + mend};
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    return Error{ErrorCode::kInvalid,
                 folder + ": cannot be written to: " + std::strerror(errno) + mend};
  return Done{};
}

Status write_result(const CampaignCommand& command, const CampaignResult& result) {
  if (Status written = scenarios::write_atomically(file_of(command, result.shard, ".json"),
                                                   scenarios::to_json(result));
      !written)
    return written;
  if (command.junit.empty()) return Done{};
  return scenarios::write_atomically(command.junit, scenarios::campaign_junit(result));
}

/// One run, told by itself: what a campaign's failure is replayed by.
CampaignResult hold_one(const Course& course, const scenarios::CampaignFacts& facts,
                        std::uint64_t run, Console& console) {
  const scenarios::Schedule schedule = scenarios::Generator(course, facts.seed).schedule(run);
  const scenarios::TrialResult trial = scenarios::Lane(course).hold(schedule);
  console.note("run " + std::to_string(run) + ": " + scenarios::text_of(schedule) + "\n");
  console.note(std::string("it ended in ") +
               (trial.reached_goal
                    ? "its goal"
                    : (trial.stop.empty() ? "no safe stop" : trial.stop) + ": " + trial.reason) +
               "\n");
  CampaignResult result;
  result.facts = facts;
  result.held = 1;
  result.goals = trial.reached_goal ? 1 : 0;
  result.failed = trial.breaches.empty() ? 0 : 1;
  if (!trial.breaches.empty())
    result.failures.push_back({run, schedule, trial.stop, trial.breaches});
  return result;
}

ExitStatus replay_one(Session& session, const CampaignCommand& command, const Course& course,
                      const scenarios::CampaignFacts& facts) {
  const CampaignResult result = hold_one(course, facts, command.run, session.console);
  if (result.failures.empty()) {
    session.console.result("HOLDS  run " + std::to_string(command.run) + "\n");
    return ExitStatus::kDone;
  }
  const Result<ShrunkFailure> small = write_smaller(course, command.report, result.failures.front(),
                                                    durations_words(command.choice));
  if (!small) return session.fail(small.error());
  std::string text = "FAILED  run " + std::to_string(command.run) + "\n";
  for (const scenarios::Breach& each : result.failures.front().breaches)
    text += "  " + each.property + ": " + each.text + "\n";
  text += "  smaller   " + scenarios::text_of(small.value()) + "\n";
  session.console.result(text);
  return ExitStatus::kFailed;
}

ExitStatus run_campaign(Session& session, const CampaignCommand& command) {
  const auto shard = scenarios::chosen_shard(command.shard, std::getenv);
  if (!shard) return session.fail(shard.error());
  Result<scenarios::Scenario> scenario = chosen_scenario(command.choice, "campaign");
  if (!scenario) return session.fail(scenario.error());
  Result<model::Inventory> inventory = scenarios::load_inventory(scenario.value().inventory);
  if (!inventory) return session.fail(inventory.error());
  const auto durations = scenarios::chosen_durations(command.choice.durations);
  if (!durations) return session.fail(durations.error());
  const Result<Course> course =
      scenarios::prepare_course(scenario.value(), inventory.value(), durations.value());
  if (!course) return session.fail(course.error());
  scenarios::CampaignOptions how;
  how.facts = scenarios::facts_of(course.value(), command.seed, command.runs);
  how.facts.command = command_of(command.choice, "campaign");
  if (Status ready = make_folder(command.report); !ready) return session.fail(ready.error());
  if (command.run > 0) return replay_one(session, command, course.value(), how.facts);
  how.shard = shard.value().shard;
  how.threads = command.threads > 0 ? command.threads : std::thread::hardware_concurrency();
  if (!shard.value().by.empty() && shard.value().by != "--shard")
    session.console.note("part " + std::to_string(how.shard.index) + " of " +
                         std::to_string(how.shard.count) + ", as " + shard.value().by + " says\n");
  catch_interrupts();
  CampaignResult result;
  {
    CampaignResult planned;
    planned.facts = how.facts;
    planned.shard = how.shard;
    Count count(std::cerr, planned.planned(), session.console.is_quiet());
    how.progress = [&](std::int64_t held, std::int64_t failed) {
      count.show(held, failed);
      return !interrupted();
    };
    result = scenarios::hold_campaign(course.value(), how);
  }
  if (Status written = write_result(command, result); !written)
    return session.fail(written.error());
  const auto shrunk =
      write_smaller(course.value(), command.report, result, durations_words(command.choice));
  if (!shrunk) return session.fail(shrunk.error());
  const fs::path page = file_of(command, result.shard, ".html");
  if (Status written =
          scenarios::write_atomically(page, scenarios::campaign_html(result, shrunk.value()));
      !written)
    return session.fail(written.error());
  if (session.json)
    session.console.result(scenarios::to_json(result));
  else
    session.console.result(campaign_text(session.console, result, shrunk.value()) + "  result    " +
                           file_of(command, result.shard, ".json").string() + "\n  page      " +
                           page.string() + "\n");
  if (!result.is_complete()) return ExitStatus::kInterrupted;
  return result.failed == 0 ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void add_campaign(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "campaign", kProve,
      "Hold thousands of rehearsals, each with other faults, on all cores.",
      "  rehydrate campaign --procedure restore --inventory inventory.yaml --runs 10000\n"
      "  rehydrate campaign dr-aws --runs 10000 --shard 2/4 --report out/campaign\n"
      "  rehydrate merge out/*/campaign-*-of-4.json -o campaign.json");
  const auto options = std::make_shared<CampaignCommand>();
  add_scenario_options(*command, options->choice);
  command->add_option("--runs", options->runs, "How many")
      ->check(CLI::Range(std::uint64_t{1}, kRunsMax))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "The same seed tries the same faults")
      ->capture_default_str();
  command->add_option("--run", options->run, "Hold this run alone again, and make it smaller")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, kRunsMax));
  command
      ->add_option("--shard", options->shard,
                   "Hold a part: 2/4; without it, what GitLab or a Slurm array says; with /4, what "
                   "a Kubernetes Indexed Job says, too")
      ->type_name("I/N");
  command
      ->add_option("--threads", options->threads,
                   "Instead of one for each core; no result depends on it")
      ->check(CLI::Range(1U, 1024U));
  command
      ->add_option("--report", options->report,
                   "Where the result, its page and failing scenarios go")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--junit", options->junit, "Write a JUnit report here")->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_campaign(session, *options); };
  });
}

}  // namespace wme::cli
