#include "simulators/site/simulated_site.hpp"

#include <array>
#include <chrono>
#include <fstream>
#include <utility>

#include "simulators/config_wizard/config_wizard_front.hpp"
#include "simulators/core/certificates.hpp"
#include "simulators/core/http_server.hpp"
#include "simulators/core/tls_stream.hpp"
#include "simulators/host/ssh_server.hpp"
#include "simulators/launchpad/launchpad_front.hpp"
#include "simulators/launchpad/license_front.hpp"
#include "simulators/site/clouds.hpp"
#include "simulators/site/control_front.hpp"

namespace wme::simulators {

namespace {

// A simulation does not live longer. From an hour ago: clocks of containers differ.
constexpr std::chrono::hours kTrustedFrom{-1};
constexpr std::chrono::hours kTrustedUntil{24 * 30};

/// Where clients look for authorities: our own, aws and boto3, requests (az and all of Python),
/// Node.js, OpenSSL and Go, gcloud, curl.
constexpr std::array<const char*, 7> kAuthorityVariables = {
    "REHYDRATE_CA_FILE",   "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
    "CURL_CA_BUNDLE"};

// Good for this process only; a fixed value keeps rehearsals equal, byte for byte.
constexpr const char* kPassword = "Simulated_1.only";

SiteAddresses in_process_addresses(const model::Inventory& inventory) {
  SiteAddresses addresses;
  addresses.launchpad = "http://launchpad.simulated";
  addresses.config_wizard = "http://config-wizard.simulated";
  addresses.license = "http://license.simulated";
  addresses.logins = {inventory.access.launchpad_user, kPassword, kPassword};
  return addresses;
}

}  // namespace

std::map<std::string, std::string> SiteAddresses::environment() const {
  std::map<std::string, std::string> variables = {
      {"REHYDRATE_LAUNCHPAD_URL", launchpad},
      {"REHYDRATE_CONFIG_WIZARD_URL", config_wizard},
      {"REHYDRATE_LAUNCHPAD_USER", logins.launchpad_user},
      {"REHYDRATE_LAUNCHPAD_PASSWORD", logins.launchpad_password},
      {"REHYDRATE_CONFIG_WIZARD_PASSWORD", logins.config_wizard_password},
  };
  if (!ssh_config.empty()) {
    variables["REHYDRATE_SSH_CONFIG"] = ssh_config.string();
    variables["REHYDRATE_SSH_IDENTITY"] = ssh_identity.string();
  }
  if (!ca_file.empty())
    for (const char* variable : kAuthorityVariables) variables[variable] = ca_file.string();
  variables.insert(cloud_environment.begin(), cloud_environment.end());
  return variables;
}

struct SimulatedSite::Impl {
  Impl(model::Installation installation, const WorldClock& clock, FaultSchedule faults,
       const model::ApiProfile& profile, model::Durations durations)
      : addresses(in_process_addresses(installation.inventory)),
        world(std::move(installation), clock, std::move(faults), std::move(durations)),
        hosts(world),
        launchpad(world, profile, addresses.logins),
        config_wizard(world, profile, addresses.logins),
        license(world, profile, addresses.logins),
        cloud(cloud_front_of(world)),
        control(world, cloud.get()) {
    if (cloud == nullptr) return;
    addresses.cloud_name = cloud->name();
    // In process nothing goes over a wire. Tokens are sent over plain http to localhost only.
    addresses.cloud = cloud->demands_https() ? "https://" + addresses.cloud_name + ".simulated"
                                             : "http://localhost";
    addresses.cloud_environment = cloud->environment(addresses.cloud, {}).value();
  }

  /// An authority for this site, and a certificate of its.
  Status secure(const std::filesystem::path& directory) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const Validity validity{now + kTrustedFrom, now + kTrustedUntil};
    const auto authority = CertificateAuthority::create("Rehydrate simulation", validity);
    if (!authority) return authority.error();
    const auto identity = authority.value().issue({"127.0.0.1", "::1", "localhost"}, validity);
    if (!identity) return identity.error();
    auto context = TlsContext::create(identity.value());
    if (!context) return context.error();
    addresses.ca_file = directory / "ca.pem";
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    std::ofstream file(addresses.ca_file);
    file << authority.value().certificate() << std::flush;
    if (!file)
      return Error{ErrorCode::kInvalid, addresses.ca_file.string() +
                                            ": cannot be written; name another directory, or make "
                                            "room in it"};
    tls = std::move(context).value();
    return Done{};
  }

  Status serve(HttpFront& front, std::string& base, bool over_tls) {
    HttpServerOptions options;
    if (over_tls) options.tls = tls;
    Result<std::unique_ptr<HttpServer>> server = HttpServer::start(front, options);
    if (!server) return server.error();
    base = server.value()->base();
    servers.push_back(std::move(server).value());
    return Done{};
  }

  SiteAddresses addresses;
  World world;
  HostFront hosts;
  LaunchpadFront launchpad;
  ConfigWizardFront config_wizard;
  LicenseFront license;
  std::unique_ptr<CloudFront> cloud;
  ControlFront control;
  std::shared_ptr<const TlsContext> tls;
  std::vector<std::unique_ptr<HttpServer>> servers;
  std::unique_ptr<SshServer> ssh;
};

SimulatedSite::SimulatedSite(model::Installation installation, const WorldClock& clock,
                             FaultSchedule faults, const model::ApiProfile& profile,
                             model::Durations durations)
    : impl_(std::make_unique<Impl>(std::move(installation), clock, std::move(faults), profile,
                                   std::move(durations))) {}

SimulatedSite::~SimulatedSite() { stop(); }

World& SimulatedSite::world() { return impl_->world; }
HostFront& SimulatedSite::hosts() { return impl_->hosts; }
HttpFront& SimulatedSite::launchpad() { return impl_->launchpad; }
HttpFront& SimulatedSite::config_wizard() { return impl_->config_wizard; }
HttpFront& SimulatedSite::license() { return impl_->license; }
HttpFront* SimulatedSite::cloud() { return impl_->cloud.get(); }
const SiteAddresses& SimulatedSite::addresses() const { return impl_->addresses; }

Status SimulatedSite::listen(const std::filesystem::path& directory, HttpsFor https) {
  SiteAddresses& addresses = impl_->addresses;
  const bool all = https == HttpsFor::kEverything;
  const bool cloud_too = all || (impl_->cloud && impl_->cloud->demands_https());
  if (cloud_too)
    if (Status secured = impl_->secure(directory); !secured) return secured;
  for (const auto& [front, base] :
       {std::pair<HttpFront*, std::string*>{&impl_->launchpad, &addresses.launchpad},
        {&impl_->config_wizard, &addresses.config_wizard},
        {&impl_->license, &addresses.license},
        {&impl_->control, &addresses.control}})
    if (Status started = impl_->serve(*front, *base, all); !started) return started;
  if (impl_->cloud) {
    if (Status started = impl_->serve(*impl_->cloud, addresses.cloud, cloud_too); !started)
      return started;
    auto environment = impl_->cloud->environment(addresses.cloud, directory);
    if (!environment) return environment.error();
    addresses.cloud_environment = std::move(environment).value();
    addresses.client_hints = impl_->cloud->client_hints(addresses.cloud);
  }
  const std::filesystem::path keys = directory / "ssh";
  std::error_code error;
  std::filesystem::create_directories(keys, error);
  if (!error) std::filesystem::permissions(keys, std::filesystem::perms::owner_all, error);
  if (error) return Error{ErrorCode::kInvalid, keys.string() + ": " + error.message()};
  impl_->ssh = std::make_unique<SshServer>(impl_->hosts, SshServerOptions{keys, ""});
  if (Status started = impl_->ssh->start(); !started) return started;
  addresses.ssh_config = impl_->ssh->client_config();
  addresses.ssh_identity = keys / "id_ed25519";
  return Done{};
}

void SimulatedSite::stop() {
  for (auto& server : impl_->servers) server->stop();
  impl_->servers.clear();
  impl_->ssh.reset();
}

}  // namespace wme::simulators
