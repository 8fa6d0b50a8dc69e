#pragma once

#include <functional>
#include <map>
#include <pugixml.hpp>
#include <string>

#include "simulators/aws/ec2_backend.hpp"
#include "simulators/aws/ec2_error.hpp"
#include "simulators/aws/ec2_request.hpp"
#include "simulators/core/fidelity.hpp"

namespace wme::simulators::aws {

/// One operation of the Query API: from the request's pairs to the backend, and its answer below
/// `root` (which has its requestId already).
struct Ec2Operation {
  std::function<Ec2Status(Ec2Backend& backend, const Ec2Request& request, pugi::xml_node root)>
      answer;
  Origin origin;
};
using Ec2Operations = std::map<std::string, Ec2Operation, std::less<>>;

/// Those that only look.
const Ec2Operations& describe_operations();
/// Those that change something.
const Ec2Operations& change_operations();

}  // namespace wme::simulators::aws
