#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "executor/drivers/aws/settings.hpp"
#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor::aws {

/// The EC2 operation behind an action of the cloud door; empty for another door's.
std::string_view operation_of(std::string_view action);

/// An IAM policy (JSON) that lets these calls be made and no others: today's resources by their
/// ARNs, what a run makes by the tag of the installation. `account` empty: any account.
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
/// EC2". [assumed]: nobody tried it against AWS; `rehydrate doctor` says what it still lacks.
std::string ec2_policy(const model::Inventory& inventory, const Ec2Place& place,
                       const std::vector<Call>& calls, const std::string& account);

}  // namespace wme::executor::aws
