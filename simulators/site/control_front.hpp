#pragma once

#include "simulators/core/http_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

/// What no real system offers: a look at the world behind it, and a disaster on demand.
///   GET  /violations                 rules of WME that were broken so far
///   GET  /events                     what was requested and what came of it
///   GET  /value?fluent=run&of=c17    one variable of the model
///   POST /lose?machine=platform      that machine is gone with its disks; without machine: all of
///                                    today's
/// Anything else in a query, and any body, is answered by 400 and what is accepted: nothing is
/// done.
class ControlFront : public HttpFront {
 public:
  explicit ControlFront(World& world) : world_(world) {}
  HttpResponse handle(const HttpRequest& request) override;

 private:
  HttpResponse lose(const std::string& machine);
  HttpResponse value(const std::string& fluent, const std::string& of);

  World& world_;
};

}  // namespace wme::simulators
