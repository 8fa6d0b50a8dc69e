#include "model/lint/lint.hpp"

#include <gmock/gmock.h>

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT
using testing::ElementsAre;
using testing::IsEmpty;

/// "W1 at 2:40", for each finding.
std::vector<std::string> found(std::string_view text, LintKind kind,
                               std::set<std::string> addresses = {}) {
  std::vector<std::string> places;
  for (const LintFinding& each : lint(text, {kind, std::move(addresses)}))
    places.push_back(each.rule->id + " at " + std::to_string(each.line) + ":" +
                     std::to_string(each.column));
  return places;
}

struct Defect {
  const char* what;
  LintKind kind;
  const char* text;
  const char* place;
};
std::ostream& operator<<(std::ostream& out, const Defect& each) { return out << each.what; }

class VendorDefect : public testing::TestWithParam<Defect> {};
TEST_P(VendorDefect, IsFoundWhereItStands) {
  EXPECT_THAT(found(GetParam().text, GetParam().kind), ElementsAre(GetParam().place));
}
INSTANTIATE_TEST_SUITE_P(
    Of, VendorDefect,
    testing::Values(
        Defect{"BlankInOptions", LintKind::kFstab,
               "# mounts\nUUID=1 /wm-data ext4 defaults ,nofail 0 2\n", "W1 at 2:22"},
        Defect{"WithoutNofail", LintKind::kFstab, "UUID=1 /wm-runtime ext4 defaults 0 2",
               "W1 at 1:25"},
        Defect{"ByName", LintKind::kFstab, "/dev/nvme1n1 /data ext4 defaults,nofail 0 2",
               "W1 at 1:1"},
        Defect{"LongDash", LintKind::kScript, "bash wme-rotate.sh \xe2\x80\x93migrate",
               "W2 at 1:20"},
        Defect{"DataDiscarded", LintKind::kScript, "rm -rf /data", "W3 at 1:1"},
        Defect{"TwoVersions", LintKind::kDocument,
               "Back up 11.7.3.ee.10412p1.\nInstall 11.8.1.ee.10531p1.", "W4 at 2:9"},
        Defect{"DockerUpgraded", LintKind::kScript, "apt-get install docker && apt-get upgrade",
               "W5 at 1:1"},
        Defect{"UndocumentedHop", LintKind::kDocument, "from 10.11 to 11.x", "W6 at 1:6"},
        Defect{"Garbled", LintKind::kDocument, "Stop WME VM aESXietach IP address", "W7 at 1:13"},
        Defect{"EndlessLoop", LintKind::kScript,
               "until grep -q RUNNING state; do\n  sleep 60\ndone", "W8 at 1:1"},
        Defect{"WatchTheTerminal", LintKind::kDocument, "It takes 45-60 mins approximately.",
               "W8 at 1:4"},
        Defect{"Sha1", LintKind::kScript, "sha1sum WME.tar", "W9 at 1:1"},
        Defect{"TypedAddress", LintKind::kScript,
               "bash update_vcs_ips_in_backupserver.sh 10.0.1.10", "W10 at 1:40"}),
    [](const auto& each) { return std::string(each.param.what); });

TEST(Lint, SaysNothingOfWhatIsRight) {
  EXPECT_THAT(found("UUID=1 /wm-data ext4 defaults,nofail 0 2\n"
                    "# defaults ,nofail is what the page has\n",
                    LintKind::kFstab),
              IsEmpty());
  EXPECT_THAT(found("bash check_nonpassivate_ctnrs.sh || exit 1\nrm -rf /data\n"
                    "for tries in 1 2 3; do sleep 60; done\nsha256sum -c WME.tar.sum\n"
                    "wme-rotate.sh --migrate\n",
                    LintKind::kScript),
              IsEmpty());
  EXPECT_THAT(found("Work \xe2\x80\x93 and wait", LintKind::kDocument), ElementsAre());
}

struct Parking {
  const char* what;
  LintKind kind;
  const char* text;
  std::vector<std::string> places;
};
std::ostream& operator<<(std::ostream& out, const Parking& each) { return out << each.what; }

/// Only a call that comes first protects what is discarded.
class ParkedBefore : public testing::TestWithParam<Parking> {};
TEST_P(ParkedBefore, IsAsked) {
  EXPECT_THAT(found(GetParam().text, GetParam().kind),
              testing::ElementsAreArray(GetParam().places));
}
INSTANTIATE_TEST_SUITE_P(
    Of, ParkedBefore,
    testing::Values(
        Parking{
            "ACall", LintKind::kScript, "bash /opt/check_nonpassivate_ctnrs.sh\nrm -rf /data", {}},
        Parking{"ARequest",
                LintKind::kScript,
                "curl -X POST $url/containers/$c/passivate\nrm -rf /data",
                {}},
        Parking{"AFunctionOfTheirs", LintKind::kScript, "do_passivate c1\nrm -rf /data", {}},
        Parking{"InTheSameLine",
                LintKind::kScript,
                "bash check_nonpassivate_ctnrs.sh && rm -rf /data",
                {}},
        Parking{"TooLate",
                LintKind::kScript,
                "rm -rf /data\nbash check_nonpassivate_ctnrs.sh",
                {"W3 at 1:1"}},
        Parking{"TooLateInTheSameLine",
                LintKind::kScript,
                "rm -rf /data; bash check_nonpassivate_ctnrs.sh",
                {"W3 at 1:1"}},
        Parking{"BetweenTwo",
                LintKind::kScript,
                "bash wme-installer.sh --stop\ncheck_nonpassivate_ctnrs.sh\nrm -rf /data",
                {"W5 at 1:23"}},
        Parking{
            "AComment", LintKind::kScript, "# passivate all first\nrm -rf /data", {"W3 at 2:1"}},
        Parking{"ACommentBehindACommand",
                LintKind::kScript,
                "ls  # check_nonpassivate_ctnrs.sh\nrm -rf /data",
                {"W3 at 2:1"}},
        Parking{"NoCommentInQuotes",
                LintKind::kScript,
                "ssh h 'a # b' && bash check_nonpassivate_ctnrs.sh\nrm -rf /data",
                {}},
        Parking{"OnlyPrinted",
                LintKind::kScript,
                "echo \"passivate first\"\nrm -rf /data",
                {"W3 at 2:1"}},
        Parking{"OnlyDefined",
                LintKind::kScript,
                "passivate_all() { :; }\nrm -rf /data",
                {"W3 at 2:1"}},
        Parking{"OnlyAState", LintKind::kScript, "passivated=12\nrm -rf /data", {"W3 at 2:1"}},
        Parking{"DiscardedInAComment", LintKind::kScript, "ls  # rm -rf /data", {}},
        Parking{"AskedForInProse",
                LintKind::kDocument,
                "Passivate every container.\nThen run rm -rf /data",
                {}},
        Parking{"ToldInProse",
                LintKind::kDocument,
                "Containers may be passivated.\nThen run rm -rf /data",
                {"W3 at 2:10"}},
        Parking{"RemarkInProse",
                LintKind::kDocument,
                "<!-- passivate? -->\nThen run rm -rf /data",
                {"W3 at 2:10"}},
        Parking{"CommentInAFence",
                LintKind::kDocument,
                "```\n# passivate\nrm -rf /data\n```",
                {"W3 at 3:1"}},
        Parking{"HeadingInProse",
                LintKind::kDocument,
                "# Passivate the containers\nThen run rm -rf /data",
                {}}),
    [](const auto& each) { return std::string(each.param.what); });

TEST(Lint, KnowsTheAddressesOfAnInventory) {
  const char* const kLine = "bash update_vcs_ips_in_backupserver.sh 10.0.1.10 10.0.1.11";
  EXPECT_THAT(found(kLine, LintKind::kScript, {"10.0.1.10"}), ElementsAre("W10 at 1:50"));
  EXPECT_THAT(found(kLine, LintKind::kScript, {"10.0.1.10", "10.0.1.11"}), IsEmpty());
}

TEST(Lint, TakesAnyBytes) {
  std::string bytes;
  for (int each = 0; each < 70'000; ++each) bytes.push_back(static_cast<char>(each * 7 % 251 + 1));
  (void)lint(bytes, {LintKind::kDocument});
  EXPECT_THAT(found(std::string(200'000, 'a'), LintKind::kScript), IsEmpty());
  EXPECT_THAT(found("", LintKind::kFstab), IsEmpty());
}

TEST(Lint, TellsFilesApartByNameAndContent) {
  EXPECT_EQ(lint_kind_of("/etc/fstab", ""), LintKind::kFstab);
  EXPECT_EQ(lint_kind_of("runbook.md", ""), LintKind::kDocument);
  EXPECT_EQ(lint_kind_of("acme.yaml", "schema: rehydrate/inventory/1"), LintKind::kInventory);
  EXPECT_EQ(lint_kind_of("restore.sh", "#!/bin/bash"), LintKind::kScript);
}

}  // namespace
}  // namespace wme::tests
