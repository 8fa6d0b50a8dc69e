#include "model/wme/rule_tests.hpp"

#include <algorithm>
#include <utility>

#include "model/wme/rules.hpp"

namespace wme::model {

namespace {

/// Rules that are kept outside the model, or beside it, too.
const std::vector<std::pair<std::string, RuleTest>>& tests_elsewhere() {
  static const std::string checks = "tests/scenarios/inventory/checks_test.cpp";
  static const std::string ec2 = "tests/executor/drivers/aws/ec2_port_test.cpp";
  static const std::string hosts = "tests/simulators/host/commands_test.cpp";
  static const std::string scripts = "tests/executor/drivers/host/scripts_test.cpp";
  static const std::string engine = "tests/executor/engine/executor_test.cpp";
  static const std::string kept = "tests/model/rules_test.cpp";
  static const std::vector<std::pair<std::string, RuleTest>> all = {
      {"INV-04", {engine, "Executor.AsksAgainAfterALostRequestAndOnlyLooksAfterALostAnswer"}},
      {"INV-04", {engine, "Executor.StopsNewWorkAtAFailureAndLetsRunningCallsEnd"}},
      {"INV-18", {ec2, "Ec2PortTest.DetachesTheAttachmentOfTheAddressAndOnlyOnce"}},
      {"INV-19", {checks, "CheckFinds.TheDefectAndNothingElse/NoRoomForTheArchive"}},
      {"INV-25", {hosts, "Disks.TheWrongVolumeInAPlaceBreaksInv25"}},
      {"INV-26", {hosts, "Fstab.TheVendorsLineIsIgnoredByLibmountAndBreaksInv26"}},
      {"INV-27", {hosts, "Installer.OverNothingMountedBreaksInv27"}},
      {"INV-30", {ec2, "Ec2PortTest.MakesAVolumeInTheZoneAndNeverSmallerThanItsSnapshot"}},
      {"INV-31", {checks, "CheckFinds.TheDefectAndNothingElse/PackageOfAnotherBuild"}},
      {"INV-34", {checks, "CheckFinds.TheDefectAndNothingElse/CidrTooSmall"}},
      {"INV-34", {checks, "CheckFinds.TheDefectAndNothingElse/CidrOnTheLan"}},
      {"INV-34", {hosts, "Installer.AnotherCidrBreaksInv34AndOtherKeysInv35"}},
      {"INV-35", {hosts, "Installer.AnotherCidrBreaksInv34AndOtherKeysInv35"}},
      {"INV-44", {checks, "Check.FindsAnInstanceInTwoShards"}},
      {"INV-49", {kept, "Rules.DoNotLetTheVcsAddressBeRewrittenWhenItStays"}},
      {"INV-49", {hosts, "Installer.VcsScriptsTakeTheSamePairAndOnlyANewAddress"}},
      {"INV-50", {checks, "Check.FindsAnUpgradeThatTheVendorDoesNotDocument"}},
      {"INV-52", {scripts, "PrepareInstance.RefusesAnOldDocker"}},
      {"INV-52", {hosts, "Services.AnInstanceWithAnOldDockerBreaksInv52"}},
      {"INV-52", {hosts, "Services.ADockerUpgradeUnderContainersBreaksInv52"}},
      {"INV-54", {kept, "Rules.ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo"}},
      {"INV-56", {kept, "Rules.ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo"}},
      {"INV-57", {kept, "Rules.ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo"}},
      {"INV-58", {kept, "Rules.ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo"}},
      {"INV-59", {kept, "Rules.ThatDoNotApplySpeakOfProceduresThatNoActionBelongsTo"}},
      {"INV-62",
       {"tests/scenarios/inventory/reader_test.cpp", "ParseInventory.NeverRepeatsASecret"}},
      {"INV-64",
       {"tests/executor/journal/journal_store_test.cpp",
        "JournalStoreTest.KeepsEachEntryOfAProcessThatWasKilled"}},
      {"INV-64",
       {"tests/executor/engine/resume_test.cpp",
        "ResumeTest.ComesToTheSameEndWhereverItWasKilled"}},
      {"INV-64", {engine, "Executor.NeverRepeatsARequestWhoseAnswerWasLostWhateverTheAction"}},
  };
  return all;
}

}  // namespace

std::vector<RuleTest> tests_of(std::string_view rule_id) {
  std::vector<RuleTest> tests;
  if (const Rule* rule = find_rule(rule_id)) {
    const std::vector<Enforcement> ways = enforcements_of(*rule);
    const auto kept_by = [&](Enforcement way) {
      return std::find(ways.begin(), ways.end(), way) != ways.end();
    };
    // These take every condition and every property of the table in turn.
    if (kept_by(Enforcement::kStateProperty))
      tests.push_back({"tests/model/state_properties_test.cpp",
                       "StateProperty.IsBrokenWhereNobodyKeepsTheRules"});
    if (kept_by(Enforcement::kOrdering))
      tests.push_back({"tests/model/ordering_rules_test.cpp",
                       "OrderingRule.ClosesTheGuardOfEachActionThatItNames"});
  }
  for (const auto& [id, test] : tests_elsewhere())
    if (id == rule_id) tests.push_back(test);
  return tests;
}

}  // namespace wme::model
