#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/looking.hpp"
#include "executor/discovery/discovery.hpp"
#include "model/english/words.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

using executor::Discovery;
using executor::Gap;
using nlohmann::ordered_json;

struct DiscoverOptions {
  std::string provider;
  std::string output;
  std::string name;
  std::string platform_address;
  std::string ssh_user = "ubuntu";
  std::string region;
  std::string launchpad_url;
  std::string launchpad_user;
  std::string launchpad_password = "env:REHYDRATE_LAUNCHPAD_PASSWORD";
  std::string config_wizard_url;
  std::string config_wizard_password = "env:REHYDRATE_CONFIG_WIZARD_PASSWORD";
};

std::string or_environment(const std::string& given, std::initializer_list<const char*> variables) {
  if (!given.empty()) return given;
  for (const char* each : variables)
    if (const auto value = process_environment(each); value && !value->empty()) return *value;
  return "";
}

Result<executor::DiscoveryTask> task_from(const DiscoverOptions& options) {
  const auto provider = model::provider_from(options.provider);
  if (!provider)
    return Error{
        ErrorCode::kInvalid,
        "unknown provider '" + options.provider + "'; " +
            model::suggestion(options.provider, {"aws", "azure", "gcp", "esxi", "hyper-v"})};
  executor::DiscoveryTask task;
  task.provider = *provider;
  task.name = options.name;
  task.platform_address = options.platform_address;
  task.ssh_user = options.ssh_user;
  task.access.launchpad_url = options.launchpad_url;
  task.access.config_wizard_url = options.config_wizard_url;
  task.access.launchpad_user = or_environment(options.launchpad_user, {"REHYDRATE_LAUNCHPAD_USER"});
  task.access.launchpad_password.where = options.launchpad_password;
  task.access.config_wizard_password.where = options.config_wizard_password;
  if (task.provider == model::Provider::kAws)
    task.access.region = or_environment(options.region, {"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (task.provider == model::Provider::kAzure)
    task.access.region = or_environment(options.region, {"AZURE_DEFAULTS_LOCATION"});
  if (or_environment(options.launchpad_url, {"REHYDRATE_LAUNCHPAD_URL"}).empty())
    return Error{ErrorCode::kInvalid,
                 "where is Launchpad? Give --launchpad-url http://<studio domain>"};
  if (task.access.launchpad_user.empty())
    return Error{ErrorCode::kInvalid,
                 "who logs in to Launchpad? Give --launchpad-user, an administrator's e-mail"};
  return task;
}

/// As much of an inventory as it takes to find the doors.
model::Inventory known_so_far(const executor::DiscoveryTask& task) {
  model::Inventory inventory;
  inventory.provider = task.provider;
  inventory.access = task.access;
  inventory.platform.address = task.platform_address;
  return inventory;
}

/// "launch.image: why it was not seen -> where it is found"
std::string said(const Gap& gap) {
  std::string why = gap.why;
  while (why.ends_with('.')) why.pop_back();
  return gap.path + ": " + why + " -> " + gap.find;
}

/// A comment of several lines, each behind `indent` blanks.
std::string comment(const Gap& gap, std::size_t indent) {
  constexpr std::size_t kWidth = 100;
  std::string text = wrapped(said(gap), indent + 2, kWidth);
  // wrapped() indents by blanks: each line is to begin with a mark.
  const std::string blanks(indent + 2, ' ');
  const std::string mark = std::string(indent, ' ') + "# ";
  for (std::size_t at = text.find("\n" + blanks); at != std::string::npos;
       at = text.find("\n" + blanks, at + 1))
    text.replace(at + 1, blanks.size(), mark);
  return mark + text + "\n";
}

/// The file, with a comment for each gap in its section, or above all where there is no section.
std::string annotated(const Discovery& discovery, const std::string& when) {
  std::map<std::string, std::vector<Gap>> by_section;
  for (const Gap& each : discovery.gaps)
    by_section[each.path.substr(0, each.path.find_first_of(".["))].push_back(each);
  std::istringstream lines(scenarios::to_yaml(discovery.inventory));
  std::string body;
  for (std::string line; std::getline(lines, line);) {
    body += line + "\n";
    const std::string section = line.substr(0, line.find(':'));
    const auto found = by_section.find(section);
    if (line.empty() || line[0] == ' ' || line[0] == '#' || found == by_section.end()) continue;
    for (const Gap& each : found->second) body += comment(each, 2);
    by_section.erase(found);
  }
  std::string head = "# Read from the live installation by rehydrate discover, " + when +
                     ".\n# What it could not see stands in comments: fill it in, then run "
                     "`rehydrate inventory check`.\n";
  for (const auto& [section, gaps] : by_section) {
    head += "#\n# The section " + section + " is not there, because nothing of it was seen:\n";
    for (const Gap& each : gaps) head += comment(each, 0);
  }
  return head + body;
}

std::string gap_text(const Console& console, const Gap& gap) {
  return std::string(gap.required ? "missing   " : "optional  ") +
         wrapped(said(gap), 10, console.width()) + "\n";
}

std::string discovery_json(const Discovery& discovery, const std::string& yaml,
                           const std::string& file, const std::vector<std::string>& sent) {
  ordered_json gaps = ordered_json::array();
  for (const Gap& each : discovery.gaps)
    gaps.push_back({{"path", each.path},
                    {"required", each.required},
                    {"why", each.why},
                    {"find", each.find},
                    {"unreachable", each.unreachable}});
  const model::Inventory& inventory = discovery.inventory;
  return ordered_json{{"schema", "rehydrate/discovery/1"},
                      {"installation", inventory.name},
                      {"provider", to_string(inventory.provider)},
                      {"file", file},
                      {"found",
                       {{"shards", inventory.shards.size()},
                        {"instances", inventory.instances.size()},
                        {"containers", inventory.containers.size()}}},
                      {"gaps", std::move(gaps)},
                      {"sent", sent},
                      {"inventory", yaml}}
             .dump(2, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

/// What is missing because nobody answered is told apart from what nobody shows.
ExitStatus status_of(const std::vector<Gap>& gaps) {
  const auto any = [&](auto is) { return std::ranges::any_of(gaps, is); };
  if (any([](const Gap& gap) { return gap.unreachable; })) return ExitStatus::kUnreachable;
  return any([](const Gap& gap) { return gap.required; }) ? ExitStatus::kFailed : ExitStatus::kDone;
}

/// `sent` becomes every request, also of the first look for the Platform.
Discovery discovered(executor::DiscoveryTask task, std::vector<std::string>& sent) {
  if (task.platform_address.empty()) {
    Looking looking(known_so_far(task));
    if (const auto launchpad = looking.surveys.launchpad(); launchpad)
      if (const auto address = executor::platform_address(*launchpad.value()); address)
        task.platform_address = address.value();
    sent = looking.surveys.sent();
  }
  Looking looking(known_so_far(task));
  executor::Surveys& surveys = looking.surveys;
  Discovery found = executor::discover(
      task, {surveys.launchpad(), surveys.config_wizard(), surveys.cloud(), surveys.hosts()});
  const std::vector<std::string> more = surveys.sent();
  sent.insert(sent.end(), more.begin(), more.end());
  return found;
}

ExitStatus run_discover(Session& session, const DiscoverOptions& options) {
  const Result<executor::DiscoveryTask> task = task_from(options);
  if (!task) return session.fail(task.error());
  session.console.note("Looking at the installation behind " +
                       or_environment(options.launchpad_url, {"REHYDRATE_LAUNCHPAD_URL"}) +
                       "; nothing is changed.\n");
  std::vector<std::string> sent;
  const Discovery discovery = discovered(task.value(), sent);
  const std::string yaml = annotated(discovery, utc_text(wall_time()));
  const bool to_file = !options.output.empty() && options.output != "-";
  if (to_file)
    if (const Status written = write_whole(options.output, yaml); !written)
      return session.fail(written.error());
  if (session.json)
    session.console.result(discovery_json(discovery, yaml, to_file ? options.output : "", sent));
  else if (!to_file)
    session.console.result(yaml);
  std::string notes;
  for (const Gap& each : discovery.gaps) notes += gap_text(session.console, each);
  const model::Inventory& inventory = discovery.inventory;
  const auto missing =
      std::ranges::count_if(discovery.gaps, [](const Gap& gap) { return gap.required; });
  notes += "Found " + std::to_string(inventory.instances.size()) + " instances and " +
           std::to_string(inventory.containers.size()) + " containers by " +
           std::to_string(sent.size()) + " reads; " + std::to_string(missing) +
           " required values are missing.\n";
  if (to_file)
    notes += "Written to " + options.output + ". Next: rehydrate inventory check " +
             options.output + ", then rehydrate doctor -i " + options.output + "\n";
  session.console.note(notes);
  return status_of(discovery.gaps);
}

}  // namespace

void add_discover(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "discover", kPrepare,
      "Read a live installation into an inventory, without changing anything, and say what could\n"
      "not be seen. Exit status 1: required values are missing; 3: somebody did not answer; the\n"
      "inventory is written all the same. docs/discover.md",
      "  rehydrate discover --provider aws --region eu-west-1 --name acme \\\n"
      "    --launchpad-url http://wavemaker.acme.example --launchpad-user admin@acme.example \\\n"
      "    -o inventory.yaml");
  const auto options = std::make_shared<DiscoverOptions>();
  command->add_option("--provider", options->provider, "aws, azure, gcp, esxi or hyper-v")
      ->type_name("PROVIDER")
      ->required();
  command->add_option("--region", options->region, "Of the cloud; else AWS_REGION, AZURE_DEFAULTS_LOCATION")
      ->type_name("REGION");
  command->add_option("--name", options->name, "What you call the installation")->type_name("NAME");
  command
      ->add_option("--launchpad-url", options->launchpad_url,
                   "http://<studio domain>; else REHYDRATE_LAUNCHPAD_URL")
      ->type_name("URL");
  command
      ->add_option("--launchpad-user", options->launchpad_user,
                   "An administrator; else REHYDRATE_LAUNCHPAD_USER")
      ->type_name("E-MAIL");
  command
      ->add_option("--launchpad-password", options->launchpad_password,
                   "Where it is: env:NAME or file:PATH")
      ->type_name("WHERE")
      ->capture_default_str();
  command
      ->add_option("--config-wizard-url", options->config_wizard_url,
                   "Else port 8080 of the Platform")
      ->type_name("URL");
  command
      ->add_option("--config-wizard-password", options->config_wizard_password,
                   "Of setup-admin, where it is")
      ->type_name("WHERE")
      ->capture_default_str();
  command
      ->add_option("--platform-address", options->platform_address,
                   "The Platform's address; else as Launchpad's built-in VCS says")
      ->type_name("ADDRESS");
  command->add_option("--ssh-user", options->ssh_user, "Of the Platform")
      ->type_name("USER")
      ->capture_default_str();
  command
      ->add_option("-o,--output", options->output,
                   "Where the inventory goes, all of it or nothing; stdout without")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_discover(session, *options); };
  });
}

}  // namespace wme::cli
