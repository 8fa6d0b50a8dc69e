#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

#include "simulators/core/envelope.hpp"
#include "simulators/launchpad/launchpad_front.hpp"

/// Launchpad's routes for shards, instances and containers.
namespace wme::simulators {

using nlohmann::json;

namespace {

constexpr int kStudioSlotMb = 1024;
constexpr int kAppSlotMb = 768;  // "Mid ( 768 MB )" [shot: pipeline-configuration.png]

/// A whole number from a query; `otherwise` when it is not given, none when it is no number.
std::optional<int> number_of(const model::Arguments& query, std::string_view word, int otherwise) {
  const auto at = query.find(word);
  if (at == query.end()) return otherwise;
  int value = 0;
  const char* end = at->second.data() + at->second.size();
  const auto read = std::from_chars(at->second.data(), end, value);
  if (at->second.empty() || read.ptr != end || value < 0) return std::nullopt;
  return value;
}

std::string text_of(const json& object, const std::string& field) {
  const auto at = object.find(field);
  if (at == object.end()) return "";
  if (at->is_string()) return at->get<std::string>();
  return at->is_null() ? "" : at->dump();
}

/// ISO 8601 in UTC, to the second.
std::string timestamp(TimePoint at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const std::time_t time = std::chrono::system_clock::to_time_t(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

}  // namespace

/// `row(i)` describes the i-th of `total` entries; only those of the page are asked for.
HttpResponse LaunchpadFront::page(const ProfileRequest& request, std::size_t total,
                                  const std::function<json(std::size_t)>& row) const {
  const int first = profile().number("page.first");
  const auto number = number_of(request.query, "page", first);
  const auto size = number_of(request.query, "size", profile().number("page.size"));
  if (!number || !size || *number < first || *size < 1)
    return no(400, "invalid.request", "page or size is not a number that exists");
  const auto length = static_cast<std::size_t>(std::min(*size, profile().number("page.max")));
  const std::size_t begin = static_cast<std::size_t>(*number - first) * length;
  json content = json::array();
  for (std::size_t i = begin; i < std::min(total, begin + length); ++i) content.push_back(row(i));
  return success(profile(), {{profile().field("page.content"), std::move(content)},
                             {profile().field("page.total"), total}});
}

/// The shard that the query names, by our word; "" when it names none.
Result<std::string> LaunchpadFront::asked_shard(const ProfileRequest& request) const {
  const auto at = request.query.find("shard");
  if (at == request.query.end() || at->second.empty()) return std::string();
  const auto name = backend_.shard_name(at->second);
  if (!name) return Error{ErrorCode::kNotFound, "there is no shard " + at->second};
  return *name;
}

HttpResponse LaunchpadFront::shards(const ProfileRequest&) {
  const model::Inventory& inventory = world().installation().inventory;
  json list = json::array();
  for (const model::Shard& each : inventory.shards) {
    const bool studio = each.name == "studio";
    const std::string& domain = studio ? inventory.studio_domain : inventory.apps_domain;
    list.push_back({{profile().field("shard.id"), each.id},
                    {profile().field("shard.name"), profile().word("shard." + each.name)},
                    {profile().field("shard.type"),
                     profile().word(studio ? "shardType.studio" : "shardType.app")},
                    {profile().field("shard.baseUrl"), "http://" + domain},
                    {profile().field("shard.containerSize"), studio ? kStudioSlotMb : kAppSlotMb}});
  }
  return success(profile(), list);
}

json LaunchpadFront::describe(const InstanceRow& row) const {
  const int slot_mb = row.shard == "studio" ? kStudioSlotMb : kAppSlotMb;
  return {{profile().field("instance.id"), row.id},
          {profile().field("instance.name"), row.name},
          {profile().field("instance.host"), row.host},
          {profile().field("instance.port"), std::to_string(profile().number("instance.sshPort"))},
          {profile().field("instance.user"), row.user},
          {profile().field("instance.shard"), backend_.shard_id(row.shard)},
          {profile().field("instance.state"), profile().word("instance." + row.record)},
          {profile().field("instance.health"), profile().word("health." + row.health)},
          {profile().field("instance.capacity"), row.slots * slot_mb},
          {profile().field("instance.used"), row.used},
          {profile().field("instance.available"), std::max(0, row.slots - row.used)},
          {profile().field("instance.version"), backend_.version()}};
}

HttpResponse LaunchpadFront::instances(const ProfileRequest& request) {
  const Result<std::string> shard = asked_shard(request);
  if (!shard) return failure(profile(), shard.error());
  std::vector<InstanceRow> rows = backend_.instances();
  if (!shard.value().empty())
    std::erase_if(rows, [&](const InstanceRow& row) { return row.shard != shard.value(); });
  return page(request, rows.size(), [&](std::size_t i) { return describe(rows[i]); });
}

HttpResponse LaunchpadFront::instance(const ProfileRequest& request) {
  const auto row = backend_.instance(request.path.at("instanceId"));
  if (!row) return failure(profile(), row.error());
  return success(profile(), describe(row.value()));
}

HttpResponse LaunchpadFront::instance_health(const ProfileRequest& request) {
  const auto row = backend_.instance(request.path.at("instanceId"));
  if (!row) return failure(profile(), row.error());
  const bool green = backend_.health(row.value(), request.door);
  std::vector<std::string> names = profile().words_of("healthCheck");
  if (row.value().shard == "studio")
    for (std::string& name : profile().words_of("studioCheck")) names.push_back(std::move(name));
  json checks = json::array();
  for (const std::string& name : names) {
    // One missing tick makes the panel red: the Passivation Check, which A06 depends on (INV-08).
    const bool ticked = green || name != profile().word("healthCheck.06");
    checks.push_back(
        {{profile().field("check.name"), name},
         {profile().field("check.status"), profile().word(ticked ? "check.ok" : "check.failed")},
         {profile().field("check.output"),
          ticked ? "" : "the backup server did not get the test file"}});
  }
  return success(profile(), {{profile().field("health.validated"), timestamp(world().now())},
                             {profile().field("health.checks"), checks}});
}

HttpResponse LaunchpadFront::instance_action(const ProfileRequest& request) {
  const auto row = backend_.instance(request.path.at("instanceId"));
  if (!row) return failure(profile(), row.error());
  if (request.operation == "stopInstance")
    return accepted(backend_.stop(row.value(), request.door));
  if (request.operation == "startInstance")
    return accepted(backend_.start(row.value(), request.door));
  if (request.operation == "passivateInstance")
    return accepted(backend_.passivate_all(row.value(), request.door));
  return accepted(
      backend_.refresh(row.value(), request.operation == "patchInstance" ? "patch" : "sync"));
}

Result<InstanceForm> LaunchpadFront::read_form(const json& details) const {
  if (!details.is_object()) return Error{ErrorCode::kInvalid, "the details are not a JSON object"};
  InstanceForm form{text_of(details, profile().field("instance.name")),
                    text_of(details, profile().field("instance.host")),
                    text_of(details, profile().field("instance.user")),
                    text_of(details, profile().field("instance.shard"))};
  if (form.name.empty() || form.host.empty() || form.user.empty() || form.shard_id.empty())
    return Error{ErrorCode::kInvalid, "name, host, user and shard must be given"};
  return form;
}

HttpResponse LaunchpadFront::test_instance(const ProfileRequest& request) {
  const auto parts = parse_multipart(request.http);
  if (!parts) return no(400, "invalid.request", "the body is not multipart/form-data");
  json details;
  std::string key;
  for (const Part& part : *parts) {
    if (part.name == profile().field("instance.details"))
      details = json::parse(part.body, nullptr, /*allow_exceptions=*/false);
    if (part.name == profile().field("instance.keyFile")) key = part.body;
  }
  const Result<InstanceForm> form = read_form(details);
  if (!form) return failure(profile(), form.error());
  if (key.empty()) return no(400, "invalid.request", "the key file is missing");
  const Result<std::string> token = backend_.test(form.value());
  if (!token) return failure(profile(), token.error());
  return success(profile(), {{profile().field("instance.keyFileToken"), token.value()}});
}

HttpResponse LaunchpadFront::create_instance(const ProfileRequest& request) {
  const json body = json::parse(request.http.body, nullptr, /*allow_exceptions=*/false);
  const Result<InstanceForm> form = read_form(body);
  if (!form) return failure(profile(), form.error());
  const Status added = backend_.add(
      form.value(), text_of(body, profile().field("instance.keyFileToken")), request.door);
  if (!added) return failure(profile(), added.error());
  return success(profile(), json::object());
}

HttpResponse LaunchpadFront::edit_instance(const ProfileRequest& request) {
  const auto row = backend_.instance(request.path.at("instanceId"));
  if (!row) return failure(profile(), row.error());
  const json body = json::parse(request.http.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object()) return no(400, "invalid.request", "the body is not a JSON object");
  const InstanceForm form{text_of(body, profile().field("instance.name")),
                          text_of(body, profile().field("instance.host")),
                          text_of(body, profile().field("instance.user")), ""};
  backend_.edit(row.value(), form);
  return instance(request);
}

HttpResponse LaunchpadFront::delete_instance(const ProfileRequest& request) {
  const auto row = backend_.instance(request.path.at("instanceId"));
  if (!row) return failure(profile(), row.error());
  const Status removed = backend_.remove(row.value(), request.door);
  if (!removed) return failure(profile(), removed.error());
  return success(profile(), json::object());
}

json LaunchpadFront::describe(const ContainerRow& row) const {
  const model::Container& container = *row.container;
  const bool user = container.shard == "studio";
  const auto blank_or = [&row](auto value) { return row.instance ? json(value) : json(nullptr); };
  return {{profile().field("container.id"), container.id.empty() ? container.name : container.id},
          {profile().field("container.shard"), backend_.shard_id(container.shard)},
          {profile().field(user ? "container.user" : "container.app"), container.owner},
          {profile().field("container.instance"),
           blank_or(row.instance ? backend_.instance_id(*row.instance) : "")},
          {profile().field("container.ip"), blank_or(row.ip)},
          {profile().field("container.port"), blank_or(row.port)},
          {profile().field("container.autoHibernation"), profile().word("switch.on")},
          {profile().field("container.autoPassivation"), profile().word("switch.off")},
          {profile().field("container.state"), profile().word("container." + row.run)}};
}

HttpResponse LaunchpadFront::containers(const ProfileRequest& request) {
  const Result<std::string> shard = asked_shard(request);
  if (!shard) return failure(profile(), shard.error());
  std::vector<const model::Container*> found = backend_.containers(shard.value());
  if (const auto at = request.query.find("instance"); at != request.query.end())
    std::erase_if(found, [&](const model::Container* each) {
      const ContainerRow row = backend_.row(*each);
      return !row.instance || backend_.instance_id(*row.instance) != at->second;
    });
  if (const auto at = request.query.find("state"); at != request.query.end()) {
    const auto state = profile().meaning("container", at->second);
    if (!state) return no(400, "invalid.request", "there is no state " + at->second);
    std::erase_if(found, [&](const model::Container* each) {
      return !world().is("run", {each->name}, *state);
    });
  }
  if (!shard.value().empty()) backend_.shard_was_read(shard.value(), request.door);
  return page(request, found.size(),
              [&](std::size_t i) { return describe(backend_.row(*found[i])); });
}

HttpResponse LaunchpadFront::container_action(const ProfileRequest& request) {
  const std::string& id = request.path.at("containerId");
  if (request.operation == "hibernateContainer")
    return accepted(backend_.hibernate(id, request.door));
  if (request.operation == "passivateContainer")
    return accepted(backend_.passivate(id, request.door));
  return accepted(backend_.activate(id, request.door));
}

HttpResponse LaunchpadFront::hibernate_all(const ProfileRequest& request) {
  const Result<std::string> shard = asked_shard(request);
  if (!shard) return failure(profile(), shard.error());
  const int accepted = backend_.hibernate_all(shard.value(), request.door);
  return success(profile(), {{profile().field("container.accepted"), accepted}}, 202);
}

}  // namespace wme::simulators
