#include "simulators/config_wizard/config_wizard_front.hpp"

#include <utility>

#include "simulators/core/envelope.hpp"
#include "simulators/core/profile_fidelity.hpp"

namespace wme::simulators {

using nlohmann::json;

namespace {

constexpr std::string_view kConfigId = "1";  // [script: PI]

json body_of(const ProfileRequest& request) {
  return json::parse(request.http.body, nullptr, /*allow_exceptions=*/false);
}

std::string text_of(const json& object, const std::string& field) {
  if (!object.is_object()) return "";
  const auto at = object.find(field);
  return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

}  // namespace

ConfigWizardFront::ConfigWizardFront(World& world, const model::ApiProfile& profile, Logins logins)
    : ProfileFront(world, profile.config_wizard, "config-wizard"),
      backend_(world, profile.config_wizard, std::move(logins.config_wizard_password)) {}

HttpResponse ConfigWizardFront::no(int status, std::string_view id,
                                   std::string_view message) const {
  return failure(profile(), status, id, message);
}

FidelityLedger ConfigWizardFront::fidelity(const model::ApiProfile& profile) {
  FidelityLedger ledger = profile_fidelity(
      "ConfigWizard",
      "The portal on port 8080 of the Platform, as the built-in API profile has it.",
      profile.config_wizard);
  ledger.entries.push_back(
      fidelity_of("a session", "cookie of login",
                  {"Assumption: it ends after 30 minutes, and with its Platform", ""}));
  ledger.entries.push_back(fidelity_of(
      "the order of services", "start and stop",
      {"Assumption: started in the order in which they are shown, stopped in reverse", ""}));
  return ledger;
}

HttpResponse ConfigWizardFront::answer(const ProfileRequest& request) {
  const auto platform = backend_.answering_platform();
  if (!platform) return no(503, "service.down", "no ConfigWizard runs at this address");
  if (request.operation == "getSetup") return setup(*platform);
  if (request.operation == "setPassword") return set_password(request, *platform);
  if (request.operation == "login") return login(request, *platform);
  const std::string cookie = cookie_of(request.http, profile().field("cookie"));
  if (!sessions_.holds(world(), *platform, cookie))
    return no(401, "not.authenticated", "log in first");
  return closed(request, *platform);
}

/// What needs a session.
HttpResponse ConfigWizardFront::closed(const ProfileRequest& request, const std::string& platform) {
  if (request.operation == "listInstallations") return installations(platform);
  if (request.operation == "runAction") return run_action(request, platform);
  if (request.operation == "configure") return configure(request);
  return configuration(request);
}

HttpResponse ConfigWizardFront::setup(const std::string& platform) {
  return success(profile(), {{profile().field("setup.configured"), backend_.configured(platform)},
                             {profile().field("setup.state"),
                              profile().word("setup." + backend_.state(platform))}});
}

HttpResponse ConfigWizardFront::set_password(const ProfileRequest& request,
                                             const std::string& platform) {
  const auto given = request.query.find("password");
  const std::string password = given == request.query.end() ? "" : given->second;
  const Status set = backend_.set_password(platform, password, request.door);
  if (!set) return failure(profile(), set.error());
  return json_response(200, json::object());
}

HttpResponse ConfigWizardFront::login(const ProfileRequest& request, const std::string& platform) {
  const json body = body_of(request);
  const bool known =
      text_of(body, profile().field("login.name")) == profile().word("login.admin") &&
      backend_.right_password(platform, text_of(body, profile().field("login.password")));
  if (!known) return no(401, "bad.credentials", "user or password is wrong");
  backend_.entered(platform, request.door);
  HttpResponse response = json_response(200, json::object());
  response.headers.emplace_back(
      "Set-Cookie",
      profile().field("cookie") + "=" + sessions_.open(world(), platform) + "; Path=/; HttpOnly");
  return response;
}

/// An array without an envelope: so the vendor's own automation reads it [script: PI].
HttpResponse ConfigWizardFront::installations(const std::string& platform) {
  json groups = json::array();
  for (const ServiceGroup& each : backend_.groups(platform))
    groups.push_back({{profile().field("group.name"), each.name},
                      {profile().field("group.state"), profile().word("group." + each.state)}});
  const json action = {
      {profile().field("action.name"), profile().word("action." + backend_.action(platform))},
      {profile().field("action.progress"), backend_.progress(platform)}};
  const json installation = {
      {profile().field("installation.id"), "1"},
      {profile().field("config.id"), kConfigId},
      {profile().field("installation.version"), backend_.version(platform)},
      {profile().field("installation.installedOn"), nullptr},
      {profile().field("installation.state"), profile().word("setup." + backend_.state(platform))},
      {profile().field("installation.action"), action},
      {profile().field("installation.groups"), std::move(groups)}};
  return json_response(200, json::array({installation}));
}

HttpResponse ConfigWizardFront::run_action(const ProfileRequest& request,
                                           const std::string& platform) {
  const json body = body_of(request);
  const std::string& field = profile().field("installation.action");
  const json action = body.is_object() ? body.value(field, json()) : json();
  const std::string word = text_of(action, profile().field("action.name"));
  const auto meaning = profile().meaning("action", word);
  if (text_of(body, profile().field("config.id")) != kConfigId || !meaning)
    return no(400, "invalid.request", "the configuration or the action does not exist");
  const Status done = backend_.run(platform, *meaning, request.door);
  if (!done) return failure(profile(), done.error());
  return json_response(200, json::object());
}

HttpResponse ConfigWizardFront::configure(const ProfileRequest& request) {
  json body = body_of(request);
  for (const char* needed : {"config.enterprise", "config.studioDomain", "config.appsDomain"})
    if (text_of(body, profile().field(needed)).empty())
      return no(400, "invalid.request", profile().field(needed) + " is missing");
  json& admin = body[profile().field("config.admin")];
  if (!admin.is_object() ||
      !fits_password_rule(text_of(admin, profile().field("config.adminPassword"))))
    return no(400, "invalid.request", "the first user's password does not fit the rule");
  admin.erase(profile().field("config.adminPassword"));
  configuration_ = std::move(body);
  return json_response(200, {{profile().field("config.id"), kConfigId}});
}

json ConfigWizardFront::stored_configuration() const {
  if (!configuration_.is_null()) return configuration_;
  const model::Inventory& inventory = world().installation().inventory;
  return {{profile().field("config.setupType"), profile().word("setupType.express")},
          {profile().field("config.environment"), profile().word("environment.production")},
          {profile().field("config.products"), {profile().word("product.studio")}},
          {profile().field("config.studioDomain"), inventory.studio_domain},
          {profile().field("config.appsDomain"), inventory.apps_domain},
          {profile().field("config.auth"), profile().word("authSetup.db")},
          {profile().field("config.vcs"), profile().word("repoSetup.default")},
          {profile().field("config.mail"), profile().word("repoSetup.default")}};
}

HttpResponse ConfigWizardFront::configuration(const ProfileRequest& request) {
  if (request.path.at("configId") != kConfigId)
    return no(404, "not.found", "there is no such configuration");
  return success(profile(), stored_configuration());
}

}  // namespace wme::simulators
