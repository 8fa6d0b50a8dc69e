#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "model/english/invariants.hpp"
#include "model/english/words.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "simulators/site/fidelity_page.hpp"

namespace wme::cli {

namespace {

constexpr const char* kFleets = "XS, S, M, L or XL";
const std::vector<std::string> kProviders = {"aws", "azure", "gcp", "esxi", "hyper-v"};

long count_of(const model::Inventory& inventory, model::ContainerState state) {
  return std::ranges::count(inventory.containers, state, &model::Container::state);
}

std::string summary_text(const std::string& file, const model::Inventory& inventory) {
  std::string shards;
  for (const model::Shard& shard : inventory.shards)
    shards += (shards.empty() ? "" : ", ") + shard.name;
  const auto state = [&](model::ContainerState which) {
    return std::to_string(count_of(inventory, which)) + " " + std::string(to_string(which));
  };
  return file + ": valid\n  Installation  " + inventory.name + " on " +
         std::string(to_string(inventory.provider)) + ", WME " + inventory.version +
         (inventory.target_version.empty() ? "" : " to " + inventory.target_version) +
         "\n  Instances     " + model::counted(inventory.instances.size(), "instance") + " in " +
         model::counted(inventory.shards.size(), "shard") +
         (shards.empty() ? "" : " (" + shards + ")") + "\n  Containers    " +
         model::counted(inventory.containers.size(), "container") + ": " +
         state(model::ContainerState::kRunning) + ", " + state(model::ContainerState::kStopped) +
         ", " + state(model::ContainerState::kPassivated) + "\n";
}

std::string summary_json(const std::string& file, const model::Inventory& inventory) {
  return nlohmann::ordered_json{
             {"schema", "rehydrate/inventory-check/1"},
             {"file", file},
             {"valid", true},
             {"installation", inventory.name},
             {"provider", to_string(inventory.provider)},
             {"version", inventory.version},
             {"target_version", inventory.target_version},
             {"shards", inventory.shards.size()},
             {"instances", inventory.instances.size()},
             {"containers",
              {{"running", count_of(inventory, model::ContainerState::kRunning)},
               {"stopped", count_of(inventory, model::ContainerState::kStopped)},
               {"passivated", count_of(inventory, model::ContainerState::kPassivated)}}}}
             .dump(2) +
         "\n";
}

ExitStatus run_check(Session& session, const std::string& file) {
  const Result<model::Inventory> inventory = scenarios::load_inventory(file);
  if (!inventory) return session.fail(inventory.error());
  session.console.result(session.json ? summary_json(file, inventory.value())
                                      : summary_text(file, inventory.value()));
  return ExitStatus::kDone;
}

struct GenerateOptions {
  std::string fleet;
  std::string provider;
  std::string output;
  bool upgrade = false;
};

Result<model::Inventory> generated(const GenerateOptions& options) {
  const auto fleet = scenarios::fleet_from(options.fleet);
  if (!fleet)
    return Error{ErrorCode::kInvalid, "unknown fleet '" + options.fleet + "'; use " + kFleets};
  const auto provider = model::provider_from(options.provider);
  if (!provider)
    return Error{ErrorCode::kInvalid, "unknown provider '" + options.provider + "'; " +
                                          model::suggestion(options.provider, kProviders)};
  model::Inventory inventory = scenarios::generate_fleet(*fleet, *provider);
  return options.upgrade ? scenarios::as_upgrade(std::move(inventory)) : std::move(inventory);
}

ExitStatus run_generate(Session& session, const GenerateOptions& options) {
  const bool to_file = !options.output.empty() && options.output != "-";
  const std::string file = to_file ? options.output : "stdout";
  const Result<model::Inventory> inventory = generated(options);
  if (!inventory) return session.fail_unwritten(inventory.error(), to_file ? file : "");
  const std::string text = scenarios::to_yaml(inventory.value());
  if (!to_file) {
    session.console.result(text);
    return ExitStatus::kDone;
  }
  if (const Status written = write_whole(options.output, text); !written)
    return session.fail(written.error());
  if (session.json) session.console.result(summary_json(file, inventory.value()));
  session.console.note("Written to " + file + ". Plan with it: rehydrate plan dehydrate -i " +
                       file + "\n");
  return ExitStatus::kDone;
}

void add_check(CLI::App& family, Session& session) {
  CLI::App* command =
      add_command(family, session, "check", "Commands",
                  "Check an inventory: every defect with its place, the reason and the mend.",
                  "  rehydrate inventory check inventory.yaml");
  const auto file = std::make_shared<std::string>();
  command->add_option("FILE", *file, "The inventory (YAML, or JSON)")->required();
  command->callback(
      [&session, file] { session.run = [&session, file] { return run_check(session, *file); }; });
}

void add_generate(CLI::App& family, Session& session) {
  CLI::App* command =
      add_command(family, session, "generate", "Commands",
                  "Write the inventory of an invented installation, the same one every time.",
                  "  rehydrate inventory generate --fleet S --provider aws -o inventory.yaml\n"
                  "  rehydrate inventory generate --fleet XL --provider esxi > xl.yaml");
  const auto options = std::make_shared<GenerateOptions>();
  command
      ->add_option("--fleet", options->fleet, "How large: XS (6 containers), S, M, L or XL (50000)")
      ->type_name("SIZE")
      ->required();
  command->add_option("--provider", options->provider, "aws, azure, gcp, esxi or hyper-v")
      ->type_name("PROVIDER")
      ->required();
  command->add_flag("--upgrade", options->upgrade,
                    "Still on 10.13, with all an upgrade to 11 needs");
  command
      ->add_option("-o,--output", options->output,
                   "Where it goes, all of it or nothing; stdout without")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_generate(session, *options); };
  });
}

/// A command that prints a page which is made of the program's own tables.
void add_page(CLI::App& family, Session& session, const std::string& name, const std::string& what,
              std::string (*page)()) {
  CLI::App* command = add_command(family, session, name, "Commands", what,
                                  "  rehydrate inventory " + name + " > PAGE.md");
  command->callback([&session, name, page] {
    session.run = [&session, name, page] {
      const std::string text = page();
      session.console.result(
          session.json
              ? nlohmann::ordered_json{{"schema", "rehydrate/" + name + "/1"}, {"markdown", text}}
                        .dump(2) +
                    "\n"
              : text);
      return ExitStatus::kDone;
    };
  });
}

}  // namespace

void add_inventory(CLI::App& root, Session& session) {
  CLI::App* family =
      add_family(root, "inventory", kPrepare, "Check an inventory, or generate an invented one.",
                 "  rehydrate inventory check inventory.yaml\n"
                 "  rehydrate inventory generate --fleet S --provider aws");
  add_check(*family, session);
  add_generate(*family, session);
  add_page(*family, session, "invariants",
           "Print every rule with who keeps it (docs/INVARIANTS.md).", model::invariants_markdown);
  add_page(*family, session, "fidelity",
           "Print what the simulators answer, and where it comes from (docs/FIDELITY.md).",
           simulators::fidelity_markdown);
}

}  // namespace wme::cli
