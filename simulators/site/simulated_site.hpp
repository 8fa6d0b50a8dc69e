#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/json/api_profile.hpp"
#include "simulators/core/cloud_front.hpp"
#include "simulators/core/http_front.hpp"
#include "simulators/core/profile_front.hpp"
#include "simulators/core/world.hpp"
#include "simulators/host/host_front.hpp"

namespace wme::simulators {

/// Where a listening site is found, and what opens it. The secrets are the simulators' own: made
/// for this site, good for nothing else.
struct SiteAddresses {
  std::string launchpad;
  std::string config_wizard;
  std::string license;
  std::string control;       ///< see control_front.hpp; only while listening
  std::string cloud;         ///< empty where the provider's API is not simulated
  std::string cloud_name{};  ///< "ec2"
  std::map<std::string, std::string> cloud_environment{};  ///< where and by what right it is found
  std::vector<ClientHint> client_hints{};  ///< for other people's clients of the cloud
  std::filesystem::path ca_file{};  ///< whom clients have to trust; empty: nothing is served by TLS
  std::filesystem::path ssh_config;
  std::filesystem::path ssh_identity;  ///< the private key that opens every host
  Logins logins;
  /// The environment in which the executor's drivers, and other people's clients, find all of it,
  /// and trust it.
  std::map<std::string, std::string> environment() const;
};

/// What is served over TLS: clouds whose clients demand it, or everything that speaks HTTP.
enum class HttpsFor { kWhoDemandsIt, kEverything };

/// A whole simulated installation: one world behind every front end. In process, the fronts are
/// called directly; `listen` serves them on loopback.
class SimulatedSite {
 public:
  /// Clock and profile must outlive it.
  SimulatedSite(model::Installation installation, const WorldClock& clock, FaultSchedule faults,
                const model::ApiProfile& profile, model::Durations durations = {});
  ~SimulatedSite();
  SimulatedSite(const SimulatedSite&) = delete;
  SimulatedSite& operator=(const SimulatedSite&) = delete;

  World& world();
  HostFront& hosts();
  HttpFront& launchpad();
  HttpFront& config_wizard();
  HttpFront& license();
  /// Null where the provider's API is not simulated.
  HttpFront* cloud();

  /// Starts every server on a free loopback port. `directory` gets the SSH keys and configuration
  /// (0700), and, where anything is served over TLS, the certificate of an authority that was made
  /// for this site (ca.pem). Errors: kInvalid, kFailed when a server or file cannot be made.
  Status listen(const std::filesystem::path& directory, HttpsFor https = HttpsFor::kWhoDemandsIt);
  /// The addresses; before `listen`, those by which a transport in process tells the fronts apart.
  const SiteAddresses& addresses() const;
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::simulators
