#include "simulators/launchpad/launchpad_front.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/core/envelope.hpp"
#include "simulators/core/profile_fidelity.hpp"

namespace wme::simulators {

using nlohmann::json;

namespace {

/// Operations that need no session.
bool is_open(std::string_view operation) {
  return operation == "login" || operation == "ping" || operation == "metrics";
}

}  // namespace

LaunchpadFront::LaunchpadFront(World& world, const model::ApiProfile& profile, Logins logins)
    : ProfileFront(world, profile.launchpad, "launchpad"),
      backend_(world, profile.launchpad),
      logins_(std::move(logins)) {}

const std::map<std::string, LaunchpadFront::Handler, std::less<>>& LaunchpadFront::handlers() {
  using F = LaunchpadFront;
  static const std::map<std::string, Handler, std::less<>> all = {
      {"login", &F::login},
      {"ping", &F::ping},
      {"metrics", &F::metrics},
      {"listShards", &F::shards},
      {"listInstances", &F::instances},
      {"getInstance", &F::instance},
      {"instanceHealth", &F::instance_health},
      {"stopInstance", &F::instance_action},
      {"startInstance", &F::instance_action},
      {"passivateInstance", &F::instance_action},
      {"patchInstance", &F::instance_action},
      {"syncInstance", &F::instance_action},
      {"testInstance", &F::test_instance},
      {"createInstance", &F::create_instance},
      {"editInstance", &F::edit_instance},
      {"deleteInstance", &F::delete_instance},
      {"listContainers", &F::containers},
      {"hibernateContainer", &F::container_action},
      {"passivateContainer", &F::container_action},
      {"activateContainer", &F::container_action},
      {"hibernateAll", &F::hibernate_all},
      {"restrictLogin", &F::restrict_login},
      {"loginRestriction", &F::login_restriction},
      {"listLicenses", &F::licenses},
      {"listVcsConfigs", &F::vcs_configs},
      {"listProjects", &F::projects},
      {"getProject", &F::project},
      {"getStudioProject", &F::project},
      {"getWorkspaceProject", &F::project},
      {"listUserProjects", &F::user_projects},
      {"deployInPlace", &F::deploy},
  };
  return all;
}

FidelityLedger LaunchpadFront::fidelity(const model::ApiProfile& profile) {
  FidelityLedger ledger =
      profile_fidelity("Launchpad",
                       "The REST API of the Platform, as the built-in API profile has it; an "
                       "operator may replace the profile, and driver and simulator follow it. What "
                       "WaveMaker does not publish is assumed.",
                       profile.launchpad);
  ledger.entries.push_back(
      fidelity_of("a session", "cookie of login",
                  {"Assumption: it ends after 30 minutes, and with its Platform",
                   "The real limit is a setting of the installation."}));
  ledger.entries.push_back(
      fidelity_of("an error", "envelope",
                  {"Assumption: one error with an id and a message; success is seen",
                   "Status codes by the rules of REST: 401, 404, 409, 503."}));
  ledger.entries.push_back(
      fidelity_of("an asynchronous action", "202 and a task",
                  {"Assumption: the answer names a task; what came of it is read from the "
                   "container or instance",
                   "How long it takes is the model's, not that of a loaded machine."}));
  ledger.entries.push_back(fidelity_of(
      "metrics", "names in the text", {"vendor page: PRO", "Those of containers and slots only."}));
  return ledger;
}

HttpResponse LaunchpadFront::answer(const ProfileRequest& request) {
  if (!backend_.serving_platform())
    return no(503, "service.down", "the services of the Platform do not run");
  if (!is_open(request.operation) && !logged_in(request.http))
    return no(401, "not.authenticated", "log in first");
  return (this->*handlers().at(request.operation))(request);
}

bool LaunchpadFront::logged_in(const HttpRequest& request) {
  return sessions_.holds(world(), *backend_.serving_platform(),
                         cookie_of(request, profile().field("cookie")));
}

HttpResponse LaunchpadFront::no(int status, std::string_view id, std::string_view message) const {
  return failure(profile(), status, id, message);
}

HttpResponse LaunchpadFront::accepted(const Result<std::string>& task) const {
  if (!task) return failure(profile(), task.error());
  return success(profile(), {{profile().field("task.id"), task.value()}}, 202);
}

HttpResponse LaunchpadFront::login(const ProfileRequest& request) {
  const Form form = parse_form(request.http.body);
  const auto is = [&form, this](const char* field, const std::string& expected) {
    const auto at = form.find(profile().field(field));
    return at != form.end() && at->second == expected;
  };
  if (!is("login.user", logins_.launchpad_user) ||
      !is("login.password", logins_.launchpad_password))
    return no(401, "bad.credentials", "user or password is wrong");
  const std::string cookie = sessions_.open(world(), *backend_.serving_platform());
  return {302,
          {{"Set-Cookie", profile().field("cookie") + "=" + cookie + "; Path=/; HttpOnly"},
           {"Location", "/"}},
          "",
          false};
}

HttpResponse LaunchpadFront::ping(const ProfileRequest&) {
  return {200, {{"Content-Type", "text/plain"}}, "pong", false};
}

/// Names of the metrics: [doc: PRO].
HttpResponse LaunchpadFront::metrics(const ProfileRequest&) {
  int active = 0;
  int used = 0;
  int slots = 0;
  for (const model::Container* each : backend_.containers("studio"))
    active += backend_.row(*each).run == "running" ? 1 : 0;
  for (const InstanceRow& each : backend_.instances()) {
    if (each.shard != "studio" || each.record != "started") continue;
    used += each.used;
    slots += each.slots;
  }
  std::string text;
  for (const auto& [name, value] :
       {std::pair{"up", 1}, std::pair{"wm_active_users", active},
        std::pair{"wm_used_user_allocations", used},
        std::pair{"wm_available_user_allocations", std::max(0, slots - used)}})
    text += std::string("# TYPE ") + name + " gauge\n" + name + " " + std::to_string(value) + "\n";
  return {200, {{"Content-Type", "text/plain; version=0.0.4"}}, text, false};
}

HttpResponse LaunchpadFront::restrict_login(const ProfileRequest& request) {
  const json body = json::parse(request.http.body, nullptr, /*allow_exceptions=*/false);
  const auto& field = profile().field("gate.enabled");
  if (!body.is_object() || !body.contains(field) || !body[field].is_boolean())
    return no(400, "invalid.request", "the body is not {\"" + field + "\": true or false}");
  const Status done = backend_.set_restriction(body[field].get<bool>(), request.door);
  if (!done) return failure(profile(), done.error());
  return login_restriction(request);
}

HttpResponse LaunchpadFront::login_restriction(const ProfileRequest&) {
  const std::string& gate = world().value("gate", {});
  return success(profile(), {{profile().field("gate.enabled"), gate != "open"},
                             {profile().field("gate.state"), profile().word("gate." + gate)}});
}

HttpResponse LaunchpadFront::licenses(const ProfileRequest& request) {
  const bool active = backend_.license_active(request.door);
  const json license = {
      {profile().field("license.status"),
       profile().word(active ? "license.active" : "license.unknown")},
      {profile().field("license.developers"), world().installation().inventory.license_developers},
      {profile().field("license.effective"), "2026-01-01"},
      {profile().field("license.expires"), "2027-12-31"}};
  return success(profile(), json::array({license}));
}

HttpResponse LaunchpadFront::vcs_configs(const ProfileRequest&) {
  const model::Platform& platform = world().installation().inventory.platform;
  const bool moved = world().is("vcs_database", {}, "new-address");
  const std::string& address =
      moved && !platform.new_address.empty() ? platform.new_address : platform.address;
  const json config = {{profile().field("vcs.id"), 1},
                       {profile().field("vcs.provider"), profile().word("vcs.provider")},
                       {profile().field("vcs.version"), nullptr},  // not public (wme.md 1.5)
                       {profile().field("vcs.baseUrl"), "http://" + address + ":8081"},
                       {profile().field("vcs.default"), true},
                       {profile().field("vcs.builtIn"), true}};
  return success(profile(), json::array({config}));
}

}  // namespace wme::simulators
