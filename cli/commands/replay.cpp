#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/traces.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

struct ReplayOptions {
  std::string trace;
  std::string plan;
  std::string inventory;
  bool model_only = false;
  bool in_process = false;
};

/// A folder for the simulated hosts' SSH keys, gone with the object.
class KeyFolder {
 public:
  KeyFolder() {
    std::error_code ignored;
    path_ = (fs::temp_directory_path(ignored) / "rehydrate-replay-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) {
      why_ = path_ + ": " + std::strerror(errno);
      path_.clear();
    }
  }
  ~KeyFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  KeyFolder(const KeyFolder&) = delete;
  KeyFolder& operator=(const KeyFolder&) = delete;
  const std::string& path() const { return path_; }
  const std::string& why_not() const { return why_; }

 private:
  std::string path_;
  std::string why_;
};

Result<scenarios::StagedReplay> staged(const model::Inventory& inventory,
                                       const model::GroundPlan& plan,
                                       const model::BoundTrace& bound,
                                       const ReplayOptions& options) {
  const KeyFolder folder;
  if (folder.path().empty())
    return Error{ErrorCode::kFailed, "no temporary folder for the simulators' keys: " +
                                         folder.why_not() + "; set TMPDIR to one"};
  scenarios::RehearsalOptions how;
  how.wire = options.in_process ? scenarios::Wire::kInProcess : scenarios::Wire::kSockets;
  how.directory = folder.path();
  return scenarios::replay_on_stage(inventory, plan, bound, how);
}

ExitStatus run_replay(Session& session, const ReplayOptions& options) {
  const Result<std::string> text = read_text(options.trace, "the trace", model::kTraceBytesMax);
  if (!text) return session.fail(text.error());
  const std::string name = options.trace == "-" ? "stdin" : options.trace;
  const Result<model::TraceFile> file = model::parse_trace(text.value(), name);
  if (!file) return session.fail(file.error());
  const Result<PlanWithModel> read = read_plan_with_model(options.plan, options.inventory);
  if (!read) return session.fail(read.error());
  const model::Inventory& inventory = read.value().inventory.inventory;
  Result<model::GroundPlan> ground =
      model::GroundPlan::of(*read.value().model, read.value().plan.plan);
  if (!ground) return session.fail(ground.error());
  const Result<model::BoundTrace> bound = bind_trace(file.value(), ground.value(), name);
  if (!bound) return session.fail(bound.error());
  const std::vector<model::TimelineRow> timeline = timeline_of(ground.value(), bound.value());
  ReplayReport report{file.value(), bound.value(), timeline};
  Result<scenarios::StagedReplay> on_stage = scenarios::StagedReplay{};
  if (!options.model_only) {
    on_stage = staged(inventory, ground.value(), bound.value(), options);
    if (!on_stage) return session.fail(on_stage.error());
    report.staged = &on_stage.value();
  }
  session.console.result(session.json ? replay_json(report) : replay_text(session.console, report));
  return report.reproduced() ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void add_replay(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "replay", kProve,
      "Watch a counterexample: in the model, then on the simulators over sockets.",
      "  rehydrate verify plan.json --inventory inventory.yaml --traces traces\n"
      "  rehydrate replay traces/1-INV-05.trace.json --plan plan.json --inventory inventory.yaml");
  const auto options = std::make_shared<ReplayOptions>();
  command
      ->add_option("TRACE", options->trace,
                   "A file that `rehydrate verify --traces` wrote; - for stdin")
      ->required();
  command->add_option("-p,--plan", options->plan, "The plan that it breaks")
      ->type_name("FILE")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it was made from")
      ->type_name("FILE")
      ->required();
  CLI::Option* model_only =
      command->add_flag("--model-only", options->model_only, "Ask the model, start no simulator");
  command
      ->add_flag("--in-process", options->in_process,
                 "Hand the requests to the simulators in memory instead of over sockets")
      ->excludes(model_only);
  command->callback([&session, options] {
    session.run = [&session, options] { return run_replay(session, *options); };
  });
}

}  // namespace wme::cli
