#include "simulators/config_wizard/backend.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "model/wme/actions.hpp"

namespace wme::simulators {

namespace {

constexpr std::array kPlatforms = {"platform-new", "platform"};

/// What a word of the API is called in the model.
struct ActionName {
  const char* word;
  const char* action;
};
constexpr std::array kActions = {
    ActionName{"init", "initialize-setup"}, ActionName{"start", "start-services"},
    ActionName{"stop", "stop-services"},    ActionName{"sync", "sync-setup"},
    ActionName{"clean", "clean-setup"},
};

bool in_motion(std::string_view state) {
  return state == "starting" || state == "stopping" || state == "syncing";
}

}  // namespace

bool fits_password_rule(std::string_view password) {
  const auto has = [password](std::string_view from, std::string_view to) {
    return std::ranges::any_of(password,
                               [&](char c) { return c >= from.front() && c <= to.front(); });
  };
  return password.size() >= 8 && password.size() <= 20 && has("a", "z") && has("A", "Z") &&
         has("0", "9") && password.find_first_of("_@.") != std::string_view::npos;
}

ConfigWizardBackend::ConfigWizardBackend(World& world, const model::SystemProfile& profile,
                                         std::string password)
    : world_(world), profile_(profile), password_(std::move(password)) {}

std::optional<std::string> ConfigWizardBackend::answering_platform() const {
  std::optional<std::string> found;
  for (const std::string platform : kPlatforms) {
    const std::string& setup = world_.value("setup", {platform});
    if (setup == "absent" || setup == "initializing") continue;
    if (!world_.is("power", {platform}, "running") || !world_.is("docker", {platform}, "running"))
      continue;
    const std::string holder = platform == "platform" ? "old-platform" : "new-platform";
    if (!found || world_.is("address", {}, holder)) found = platform;
  }
  return found;
}

bool ConfigWizardBackend::configured(const std::string& platform) const {
  if (new_passwords_.contains(platform)) return true;
  const std::string& content =
      world_.value("content", {platform == "platform" ? "wm-runtime" : "wm-runtime-new"});
  return content == "live" || content == "restored";
}

bool ConfigWizardBackend::right_password(const std::string& platform,
                                         std::string_view password) const {
  if (!configured(platform)) return false;
  const auto set = new_passwords_.find(platform);
  return password == (set == new_passwords_.end() ? password_ : set->second);
}

void ConfigWizardBackend::entered(const std::string& platform, const std::string& door) {
  // Only the first visit to a restored portal is a step of ours (B11).
  if (world_.exists("enter-portal", {platform}) && state(platform) == "initialized" &&
      !world_.is("portal", {platform}, "entered"))
    world_.perform("enter-portal", {platform}, door);
}

Status ConfigWizardBackend::set_password(const std::string& platform, std::string_view password,
                                         const std::string& door) {
  if (!fits_password_rule(password))
    return Error{ErrorCode::kInvalid,
                 "the password needs 8-20 characters: lower case, upper case, digit, one of _ @ ."};
  const Reply reply = world_.request("set-setup-password", {platform}, door);
  if (!reply.accepted()) return Error{ErrorCode::kBlocked, reply.refusals.front()};
  new_passwords_[platform] = password;
  last_action_[platform] = "init";
  return Done{};
}

const std::string& ConfigWizardBackend::state(const std::string& platform) const {
  return world_.value("setup", {platform});
}

std::string ConfigWizardBackend::action(const std::string& platform) const {
  const auto at = last_action_.find(platform);
  if (at != last_action_.end()) return at->second;
  // What the data remember: an installation that was set up, or one that was stopped for a backup.
  return platform == "platform" ? "init" : "stop";
}

int ConfigWizardBackend::progress(const std::string& platform) const {
  const std::string& now = state(platform);
  if (now == "running" || now == "stopped") return profile_.number("progress.done");
  for (const ActionName& each : kActions) {
    const auto due = world_.due(each.action, {platform});
    if (!due) continue;
    const auto total = world_.durations().of(*model::find_action(each.action));
    const auto left = std::chrono::milliseconds(*due - world_.now());
    const auto done = 100 - 100 * left.count() / std::max<std::int64_t>(1, total.count());
    return static_cast<int>(std::clamp<std::int64_t>(done, 0, 99));
  }
  return 0;
}

std::vector<ServiceGroup> ConfigWizardBackend::groups(const std::string& platform) const {
  std::vector<std::string> names = profile_.words_of("serviceGroup");
  const std::string& now = state(platform);
  const bool stopping = now == "stopping";
  // Started in display order, stopped in reverse [assumed]; sync takes them through the same.
  const std::size_t moved = names.size() * static_cast<std::size_t>(progress(platform)) / 100;
  std::vector<ServiceGroup> groups;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t turn = stopping ? names.size() - 1 - i : i;
    std::string group = now;
    if (now == "initialized") group = "stopped";
    if (in_motion(now) && turn < moved) group = stopping ? "stopped" : "running";
    if (in_motion(now) && turn >= moved) group = stopping ? "stopping" : "starting";
    groups.push_back({std::move(names[i]), std::move(group)});
  }
  return groups;
}

const std::string& ConfigWizardBackend::version(const std::string& platform) const {
  const model::Inventory& inventory = world_.installation().inventory;
  const bool upgraded = platform == "platform-new" && !inventory.target_version.empty();
  return upgraded ? inventory.target_version : inventory.version;
}

Status ConfigWizardBackend::run(const std::string& platform, std::string_view action,
                                const std::string& door) {
  if (const std::string& now = state(platform); in_motion(now))
    return Error{ErrorCode::kThrottled, "the installation is " + now + " just now"};
  const auto* known = std::ranges::find(kActions, action, &ActionName::word);
  if (known == kActions.end())
    return Error{ErrorCode::kBlocked,
                 "there is nothing to upgrade to: install the new version on "
                 "new machines instead"};
  if (!world_.exists(known->action, {platform}))
    return Error{ErrorCode::kBlocked, "the portal does not offer this on " + platform};
  const Reply reply = world_.request(known->action, {platform}, door);
  if (!reply.accepted()) return Error{ErrorCode::kBlocked, reply.refusals.front()};
  last_action_[platform] = action;
  return Done{};
}

}  // namespace wme::simulators
