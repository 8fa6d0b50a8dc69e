#include "executor/drivers/gcp/compute_place.hpp"

#include "executor/drivers/gcp/compute_names.hpp"
#include "executor/ports/clear_text.hpp"

namespace wme::executor::gcp {

namespace {

constexpr std::string_view kCompute = "https://compute.googleapis.com";
constexpr std::string_view kPrefix = "/compute/v1";
constexpr std::string_view kRights = "https://cloudresourcemanager.googleapis.com";
constexpr const char* kComputeVariable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE";
constexpr const char* kRightsVariable = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDRESOURCEMANAGER";

/// The first that is set and not empty.
std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto value = environment(name); value && !value->empty()) return *value;
  return "";
}

/// Without slashes at the end. `name`: where the URL is written.
Result<std::string> endpoint(const std::string& name, std::string url) {
  while (url.ends_with('/')) url.pop_back();
  const std::string what = "Compute Engine: " + name + " '" + url + "' ";
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return Error{ErrorCode::kInvalid, what + "is not https://HOST[:PORT][/PATH]"};
  if (is_clear_text(url))
    return Error{ErrorCode::kInvalid, what + clear_text_refusal("the access token")};
  return url;
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

  std::string named = kComputeVariable;
  std::string given = first_of(environment, {kComputeVariable});
  if (given.empty()) {
    named = "access.cloud_endpoint of the inventory";
    given = inventory.access.cloud_endpoint;
  }
  if (given.empty()) given = std::string(kCompute);
  const Result<std::string> compute = endpoint(named, std::move(given));
  if (!compute) return compute.error();
  const std::string& url = compute.value();
  const auto slash = url.find('/', url.find("://") + 3);
  place.base = url.substr(0, slash);
  place.prefix = slash == std::string::npos ? std::string(kPrefix) : url.substr(slash);
  given = first_of(environment, {kRightsVariable});
  if (given.empty()) given = std::string(kRights);
  Result<std::string> rights = endpoint(kRightsVariable, std::move(given));
  if (!rights) return rights.error();
  place.rights_base = std::move(rights).value();
  return place;
}

}  // namespace wme::executor::gcp
