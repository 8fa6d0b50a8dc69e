#include <nlohmann/json.hpp>

#include "simulators/core/envelope.hpp"
#include "simulators/launchpad/launchpad_front.hpp"

/// Launchpad's routes for projects: as much as the inventory's containers tell about them.
/// Assumption: one project for each container; their fields are not public (wme.md 5.1: "JSON").
namespace wme::simulators {

using nlohmann::json;

namespace {

const std::string& id_of(const model::Container& container) {
  return container.id.empty() ? container.name : container.id;
}

/// An app is named <phase>-<project> (wme.md 2.1); a developer's workspace bears their name.
std::string project_name(const model::Container& container) {
  const std::string phase = container.shard + "-";
  return container.owner.starts_with(phase) ? container.owner.substr(phase.size())
                                            : container.owner;
}

json describe_project(const model::SystemProfile& profile, const model::Container& container,
                      const std::string& shard_id) {
  return {{profile.field("project.id"), id_of(container)},
          {profile.field("project.name"), project_name(container)},
          {profile.field("project.owner"), container.owner},
          {profile.field("project.shard"), shard_id}};
}

}  // namespace

HttpResponse LaunchpadFront::projects(const ProfileRequest&) {
  json list = json::array();
  for (const model::Container* each : backend_.containers(""))
    list.push_back(describe_project(profile(), *each, backend_.shard_id(each->shard)));
  return json_response(200, list);
}

HttpResponse LaunchpadFront::user_projects(const ProfileRequest&) {
  json list = json::array();
  for (const model::Container* each : backend_.containers("studio"))
    list.push_back(describe_project(profile(), *each, backend_.shard_id(each->shard)));
  return json_response(200, list);
}

HttpResponse LaunchpadFront::project(const ProfileRequest& request) {
  const std::string& id = request.path.at("projectId");
  for (const model::Container* each : backend_.containers(""))
    if (id_of(*each) == id)
      return json_response(200, describe_project(profile(), *each, backend_.shard_id(each->shard)));
  return no(404, "not.found", "there is no project " + id);
}

HttpResponse LaunchpadFront::deploy(const ProfileRequest&) {
  return no(409, "guard.failed",
            "this installation has the containers of its inventory, and no others: add them there");
}

}  // namespace wme::simulators
