#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"

namespace wme::executor {

/// What must be the same before and after (INV-61).
struct ContainerIdentity {
  std::string id;     ///< "ccc-<uuid4>"
  std::string shard;  ///< name: "studio"
  std::string owner;  ///< e-mail of the developer, or the app's name
  std::string state;  ///< in the model's words: "passivated"
};

class ContainerLister {
 public:
  virtual ~ContainerLister() = default;
  /// Every container of every shard, all pages. Errors as SystemPort::observe.
  virtual Result<std::vector<ContainerIdentity>> containers() = 0;
};

}  // namespace wme::executor
