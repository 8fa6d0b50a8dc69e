#pragma once

#include <string>
#include <vector>

#include "executor/ports/clock.hpp"
#include "model/result.hpp"

/// What people ask of a run that is under way, from another process or machine.
namespace wme::executor {

struct PersonRequest {
  long long id = 0;    ///< given by the store: from 1, growing
  std::string what;    ///< pause | continue | abort | stop | approve | reject | retry | skip
  std::string step;    ///< id of the plan's step; empty where it is about the whole run
  std::string by;      ///< who asks: "ada@ops-1"
  std::string reason;  ///< in their words; may be empty where `what` needs none
  TimePoint at{};      ///< by the clock of whoever posted it
};

inline bool operator==(const PersonRequest& a, const PersonRequest& b) {
  return a.id == b.id && a.what == b.what && a.step == b.step && a.by == b.by &&
         a.reason == b.reason && a.at == b.at;
}

class RequestPort {
 public:
  virtual ~RequestPort() = default;
  /// Those posted after request `id` (0: all), in the order in which they were posted. Blocks for
  /// the store. Errors: kUnreachable, kFailed: ask again later, none is lost.
  virtual Result<std::vector<PersonRequest>> requests_after(long long id) = 0;
};

}  // namespace wme::executor
