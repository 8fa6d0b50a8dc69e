#pragma once

#include "simulators/core/cloud_front.hpp"
#include "simulators/core/forms.hpp"
#include "simulators/core/http_front.hpp"
#include "simulators/core/world.hpp"

namespace wme::simulators {

/// What no real system offers: a look at the world behind it, and a disaster on demand.
///   GET  /violations                 rules of WME that were broken so far
///   GET  /events                     what was requested and what came of it
///   GET  /value?fluent=run&of=c17    one variable of the model
///   POST /lose?machine=platform      that machine is gone with its disks; without machine: all of
///                                    today's
///   POST /operate?action=point-domains          the operator does what he was asked to; with
///                                               &of=NAME where the action has an argument
///   POST /deny?operation=RunInstances           the cloud refuses that operation, or whatever
///                                               needs that right; another name is refused here
///   POST /skew?of=platform&seconds=600          the clock of a machine, of the cloud ("ec2",
///   "arm",
///                                               "compute"), "launchpad" or "config-wizard" is that
///                                               far ahead
///   POST /fill?machine=platform&path=/wm-data&free_mb=100    df shows so much as free
///   POST /cut-off?machine=studio-1              nobody reaches that machine
///   POST /no-sudo?machine=studio-1              its sudo asks for a password
///   POST /mend                                  all of these five are as they should be again
/// Anything else in a query, and any body, is answered by 400 and what is accepted: nothing is
/// done.
class ControlFront : public HttpFront {
 public:
  /// `cloud`: of the same world; null where its provider has none.
  explicit ControlFront(World& world, const CloudFront* cloud = nullptr)
      : world_(world), cloud_(cloud) {}
  HttpResponse handle(const HttpRequest& request) override;

 private:
  HttpResponse lose(const std::string& machine);
  HttpResponse operate(const std::string& action, const std::string& of);
  HttpResponse value(const std::string& fluent, const std::string& of);
  HttpResponse spoil(const std::string& path, const Form& query);

  HttpResponse deny(const std::string& operation);

  World& world_;
  const CloudFront* cloud_;
};

}  // namespace wme::simulators
