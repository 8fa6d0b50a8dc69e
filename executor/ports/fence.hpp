#pragma once

#include "model/result.hpp"

namespace wme::executor {

/// Whether this process may still act on its installation. A lock that was lost while the process
/// slept, hung or was cut off cannot tell it: it has to be asked before each call.
class FencePort {
 public:
  virtual ~FencePort() = default;
  /// To be asked immediately before each request that changes something. Cheap while the lease is
  /// fresh; else blocks for one look at the store. Thread-safe. Errors: kRefused, for ever from
  /// then on, when somebody else took over or a person broke the lock: nothing more may be sent,
  /// and what is on its way is for the new holder to reconcile; kUnreachable while the store cannot
  /// be asked and the lease may have run out: nothing may be sent now, ask again later.
  virtual Status confirm() = 0;
  /// Grows with each acquisition on this installation and is never given twice: for journals,
  /// messages and whatever system takes a fencing token.
  virtual long long number() const = 0;
};

}  // namespace wme::executor
