#include "executor/drivers/config_wizard/config_wizard_port.hpp"

#include <map>
#include <utility>

#include "executor/transport/rest_session.hpp"

namespace wme::executor {

using nlohmann::json;

namespace {

const std::string kOld = "platform";
const std::string kNew = "platform-new";
constexpr const char* kConfigId = "1";  // [script: PI]

/// What the portal's first page says, open to all.
struct Setup {
  bool configured = false;
  std::optional<std::string> state;  ///< our word; none when the portal does not tell
  std::string seen;
};

struct Installation {
  std::string state;  ///< as the ConfigWizard writes it; empty: there is none yet
  std::string progress;
};

LoginRules login_rules(const model::SystemProfile& profile, Secret password) {
  auto payload = [&profile, password = std::move(password)] {
    return json_payload({{profile.field("login.name"), profile.word("login.admin")},
                         {profile.field("login.password"), password.reveal()}});
  };
  return {"login", payload, ""};  // whatever cookies it sets are sent back [script: PI]
}

}  // namespace

PlatformLocator locate_by_machines(SystemPort& machines) {
  return [&machines]() -> Result<std::optional<std::string>> {
    const auto seen = machines.observe({{"address", {}}, {"power", {kOld}}, {"power", {kNew}}});
    if (!seen) return seen.error();
    const auto value = [&seen](std::size_t i) { return seen.value().at(i).value.value_or(""); };
    const bool old_runs = value(1) == "running";
    const bool new_runs = value(2) == "running";
    if (value(0) == "new-platform" && new_runs) return std::optional(kNew);
    if (value(0) == "old-platform" && old_runs) return std::optional(kOld);
    if (old_runs != new_runs) return std::optional(new_runs ? kNew : kOld);
    return std::optional<std::string>();
  };
}

class ConfigWizardPort::Impl {
 public:
  Impl(HttpTransport& transport, const model::ApiProfile& profile, ConfigWizardAccess access,
       PlatformLocator locator)
      : profile_(profile.config_wizard),
        one_address_(access.base == access.new_base),
        locator_(std::move(locator)),
        old_(transport, profile_, "ConfigWizard", access.base,
             login_rules(profile_, access.password)),
        new_(transport, profile_, "ConfigWizard", access.new_base,
             login_rules(profile_, access.password)) {}

  Result<std::string> perform(const Call& call);
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables);

 private:
  RestSession& session(const std::string& platform) { return platform == kNew ? new_ : old_; }
  Status answers(const std::string& platform);
  Result<std::string> enter(const std::string& platform);
  Result<std::string> run(const std::string& platform, const char* action);
  Result<Setup> setup(const std::string& platform);
  Result<Installation> installation(const std::string& platform);
  Result<Observation> see(const Variable& variable);
  Result<Observation> see_installation(const Variable& variable);

  const model::SystemProfile& profile_;
  bool one_address_;
  PlatformLocator locator_;
  RestSession old_;
  RestSession new_;
};

Status ConfigWizardPort::Impl::answers(const std::string& platform) {
  if (!one_address_) return Done{};
  const Result<std::optional<std::string>> who = locator_();
  if (!who) return who.error();
  if (who.value() == platform) return Done{};
  return Error{ErrorCode::kUnreachable,
               "ConfigWizard of " + platform + ": its address belongs to " +
                   who.value().value_or("no running Platform") + " now; observe, then plan again"};
}

Result<std::string> ConfigWizardPort::Impl::perform(const Call& call) {
  static const std::map<std::string, const char*> actions = {{"stop-services", "action.stop"},
                                                             {"start-services", "action.start"},
                                                             {"sync-setup", "action.sync"}};
  const auto action = actions.find(call.action);
  if (action == actions.end() && call.action != "enter-portal")
    return Error{ErrorCode::kInvalid, call.action + ": ConfigWizard's driver has no such action"};
  if (call.arguments.size() != 1 || (call.arguments[0] != kOld && call.arguments[0] != kNew))
    return Error{ErrorCode::kInvalid, call.action + ": its one argument is a Platform"};
  const std::string& platform = call.arguments[0];
  if (const Status there = answers(platform); !there) return there.error();
  return action == actions.end() ? enter(platform) : run(platform, action->second);
}

/// B11. A page that asks for a first password means that /wm-runtime did not come back: setting one
/// would begin a fresh installation over the data (INV-39).
Result<std::string> ConfigWizardPort::Impl::enter(const std::string& platform) {
  const Result<Setup> found = setup(platform);
  if (!found) return found.error();
  if (!found.value().configured)
    return Error{ErrorCode::kBlocked,
                 "enter-portal " + platform +
                     ": the ConfigWizard asks for a first password, so "
                     "/wm-runtime did not come back (INV-39); set none, check the mounts"};
  const Status in = session(platform).log_in();
  if (!in) return in.error();
  return std::string("the previous password opens the portal of ") + platform;
}

Result<std::string> ConfigWizardPort::Impl::run(const std::string& platform, const char* action) {
  const std::string& word = profile_.word(action);
  const json body = {
      {profile_.field("config.id"), kConfigId},
      {profile_.field("installation.action"), {{profile_.field("action.name"), word}}}};
  const Result<json> answer = session(platform).change("runAction", {}, json_payload(body));
  if (!answer) return answer.error();
  return word + " accepted";
}

Result<Setup> ConfigWizardPort::Impl::setup(const std::string& platform) {
  const Result<json> answer = session(platform).read("getSetup", {}, /*with_login=*/false);
  if (!answer) return answer.error();
  Setup found;
  found.configured = text_field(answer.value(), profile_.field("setup.configured")) == "true";
  found.seen = text_field(answer.value(), profile_.field("setup.state"));
  if (!found.seen.empty()) found.state = profile_.meaning("setup", found.seen);
  return found;
}

Result<Installation> ConfigWizardPort::Impl::installation(const std::string& platform) {
  const Result<json> answer = session(platform).read("listInstallations", {{"active", "true"}});
  if (!answer) return answer.error();
  if (!answer.value().is_array() || answer.value().empty()) return Installation{};
  const json& first = answer.value().front();
  const json action =
      first.is_object() ? first.value(profile_.field("installation.action"), json()) : json();
  return Installation{text_field(first, profile_.field("installation.state")),
                      text_field(action, profile_.field("action.progress"))};
}

Result<std::vector<Observation>> ConfigWizardPort::Impl::observe(
    const std::vector<Variable>& variables) {
  std::vector<Observation> seen;
  for (const Variable& each : variables) {
    Result<Observation> one = see(each);
    if (!one && one.error().code != ErrorCode::kUnreachable) return one.error();
    seen.push_back(one ? std::move(one).value() : Observation{each, {}, one.error().message});
  }
  return seen;
}

Result<Observation> ConfigWizardPort::Impl::see(const Variable& variable) {
  if (variable.fluent != "setup" || variable.arguments.size() != 1 ||
      (variable.arguments[0] != kOld && variable.arguments[0] != kNew))
    return Observation{variable, {}, "the ConfigWizard does not show it"};
  const std::string& platform = variable.arguments[0];
  if (const Status there = answers(platform); !there) return there.error();
  const Result<Setup> found = setup(platform);
  if (!found) return found.error();
  if (!found.value().configured) return Observation{variable, "initialized", "not configured yet"};
  // Logging in is a step of its own on a new Platform (B11, never before a migration): not done
  // just to look, as long as the first page tells enough.
  if (found.value().state && found.value().state != "running")
    return Observation{variable, found.value().state, found.value().seen};
  return see_installation(variable);
}

Result<Observation> ConfigWizardPort::Impl::see_installation(const Variable& variable) {
  const Result<Installation> found = installation(variable.arguments[0]);
  if (!found) return found.error();
  const Installation& there = found.value();
  if (there.state.empty()) return Observation{variable, "initialized", "no installation yet"};
  std::optional<std::string> state = profile_.meaning("setup", there.state);
  // Done is RUNNING and 100, never RUNNING alone; 100 comes as a number or as text (wme.md 7-23).
  const bool done = there.progress == std::to_string(profile_.number("progress.done"));
  if (state == "running" && !done) state = "starting";
  return Observation{variable, state, there.state + " " + there.progress + " %"};
}

ConfigWizardPort::ConfigWizardPort(HttpTransport& transport, const model::ApiProfile& profile,
                                   ConfigWizardAccess access, PlatformLocator locator)
    : impl_(std::make_unique<Impl>(transport, profile, std::move(access), std::move(locator))) {}

ConfigWizardPort::~ConfigWizardPort() = default;

Result<std::string> ConfigWizardPort::perform(const Call& call) { return impl_->perform(call); }

Result<std::vector<Observation>> ConfigWizardPort::observe(const std::vector<Variable>& variables) {
  return impl_->observe(variables);
}

}  // namespace wme::executor
