#pragma once

#include <memory>

#include "executor/drivers/launchpad/launchpad_port.hpp"
#include "executor/ports/surveys.hpp"
#include "model/json/api_profile.hpp"

namespace wme::executor {

/// Launchpad as an administrator sees it, in the words of the API profile. What it reads sets off
/// none of WME's own checks: no health panel is opened. The references must outlive it.
class LaunchpadLooker final : public LaunchpadSurvey {
 public:
  LaunchpadLooker(HttpTransport& transport, const model::ApiProfile& profile,
                  LaunchpadAccess access, WallTime wall_time);
  ~LaunchpadLooker() override;

  std::string where() const override;
  Status log_in() override;
  Result<std::optional<ClockReading>> clock() override;
  Result<std::vector<SeenShard>> shards() override;
  Result<std::vector<SeenInstance>> instances() override;
  Result<std::vector<SeenContainer>> containers() override;
  Result<SeenLicense> license() override;
  Result<std::optional<std::string>> vcs_address() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
