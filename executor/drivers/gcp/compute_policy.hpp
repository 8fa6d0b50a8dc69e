#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor::gcp {

/// The operation that carries out an action of the model: "instances.stop"; empty for others.
std::string_view operation_of(std::string_view action);

/// What IAM must allow for that action; the reads that go with it are in `read_permissions`.
/// Source: "Compute Engine IAM permissions"; each method's page, "IAM Permissions".
std::vector<std::string> permissions_of(const model::Inventory& inventory, const Call& call);
const std::vector<std::string>& read_permissions();

/// The least that lets `calls` be made: a custom role, as JSON for
/// `gcloud iam roles create rehydrate --project=PROJECT --file=FILE`.
std::string compute_role(const model::Inventory& inventory, const std::vector<Call>& calls);

}  // namespace wme::executor::gcp
