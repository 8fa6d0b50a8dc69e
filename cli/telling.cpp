#include "cli/telling.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "executor/telling/narrator.hpp"
#include "executor/telling/telling.hpp"

namespace wme::cli {

namespace {

constexpr const char* kGroup = "Telling others";

executor::TimePoint wall_time() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::optional<executor::LogOptions> log_options(const TellingOptions& options) {
  if (options.log_file.empty() && options.log_format.empty() && options.log_level.empty())
    return std::nullopt;
  using Format = executor::LogOptions::Format;
  return executor::LogOptions{
      options.log_format == "json" ? Format::kJson : Format::kText, options.log_file,
      executor::severity_from(options.log_level).value_or(executor::Severity::kInfo)};
}

struct Hooks {
  std::vector<executor::WebhookUrl> urls;
  std::optional<executor::Secret> key;
};

Result<Hooks> read_hooks(const TellingOptions& options, const executor::Environment& environment) {
  Hooks hooks;
  for (const std::string& url : options.webhooks) {
    Result<executor::WebhookUrl> parsed = executor::parse_webhook_url(url);
    if (!parsed) return parsed.error();
    hooks.urls.push_back(std::move(parsed).value());
  }
  if (options.webhook_secret.empty()) return hooks;
  if (options.webhooks.empty())
    return Error{ErrorCode::kInvalid, "--webhook-secret signs nothing without a --webhook"};
  const Result<executor::Secret> secret =
      executor::fetch_secret({options.webhook_secret}, "webhook secret", environment);
  if (!secret) return secret.error();
  Result<executor::Secret> key = executor::signing_key(secret.value());
  if (!key) return key.error();
  hooks.key = std::move(key).value();
  return hooks;
}

Result<std::optional<executor::ListenAddress>> read_address(const TellingOptions& options) {
  if (options.metrics_listen.empty()) return std::optional<executor::ListenAddress>();
  const auto at = executor::parse_listen_address(options.metrics_listen);
  if (!at) return at.error();
  return std::optional<executor::ListenAddress>(at.value());
}

/// Beside the journal, or here when that is not a file.
std::string usual_dead_letters(const ToldRun& run) {
  const bool is_file = run.journal.find("://") == std::string::npos;
  return (is_file ? run.journal : run.id) + ".dead-letters.jsonl";
}

std::optional<std::chrono::microseconds> watchdog(const executor::Environment& environment) {
  const auto number = [&](const char* name) -> std::optional<long long> {
    const std::optional<std::string> text = environment(name);
    long long value = 0;
    if (!text) return std::nullopt;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value <= 0)
      return std::nullopt;
    return value;
  };
  // Source: sd_watchdog_enabled(3): without a pid it is meant for whoever reads it.
  if (environment("WATCHDOG_PID") && number("WATCHDOG_PID") != ::getpid()) return std::nullopt;
  const std::optional<long long> time = number("WATCHDOG_USEC");
  if (!time) return std::nullopt;
  return std::chrono::microseconds(*time);
}

void add_service(const executor::Environment& environment, Console& console,
                 executor::TellingSetup& setup) {
  const std::optional<std::string> address = environment("NOTIFY_SOCKET");
  if (!address || address->empty()) return;
  Result<executor::NotifySocket> socket = executor::open_notify_socket(*address);
  if (!socket) return console.warning(socket.error().message);
  setup.notify = std::move(socket).value();
  setup.service.watchdog = watchdog(environment);
}

}  // namespace

void add_telling_options(CLI::App& command, TellingOptions& options) {
  command
      .add_option("--log-format", options.log_format,
                  "Write a line for each event: text, or json for machines")
      ->check(CLI::IsMember({"text", "json"}))
      ->group(kGroup);
  command.add_option("--log-file", options.log_file, "Append them to this file, not to stderr")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option("--log-level", options.log_level,
                  "Only what is as severe: debug, info (the default), warning, error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->group(kGroup);
  command
      .add_option("--metrics-file", options.metrics_file,
                  "Keep metrics here, for node_exporter's textfile collector")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option("--metrics-listen", options.metrics_listen,
                  "Answer Prometheus here; a port alone is on 127.0.0.1")
      ->type_name("[ADDRESS:]PORT")
      ->group(kGroup);
  command
      .add_option("--webhook", options.webhooks,
                  "Post each event there, as a CloudEvent; repeatable")
      ->type_name("URL")
      ->allow_extra_args(false)
      ->group(kGroup);
  command
      .add_option("--webhook-secret", options.webhook_secret,
                  "Sign them with it: env:NAME, file:PATH or credential:NAME")
      ->type_name("WHERE")
      ->group(kGroup);
  command
      .add_option("--webhook-dead-letters", options.dead_letters,
                  "Keep what no webhook took here; usually beside the journal")
      ->type_name("FILE")
      ->group(kGroup);
}

Status check_telling_options(const TellingOptions& options,
                             const executor::Environment& environment) {
  if (const auto address = read_address(options); !address) return address.error();
  if (const Result<Hooks> hooks = read_hooks(options, environment); !hooks) return hooks.error();
  return Done{};
}

struct RunTelling::Impl {
  std::unique_ptr<executor::Telling> telling;
  executor::Narrator narrator;
  bool to_stderr = false;
  std::chrono::milliseconds flush_max;
  bool is_open = false;  ///< it has begun, and nobody said how it ended
  executor::TimePoint last = {};
};

Result<std::unique_ptr<RunTelling>> RunTelling::start(const TellingOptions& options,
                                                      const ToldRun& run,
                                                      const executor::Environment& environment,
                                                      Console& console) {
  executor::TellingSetup setup;
  setup.log = log_options(options);
  setup.metrics_file = options.metrics_file;
  const auto address = read_address(options);
  if (!address) return address.error();
  setup.metrics_listen = address.value();
  Result<Hooks> hooks = read_hooks(options, environment);
  if (!hooks) return hooks.error();
  setup.webhooks = std::move(hooks.value().urls);
  setup.webhook_key = std::move(hooks.value().key);
  if (!setup.webhooks.empty() && !setup.webhook_key)
    console.note(
        "Events to webhooks are not signed: their receivers cannot know whose they are; sign them "
        "with --webhook-secret\n");
  setup.dead_letters =
      options.dead_letters.empty() ? usual_dead_letters(run) : options.dead_letters;
  add_service(environment, console, setup);
  setup.installation = run.plan.installation;
  setup.procedure = run.plan.procedure;
  setup.version = WME_VERSION;
  setup.wall_clock = wall_time;
  const bool to_stderr = setup.log && setup.log->file.empty();
  Result<std::unique_ptr<executor::Telling>> telling = executor::Telling::start(std::move(setup));
  if (!telling) return telling.error();
  if (const std::string url = telling.value()->metrics_url(); !url.empty())
    console.note("Metrics: " + url + "\n");
  return std::unique_ptr<RunTelling>(new RunTelling(std::make_unique<Impl>(
      Impl{std::move(telling).value(), executor::Narrator(run.id, run.plan, run.done), to_stderr,
           options.flush_max})));
}

RunTelling::RunTelling(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunTelling::~RunTelling() {
  if (impl_->is_open)
    tell({executor::RunEvent::Kind::kRunEnded, impl_->last, executor::RunEvent::kNoStep,
          "failed: it could not go on; rehydrate status says how far it came"});
  impl_->telling->finish(impl_->flush_max);
}

void RunTelling::tell(const executor::RunEvent& event) {
  using Kind = executor::RunEvent::Kind;
  if (event.kind == Kind::kRunStarted || event.kind == Kind::kResumed) impl_->is_open = true;
  if (event.kind == Kind::kRunEnded) impl_->is_open = false;
  impl_->last = event.at;
  impl_->telling->tell(impl_->narrator.told(event));
}
void RunTelling::turn_to(const model::Plan& plan) { impl_->narrator.turn_to(plan); }
void RunTelling::stopping() { impl_->telling->stopping(); }
void RunTelling::finish(Console& console) {
  for (const std::string& complaint : impl_->telling->finish(impl_->flush_max))
    console.warning("not everybody was told everything: " + complaint);
}
bool RunTelling::logs_to_stderr() const { return impl_->to_stderr; }

}  // namespace wme::cli
