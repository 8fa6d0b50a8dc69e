#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulators/aws/ec2_error.hpp"
#include "simulators/aws/ec2_request.hpp"
#include "simulators/aws/ec2_resources.hpp"

namespace wme::simulators::aws {

/// What a row has under a filter's name; none when there is no such filter.
using Values = std::optional<std::vector<std::string>>;

/// Whether this filter on instances looks at their interfaces.
bool is_of_interfaces(std::string_view filter);
Values values_of(const InstanceView& instance, const std::vector<InterfaceView>& interfaces,
                 const std::string& filter);
Values values_of(const VolumeView& volume, const std::string& filter);
Values values_of(const SnapshotView& snapshot, const std::string& filter);
Values values_of(const InterfaceView& interface, const std::string& filter);
Values values_of(const Image& image, const std::string& filter);

/// Does the row pass every filter? InvalidParameterValue for a filter that does not exist.
Ec2Result<bool> passes(const std::vector<Filter>& filters,
                       const std::function<Values(const std::string&)>& values);

/// `*` stands for any text, `?` for one character.
bool matches(std::string_view pattern, std::string_view text);

}  // namespace wme::simulators::aws
