#include "scenarios/rehearsal/stage.hpp"

#include <fstream>

#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"
#include "scenarios/rehearsal/in_process.hpp"
#include "scenarios/rehearsal/recording.hpp"

namespace wme::scenarios {

namespace {

// Rehearsals begin on the same night, so that equal ones have equal journals.
const executor::TimePoint kOpening{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} +
                                   std::chrono::hours(2)};

std::chrono::sys_seconds real_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

struct Stage::Impl {
  Impl(const model::Inventory& its_inventory, model::Procedure procedure,
       std::vector<simulators::FaultRule> faults, model::Durations durations)
      : inventory(its_inventory),
        clock(kOpening),
        site(model::installation_of(inventory, procedure), clock,
             simulators::FaultSchedule(std::move(faults)), model::built_in_api_profile(),
             std::move(durations)) {}

  /// The wires, once the addresses are known.
  void connect(Wire wire, Wiretap wiretap) {
    const simulators::SiteAddresses& at = site.addresses();
    if (wire == Wire::kSockets) {
      executor::SocketHttpOptions options;
      options.ca_file = at.ca_file.string();
      http = std::make_unique<executor::SocketHttpTransport>(options);
      executor::SshSettings settings;
      settings.config_file = at.ssh_config.string();
      commands = std::make_unique<executor::SshTransport>(settings);
    } else {
      auto direct = std::make_unique<InProcessHttp>();
      direct->serve(at.launchpad, site.launchpad());
      direct->serve(at.config_wizard, site.config_wizard());
      direct->serve(at.license, site.license());
      if (site.cloud() != nullptr) direct->serve(at.cloud, *site.cloud());
      http = std::move(direct);
      commands = std::make_unique<InProcessCommands>(site.hosts());
    }
    recorded_http = std::make_unique<RecordingHttp>(
        *http, clock,
        std::map<std::string, std::string>{{at.launchpad, "launchpad"},
                                           {at.config_wizard, "config-wizard"},
                                           {at.license, "license"},
                                           {at.cloud, "cloud"}},
        calls, std::move(wiretap));
    recorded_commands = std::make_unique<RecordingCommands>(*commands, clock, calls);
    environment = at.environment();
    // However the inventory calls its secrets: on this stage they are the simulators'.
    const auto give = [&](const model::SecretRef& reference, const std::string& secret) {
      if (reference.where.starts_with("env:")) environment[reference.where.substr(4)] = secret;
    };
    give(inventory.access.launchpad_password, at.logins.launchpad_password);
    give(inventory.access.config_wizard_password, at.logins.config_wizard_password);
  }

  model::Inventory inventory;
  VirtualClock clock;
  simulators::SimulatedSite site;
  std::vector<ApiCall> calls;
  std::unique_ptr<executor::HttpTransport> http;
  std::unique_ptr<executor::CommandTransport> commands;
  std::unique_ptr<RecordingHttp> recorded_http;
  std::unique_ptr<RecordingCommands> recorded_commands;
  std::map<std::string, std::string> environment;
};

Result<std::unique_ptr<Stage>> Stage::build(const model::Inventory& inventory,
                                            model::Procedure world,
                                            std::vector<simulators::FaultRule> faults,
                                            const RehearsalOptions& options) {
  model::Inventory staged = inventory;
  // A file that the operator has and this machine has not would be in the way: nothing real is
  // reached from here.
  if (!staged.access.launchpad_password.where.starts_with("env:"))
    staged.access.launchpad_password.where = "env:REHYDRATE_LAUNCHPAD_PASSWORD";
  if (!staged.access.config_wizard_password.where.starts_with("env:"))
    staged.access.config_wizard_password.where = "env:REHYDRATE_CONFIG_WIZARD_PASSWORD";
  auto impl = std::make_unique<Impl>(staged, world, std::move(faults), options.durations.times);
  if (options.wire == Wire::kSockets)
    if (Status listening = impl->site.listen(options.directory); !listening)
      return listening.error();
  impl->connect(options.wire, options.wiretap);
  if (options.wire == Wire::kInProcess) {
    // Launchpad wants a private key to reach an instance; here it is only looked at.
    const std::filesystem::path key = options.directory / "unused.pem";
    std::ofstream(key) << "no key: nothing is reached from this rehearsal\n";
    impl->environment["REHYDRATE_SSH_IDENTITY"] = key.string();
  }
  return std::unique_ptr<Stage>(new Stage(std::move(impl)));
}

Result<std::unique_ptr<executor::Drivers>> Stage::drivers(model::Procedure procedure) {
  const std::map<std::string, std::string>& variables = impl_->environment;
  simulators::World& world = impl_->site.world();
  return executor::Drivers::connect(
      impl_->inventory, procedure,
      {*impl_->recorded_http, *impl_->recorded_commands,
       [&variables](std::string_view name) -> std::optional<std::string> {
         const auto found = variables.find(std::string(name));
         if (found == variables.end()) return std::nullopt;
         return found->second;
       },
       real_time,
       // On stage the operator does at once what he is asked.
       [&world](const executor::Instruction& instruction) -> Result<std::string> {
         const auto lock = world.enter();
         const simulators::Reply reply =
             world.request(instruction.call.action, instruction.call.arguments, "operator");
         if (!reply.accepted()) return Error{ErrorCode::kBlocked, reply.refusals.front()};
         return std::string("the simulated operator has understood");
       }});
}

Stage::Stage(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Stage::~Stage() = default;
VirtualClock& Stage::clock() { return impl_->clock; }
simulators::World& Stage::world() { return impl_->site.world(); }
std::string Stage::with_names(std::string text) const {
  const simulators::SiteAddresses& at = impl_->site.addresses();
  for (const auto& [address, name] :
       std::map<std::string, std::string>{{at.launchpad, "launchpad"},
                                          {at.config_wizard, "config-wizard"},
                                          {at.license, "license"},
                                          {at.cloud, at.cloud_name}}) {
    if (address.empty()) continue;
    for (std::size_t found = text.find(address); found != std::string::npos;
         found = text.find(address))
      text.replace(found, address.size(), name);
  }
  return text;
}

const std::vector<ApiCall>& Stage::api_calls() const { return impl_->calls; }

}  // namespace wme::scenarios
