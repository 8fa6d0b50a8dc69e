#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/drivers/launchpad/launchpad_port.hpp"
#include "executor/ports/container_lister.hpp"
#include "executor/transport/rest_session.hpp"
#include "model/json/api_profile.hpp"
#include "model/result.hpp"

namespace wme::executor {

struct ListedContainer {
  std::string id;
  std::string state;     ///< as Launchpad writes it
  std::string instance;  ///< id of the instance; empty when parked
  bool has_address = false;
};

struct ListedInstance {
  std::string id;
  std::string name;
  std::string host;
  std::string state;  ///< as Launchpad writes it
};

struct HealthCheck {
  std::string name;
  bool ticked = false;
  std::string output;
};

struct InstanceDetails {
  std::string name;
  std::string host;
  std::string user;
  std::string shard_id;
};

/// Launchpad's API as typed calls: JSON ends here. Errors are those of RestSession.
class LaunchpadClient {
 public:
  LaunchpadClient(HttpTransport& transport, const model::SystemProfile& profile,
                  LaunchpadAccess access);

  /// Every container of the shard ("" for all), by id; read page by page.
  Result<std::map<std::string, ListedContainer>> containers(const std::string& shard_id);
  /// Every container of every shard as a row each, whatever is listed twice.
  Result<std::vector<ContainerIdentity>> identities();
  /// Every instance by name.
  Result<std::map<std::string, ListedInstance>> instances();
  Result<std::vector<HealthCheck>> health(const std::string& instance_id);
  /// Our word for the gate's state; none when Launchpad's word is not known.
  Result<std::optional<std::string>> gate();
  struct License {
    bool active = false;
    int developers = 0;
  };
  Result<License> license();

  /// Any operation that takes one id and no body. Returns the task's id.
  Result<std::string> act(std::string_view operation, std::string_view placeholder,
                          const std::string& id);
  Result<std::string> set_restriction(bool enabled);
  /// The Test button, then Add Instance. `key` is the content of a PEM file.
  Result<std::string> add(const InstanceDetails& details, const std::string& key);

  /// Logs in anew, whatever the session is.
  Status log_in() { return session_.log_in(); }
  /// One read, as it comes.
  Result<nlohmann::json> read(std::string_view operation) { return session_.read(operation, {}); }
  /// Every row of a list that comes in pages.
  Result<std::vector<nlohmann::json>> all_pages(std::string_view operation,
                                                model::Arguments arguments);

  const model::SystemProfile& profile() const { return profile_; }

 private:
  nlohmann::json to_json(const InstanceDetails& details) const;
  Payload multipart(const nlohmann::json& details, const std::string& key) const;

  const model::SystemProfile& profile_;
  RestSession session_;
};

}  // namespace wme::executor
