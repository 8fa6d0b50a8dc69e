#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "scenarios/rehearsal/library.hpp"
#include "scenarios/rehearsal/rehearsal.hpp"

namespace wme::scenarios {

/// Rehearsals with their journals in a folder that goes with the test.
class Rehearsal : public ::testing::Test {
 protected:
  Rehearsal();
  ~Rehearsal() override;

  /// Dehydrated, lost four hours later, restored; with these faults.
  static Scenario disaster(std::vector<simulators::FaultRule> faults = {});

  RehearsalReport hold(const Scenario& scenario, Wire wire, const model::Inventory& inventory);
  /// Of an XS fleet on AWS.
  RehearsalReport hold(const Scenario& scenario, Wire wire = Wire::kInProcess);

  /// Every journal of the last rehearsal but for its wall-clock fields.
  std::string journals() const;

  /// The reasons of a report as one text.
  static std::string why(const RehearsalReport& report);

 private:
  std::filesystem::path folder_;
  std::filesystem::path last_;
  int rehearsals_ = 0;
};

}  // namespace wme::scenarios
