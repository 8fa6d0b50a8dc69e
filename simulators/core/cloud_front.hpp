#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "simulators/core/fidelity.hpp"
#include "simulators/core/http_front.hpp"

namespace wme::simulators {

/// What one client has to be told besides the environment, as its user would write it.
struct ClientHint {
  std::string client;  ///< "aws", "terraform"
  std::string text;    ///< a command, code or a file's part; lines end in "\n"
};

/// A provider's simulated API: everything that its clients talk to (resources, tokens, metadata)
/// behind one address.
class CloudFront : public HttpFront {
 public:
  /// What the clocks and rights of Conditions, and records, call it: "ec2", "arm", "compute".
  virtual std::string name() const = 0;
  /// Every operation that it answers, for docs/FIDELITY.md: from the table by which it finds them.
  virtual FidelityLedger fidelity() const = 0;
  /// What Conditions::denied may name: its operations, and the rights that they need.
  virtual std::set<std::string> deniable() const = 0;
  /// How other people's clients find it at `base`, in the environment of `environment`.
  virtual std::vector<ClientHint> client_hints(const std::string& base) const = 0;
  /// Whether this provider's clients refuse plain HTTP, so that it has to be served over TLS.
  virtual bool demands_https() const { return false; }
  /// The environment in which our driver, and other people's clients, find it at `base`. What has
  /// to be a file is written into `directory` (0600); where that is empty, nothing is served over
  /// sockets, and the driver alone has to find it. Errors: kInvalid when a file cannot be written.
  virtual Result<std::map<std::string, std::string>> environment(
      const std::string& base, const std::filesystem::path& directory) = 0;
};

}  // namespace wme::simulators
