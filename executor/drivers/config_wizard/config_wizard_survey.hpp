#pragma once

#include <memory>
#include <string>

#include "executor/ports/secret.hpp"
#include "executor/ports/surveys.hpp"
#include "executor/ports/transport.hpp"
#include "model/json/api_profile.hpp"

namespace wme::executor {

/// The ConfigWizard of one Platform as setup-admin sees it. Logging in for the first time is a step
/// of a restore (B11): ask the first page before. The references must outlive it.
class ConfigWizardLooker final : public ConfigWizardSurvey {
 public:
  /// `base`: "http://10.0.1.10:8080", no slash at the end.
  ConfigWizardLooker(HttpTransport& transport, const model::ApiProfile& profile, std::string base,
                     Secret password, WallTime wall_time);
  ~ConfigWizardLooker() override;

  std::string where() const override;
  Result<FirstPage> first_page() override;
  Status log_in() override;
  Result<std::optional<ClockReading>> clock() override;
  Result<std::string> version() override;
  Result<Domains> domains() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::executor
