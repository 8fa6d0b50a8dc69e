#include "executor/drivers/gcp/compute_place.hpp"

#include "executor/drivers/gcp/compute_names.hpp"

namespace wme::executor::gcp {

namespace {

constexpr std::string_view kCompute = "https://compute.googleapis.com";
constexpr std::string_view kPrefix = "/compute/v1";
constexpr std::string_view kRights = "https://cloudresourcemanager.googleapis.com";

/// The first that is set and not empty.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto value = environment(name); value && !value->empty()) return *value;
  return "";
}

std::string without_slashes(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  return text;
}

Result<std::string> project_of(const model::Inventory& inventory, const Environment& environment,
                               const CredentialChain& credentials) {
  for (const std::string& path : {inventory.platform.cloud_id, inventory.launch.subnet})
    if (const std::string project = segment_after(path, "projects"); !project.empty())
      return project;
  const std::string named =
      first_of(environment, {"GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"});
  if (!named.empty()) return named;
  const auto own = credentials.project();
  if (!own) return own.error();
  if (own.value()) return *own.value();
  return Error{ErrorCode::kInvalid,
               "Compute Engine: no project is known: set GOOGLE_CLOUD_PROJECT, or write "
               "platform.cloud_id as projects/PROJECT/zones/ZONE/instances/NAME"};
}

}  // namespace

Result<ComputePlace> compute_place(const model::Inventory& inventory,
                                   const Environment& environment,
                                   const CredentialChain& credentials) {
  ComputePlace place;
  Result<std::string> project = project_of(inventory, environment, credentials);
  if (!project) return project.error();
  place.project = std::move(project).value();
  place.zone = inventory.launch.zone;
  if (place.zone.empty()) place.zone = segment_after(inventory.platform.cloud_id, "zones");
  if (place.zone.empty()) place.zone = first_of(environment, {"CLOUDSDK_COMPUTE_ZONE"});
  const auto dash = place.zone.rfind('-');
  if (dash == std::string::npos)
    return Error{ErrorCode::kInvalid,
                 "Compute Engine: no zone is known: set launch.zone in the inventory, such as "
                 "europe-west1-b"};
  place.region = place.zone.substr(0, dash);

  std::string url = first_of(environment, {"CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"});
  if (url.empty()) url = inventory.access.cloud_endpoint;
  if (url.empty()) url = std::string(kCompute);
  url = without_slashes(url);
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return Error{ErrorCode::kInvalid,
                 "Compute Engine: the endpoint '" + url + "' is not http[s]://HOST[:PORT][/PATH]"};
  const auto slash = url.find('/', url.find("://") + 3);
  place.base = url.substr(0, slash);
  place.prefix = slash == std::string::npos ? std::string(kPrefix) : url.substr(slash);
  place.rights_base = without_slashes(
      first_of(environment, {"CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER"}));
  if (place.rights_base.empty()) place.rights_base = std::string(kRights);
  return place;
}

}  // namespace wme::executor::gcp
