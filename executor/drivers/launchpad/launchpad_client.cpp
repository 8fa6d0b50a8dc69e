#include "executor/drivers/launchpad/launchpad_client.hpp"

#include <charconv>
#include <utility>

#include "model/json/percent.hpp"

namespace wme::executor {

using nlohmann::json;

namespace {

constexpr int kPagesMax = 100'000;

LoginRules login_rules(const model::SystemProfile& profile, LaunchpadAccess access) {
  auto payload = [&profile, access = std::move(access)] {
    const auto pair = [&profile](const char* field, const std::string& value) {
      return model::percent_encode(profile.field(field)) + "=" + model::percent_encode(value);
    };
    return Payload{"application/x-www-form-urlencoded",
                   pair("login.user", access.user) + "&" +
                       pair("login.password", access.password.reveal()) + "&" +
                       pair("login.button", profile.word("login.button"))};
  };
  return {"login", payload, profile.field("cookie")};
}

/// Blank in the lists of both generations: nothing, or dashes (wme.md 2.1).
bool is_blank(const std::string& text) { return text.find_first_not_of('-') == std::string::npos; }

std::optional<int> number_in(const std::string& text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

LaunchpadClient::LaunchpadClient(HttpTransport& transport, const model::SystemProfile& profile,
                                 LaunchpadAccess access)
    : profile_(profile),
      session_(transport, profile, "Launchpad", access.base, login_rules(profile, access)) {}

Result<std::vector<json>> LaunchpadClient::all_pages(std::string_view operation,
                                                     model::Arguments arguments) {
  std::vector<json> rows;
  arguments["size"] = std::to_string(profile_.number("page.max"));
  const int first = profile_.number("page.first");
  for (int page = first; page < first + kPagesMax; ++page) {
    arguments["page"] = std::to_string(page);
    const Result<json> answer = session_.read(operation, arguments);
    if (!answer) return answer.error();
    const json& body = answer.value();
    const json content =
        body.is_object() ? body.value(profile_.field("page.content"), json()) : json();
    const auto total = number_in(text_field(body, profile_.field("page.total")));
    if (!content.is_array() || !total) break;
    for (const json& row : content) rows.push_back(row);
    if (rows.size() >= static_cast<std::size_t>(*total)) return rows;
    if (content.empty()) break;
  }
  return Error{ErrorCode::kFailed, "Launchpad " + std::string(operation) +
                                       ": the list is torn, or not as the API profile says; read "
                                       "it again, then check the profile"};
}

Result<std::map<std::string, ListedContainer>> LaunchpadClient::containers(
    const std::string& shard_id) {
  model::Arguments arguments;
  if (!shard_id.empty()) arguments["shard"] = shard_id;
  const auto rows = all_pages("listContainers", std::move(arguments));
  if (!rows) return rows.error();
  std::map<std::string, ListedContainer> found;
  for (const json& row : rows.value()) {
    ListedContainer each{.id = text_field(row, profile_.field("container.id")),
                         .state = text_field(row, profile_.field("container.state")),
                         .instance = text_field(row, profile_.field("container.instance"))};
    each.has_address = !is_blank(text_field(row, profile_.field("container.ip"))) ||
                       !is_blank(text_field(row, profile_.field("container.port")));
    found.emplace(each.id, each);
  }
  return found;
}

Result<std::vector<ContainerIdentity>> LaunchpadClient::identities() {
  const auto rows = all_pages("listContainers", {});
  if (!rows) return rows.error();
  std::vector<ContainerIdentity> found;
  for (const json& row : rows.value()) {
    const std::string user = text_field(row, profile_.field("container.user"));
    const std::string state = text_field(row, profile_.field("container.state"));
    found.push_back({text_field(row, profile_.field("container.id")),
                     text_field(row, profile_.field("container.shard")),
                     user.empty() ? text_field(row, profile_.field("container.app")) : user,
                     profile_.meaning("container", state).value_or(state)});
  }
  return found;
}

Result<std::map<std::string, ListedInstance>> LaunchpadClient::instances() {
  const auto rows = all_pages("listInstances", {});
  if (!rows) return rows.error();
  std::map<std::string, ListedInstance> found;
  for (const json& row : rows.value()) {
    const ListedInstance each{text_field(row, profile_.field("instance.id")),
                              text_field(row, profile_.field("instance.name")),
                              text_field(row, profile_.field("instance.host")),
                              text_field(row, profile_.field("instance.state"))};
    found.emplace(each.name, each);
  }
  return found;
}

Result<std::vector<HealthCheck>> LaunchpadClient::health(const std::string& instance_id) {
  const Result<json> answer = session_.read("instanceHealth", {{"instanceId", instance_id}});
  if (!answer) return answer.error();
  const json checks = answer.value().is_object()
                          ? answer.value().value(profile_.field("health.checks"), json())
                          : json();
  std::vector<HealthCheck> found;
  for (const json& check : checks)
    found.push_back(
        {text_field(check, profile_.field("check.name")),
         profile_.meaning("check", text_field(check, profile_.field("check.status"))) == "ok",
         text_field(check, profile_.field("check.output"))});
  return found;
}

Result<std::optional<std::string>> LaunchpadClient::gate() {
  const Result<json> answer = session_.read("loginRestriction", {});
  if (!answer) return answer.error();
  return profile_.meaning("gate", text_field(answer.value(), profile_.field("gate.state")));
}

Result<LaunchpadClient::License> LaunchpadClient::license() {
  const Result<json> answer = session_.read("listLicenses", {});
  if (!answer) return answer.error();
  License found;
  if (!answer.value().is_array()) return found;
  for (const json& each : answer.value()) {
    if (profile_.meaning("license", text_field(each, profile_.field("license.status"))) != "active")
      continue;
    found.active = true;
    found.developers +=
        number_in(text_field(each, profile_.field("license.developers"))).value_or(0);
  }
  return found;
}

Result<std::string> LaunchpadClient::act(std::string_view operation, std::string_view placeholder,
                                         const std::string& id) {
  const Result<json> answer = session_.change(operation, {{std::string(placeholder), id}});
  if (!answer) return answer.error();
  return text_field(answer.value(), profile_.field("task.id"));
}

Result<std::string> LaunchpadClient::set_restriction(bool enabled) {
  const Result<json> answer = session_.change(
      "restrictLogin", {}, json_payload({{profile_.field("gate.enabled"), enabled}}));
  if (!answer) return answer.error();
  return std::string(enabled ? "login restricted" : "login open");
}

json LaunchpadClient::to_json(const InstanceDetails& details) const {
  return {{profile_.field("instance.name"), details.name},
          {profile_.field("instance.host"), details.host},
          {profile_.field("instance.port"), std::to_string(profile_.number("instance.sshPort"))},
          {profile_.field("instance.user"), details.user},
          {profile_.field("instance.password"), ""},
          {profile_.field("instance.shard"), details.shard_id}};
}

Payload LaunchpadClient::multipart(const json& details, const std::string& key) const {
  const std::string text = details.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string boundary = "rehydrate";
  while ((text + key).find(boundary) != std::string::npos) boundary += "-x";
  const auto part = [&boundary](const std::string& name, const std::string& type,
                                const std::string& body) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\r\n" +
           "Content-Type: " + type + "\r\n\r\n" + body + "\r\n";
  };
  return {"multipart/form-data; boundary=" + boundary,
          part(profile_.field("instance.details") + "\"", "application/json", text) +
              part(profile_.field("instance.keyFile") + "\"; filename=\"key.pem\"",
                   "application/octet-stream", key) +
              "--" + boundary + "--\r\n"};
}

Result<std::string> LaunchpadClient::add(const InstanceDetails& details, const std::string& key) {
  json body = to_json(details);
  const Result<json> tested = session_.change("testInstance", {}, multipart(body, key));
  if (!tested) {
    // The test changes nothing: however it ended, the instance was not added.
    const Error& error = tested.error();
    const bool lost = error.code == ErrorCode::kUnknownOutcome;
    return Error{lost ? ErrorCode::kUnreachable : error.code, error.message};
  }
  const std::string token = text_field(tested.value(), profile_.field("instance.keyFileToken"));
  if (token.empty())
    return Error{ErrorCode::kFailed, "Launchpad testInstance " + details.name +
                                         ": the answer has no key file token; check the profile"};
  body[profile_.field("instance.keyFileToken")] = token;
  const Result<json> created = session_.change("createInstance", {}, json_payload(body));
  if (!created) return created.error();
  return "added " + details.name + " at " + details.host;
}

}  // namespace wme::executor
