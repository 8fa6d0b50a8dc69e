#include "executor/drivers/launchpad/launchpad_survey.hpp"

#include <charconv>
#include <utility>

#include "executor/drivers/launchpad/launchpad_client.hpp"
#include "executor/ports/clock_reading.hpp"

namespace wme::executor {

using nlohmann::json;

namespace {

int whole_number(const std::string& text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "10.0.1.10" of "http://10.0.1.10:8081/path".
std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t from = scheme == std::string::npos ? 0 : scheme + 3;
  return url.substr(from, url.find_first_of(":/", from) - from);
}

Error unreadable(const std::string& operation) {
  return {ErrorCode::kFailed, "Launchpad " + operation +
                                  ": the answer is no list, as the API profile says it is; check "
                                  "the profile"};
}

}  // namespace

struct LaunchpadLooker::Impl {
  Impl(HttpTransport& its_transport, const model::ApiProfile& profile, LaunchpadAccess access,
       WallTime its_wall_time)
      : transport(its_transport),
        base(access.base),
        wall_time(std::move(its_wall_time)),
        client(its_transport, profile.launchpad, std::move(access)) {}

  const std::string& field(const char* name) const { return client.profile().field(name); }
  std::string text(const json& row, const char* name) const { return text_field(row, field(name)); }
  /// Our word, else theirs.
  std::string meaning(const char* kind, const std::string& word) const {
    return client.profile().meaning(kind, word).value_or(word);
  }

  HttpTransport& transport;
  std::string base;
  WallTime wall_time;
  LaunchpadClient client;
};

LaunchpadLooker::LaunchpadLooker(HttpTransport& transport, const model::ApiProfile& profile,
                                 LaunchpadAccess access, WallTime wall_time)
    : impl_(std::make_unique<Impl>(transport, profile, std::move(access), std::move(wall_time))) {}

LaunchpadLooker::~LaunchpadLooker() = default;

std::string LaunchpadLooker::where() const { return "Launchpad at " + impl_->base; }

Status LaunchpadLooker::log_in() { return impl_->client.log_in(); }

Result<std::optional<ClockReading>> LaunchpadLooker::clock() {
  const model::Operation& ping = impl_->client.profile().operation("ping");
  return read_clock(impl_->transport, {ping.method, impl_->base, ping.target({}), {}, ""},
                    impl_->wall_time);
}

Result<std::vector<SeenShard>> LaunchpadLooker::shards() {
  const Result<json> answer = impl_->client.read("listShards");
  if (!answer) return answer.error();
  if (!answer.value().is_array()) return unreadable("listShards");
  std::vector<SeenShard> found;
  for (const json& row : answer.value())
    found.push_back(
        {impl_->text(row, "shard.id"), impl_->meaning("shard", impl_->text(row, "shard.name"))});
  return found;
}

Result<std::vector<SeenInstance>> LaunchpadLooker::instances() {
  const auto rows = impl_->client.all_pages("listInstances", {});
  if (!rows) return rows.error();
  std::vector<SeenInstance> found;
  for (const json& row : rows.value())
    found.push_back({impl_->text(row, "instance.id"), impl_->text(row, "instance.name"),
                     impl_->text(row, "instance.host"), impl_->text(row, "instance.user"),
                     impl_->text(row, "instance.shard"),
                     impl_->meaning("instance", impl_->text(row, "instance.state")),
                     impl_->text(row, "instance.version"),
                     whole_number(impl_->text(row, "instance.used")) +
                         whole_number(impl_->text(row, "instance.available"))});
  return found;
}

/// Without a shard: asking shard by shard would be WME's own check of each (A07).
Result<std::vector<SeenContainer>> LaunchpadLooker::containers() {
  const auto rows = impl_->client.all_pages("listContainers", {});
  if (!rows) return rows.error();
  std::vector<SeenContainer> found;
  for (const json& row : rows.value()) {
    const std::string user = impl_->text(row, "container.user");
    found.push_back({impl_->text(row, "container.id"), impl_->text(row, "container.shard"),
                     user.empty() ? impl_->text(row, "container.app") : user,
                     impl_->meaning("container", impl_->text(row, "container.state")),
                     impl_->text(row, "container.instance")});
  }
  return found;
}

Result<SeenLicense> LaunchpadLooker::license() {
  const auto found = impl_->client.license();
  if (!found) return found.error();
  return SeenLicense{found.value().active, found.value().developers};
}

Result<std::optional<std::string>> LaunchpadLooker::vcs_address() {
  const Result<json> answer = impl_->client.read("listVcsConfigs");
  if (!answer) return answer.error();
  if (!answer.value().is_array()) return unreadable("listVcsConfigs");
  for (const json& row : answer.value())
    if (impl_->text(row, "vcs.builtIn") == "true")
      return std::optional(host_of(impl_->text(row, "vcs.baseUrl")));
  return std::optional<std::string>();
}

}  // namespace wme::executor
