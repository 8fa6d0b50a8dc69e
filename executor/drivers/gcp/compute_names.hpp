#pragma once

#include <map>
#include <string>
#include <string_view>

#include "executor/ports/system_port.hpp"
#include "model/wme/entity_names.hpp"

/// How entities of the model are called in Compute Engine (docs/gcp.md, "Names and labels").
namespace wme::executor::gcp {

// Rehydrate's tags as labels: a label's key has no ':'.
inline constexpr std::string_view kInstallationLabel = "rehydrate-installation";
inline constexpr std::string_view kEntityLabel = "rehydrate-entity";
inline constexpr std::string_view kBackupLabel = "rehydrate-backup";
inline constexpr std::string_view kTokenLabel = "rehydrate-token";

/// The name of an instance or disk that the inventory gives, without the path before it; empty when
/// it gives none.
std::string name_of_machine(const model::Inventory& inventory, std::string_view machine);
std::string name_of_volume(const model::Inventory& inventory, std::string_view volume);

/// A label's value: the text itself where that is allowed (lower case, digits, '-', '_', 63 at
/// most), else what is left of it and the beginning of its SHA-256: "run-7-s22-4f1d0c2a".
std::string label_value(const std::string& text);
/// The name of what a call makes, chosen before the call: installation, entity and the beginning of
/// the token's SHA-256, so that asking again names the same thing and another run another one.
std::string new_name(const model::Inventory& inventory, const Call& call);
/// What `new_name` begins with for one entity: "acme-platform-new-".
std::string name_prefix(const model::Inventory& inventory, const std::string& entity);
std::map<std::string, std::string> labels_of(const model::Inventory& inventory, const Call& call);
/// The same UUID for the same operation of the same step, as `requestId` wants it.
std::string request_id(const std::string& token, std::string_view operation);

/// The last segment of a name, path or URL of a resource.
std::string last_segment(std::string_view path);
/// "b" for segment "zones" of "…/zones/b/instances/i"; empty when there is none.
std::string segment_after(std::string_view path, std::string_view segment);

}  // namespace wme::executor::gcp
