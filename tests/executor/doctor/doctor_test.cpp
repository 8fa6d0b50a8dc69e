#include "executor/doctor/doctor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "executor/drivers/host/host_survey.hpp"
#include "executor/ports/clock_reading.hpp"
#include "tests/executor/doctor/patient.hpp"

namespace wme::executor {

// In the namespace of what they print.
void PrintTo(const Check& check, std::ostream* out) {
  *out << to_string(check.verdict) << " " << check.area << ", " << check.name << ": "
       << check.measured << " -> " << check.mend << (check.unreachable ? " (unreachable)" : "");
}

namespace {

using model::Procedure;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using tests::SimulatedPatient;

/// Looks at the patient before `procedure`, with its plan.
Examination examined(SimulatedPatient& patient, Procedure procedure,
                     std::optional<ChangeWindow> window = {}, bool with_plan = true) {
  const model::GroundModel model(model::installation_of(patient.inventory, procedure));
  const Result<model::Plan> plan = model::make_plan(model);
  EXPECT_TRUE(plan) << plan.error().message;
  const auto surveys = patient.surveys();
  DoctorTask task{patient.inventory, model, with_plan ? &plan.value() : nullptr, 3600, window};
  return examine(
      task, {surveys->launchpad(), surveys->config_wizard(), surveys->cloud(), surveys->hosts()},
      [] { return tests::kPatientTime; });
}

std::vector<Check> with_verdict(const Examination& examination, Verdict verdict) {
  std::vector<Check> found;
  for (const Check& each : examination.checks)
    if (each.verdict == verdict) found.push_back(each);
  return found;
}

std::vector<std::string> titles_of(const std::vector<Check>& checks) {
  std::vector<std::string> titles;
  for (const Check& each : checks) titles.push_back(each.area + ", " + each.name);
  return titles;
}

TEST(Doctor, FindsNothingWrongWithASoundInstallation) {
  for (const Procedure procedure : {Procedure::kDehydrate, Procedure::kRotate}) {
    SimulatedPatient patient;
    const Examination examination = examined(patient, procedure);
    EXPECT_THAT(with_verdict(examination, Verdict::kFailed), IsEmpty());
    EXPECT_THAT(with_verdict(examination, Verdict::kWarning), IsEmpty());
    const std::vector<std::string> fine = titles_of(with_verdict(examination, Verdict::kOk));
    for (const char* each :
         {"credentials, cloud", "reach, Launchpad", "reach, ConfigWizard", "reach, ssh platform",
          "reach, sudo on qa-1", "clock, studio-1", "clock, cloud", "clock, Launchpad",
          "space, /wm-data of platform", "space, /data of qa-1", "fstab, /etc/fstab of studio-1",
          "versions, WME", "services, WME"})
      EXPECT_THAT(fine, Contains(each));
    EXPECT_FALSE(examination.policy_falls_short);
  }
}

/// Nobody may take silence for a yes: what was not looked at stands there with its reason.
TEST(Doctor, SaysWhatItDidNotCheckAndWhy) {
  SimulatedPatient patient;
  const Examination rotate = examined(patient, Procedure::kRotate);
  EXPECT_THAT(
      titles_of(with_verdict(rotate, Verdict::kNotChecked)),
      ElementsAre("permissions, ec2:AttachNetworkInterface for attach-address",
                  "permissions, ec2:AttachVolume for attach-volume wm-data-new and 1 like it",
                  "quotas, vCPUs of running instances", "quotas, snapshots of the region",
                  "quotas, storage of volumes in the region", "window, change window"));
  for (const Check& each : with_verdict(rotate, Verdict::kNotChecked)) {
    EXPECT_FALSE(each.measured.empty()) << each.name;
    EXPECT_FALSE(each.mend.empty()) << each.name;
  }
  const Examination planless = examined(patient, Procedure::kDehydrate, {}, /*with_plan=*/false);
  EXPECT_THAT(
      titles_of(with_verdict(planless, Verdict::kNotChecked)),
      ElementsAre("permissions, cloud", "quotas, cloud", "launch, cloud", "window, change window"));
}

TEST(Doctor, ChangesNothing) {
  for (const Procedure procedure :
       {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate}) {
    SimulatedPatient patient(procedure);
    const model::GroundModel model(model::installation_of(patient.inventory, procedure));
    const Result<model::Plan> plan = model::make_plan(model);
    ASSERT_TRUE(plan);
    const auto surveys = patient.surveys();
    examine({patient.inventory, model, &plan.value(), 0, {}},
            {surveys->launchpad(), surveys->config_wizard(), surveys->cloud(), surveys->hosts()},
            [] { return tests::kPatientTime; });
    const auto lock = patient.site.world().enter();
    EXPECT_THAT(patient.site.world().events(), IsEmpty());
    EXPECT_THAT(patient.site.world().violations(), IsEmpty());
    EXPECT_THAT(surveys->sent(),
                Each(MatchesRegex("GET .*|POST [^ ]*/(login/authenticate|rest/login)|"
                                  "POST EC2 (Describe[A-Za-z]*|[A-Za-z]* \\(DryRun\\))|ssh .*")));
  }
}

TEST(Doctor, LooksAtHostsByACommandThatWritesNothing) {
  const std::string command = host::survey_command({"/", "/wm-data", "/it's"});
  std::string without = command;
  for (const std::string allowed : {"2> /dev/null"})
    for (std::size_t at = without.find(allowed); at != std::string::npos;
         at = without.find(allowed))
      without.erase(at, allowed.size());
  EXPECT_THAT(without, Not(HasSubstr(">")));
  for (const char* writes : {"rm ", "mv ", "cp ", "tee ", "mkdir", "touch", "mount ", "sed -i"})
    EXPECT_THAT(command, Not(HasSubstr(writes)));
}

/// One thing that is wrong, and the one check that has to find it.
struct Illness {
  const char* name;
  std::function<void(SimulatedPatient&)> make;
  Verdict verdict;
  const char* title;     ///< of the check
  const char* measured;  ///< part of what it says
  bool unreachable = false;
};
void PrintTo(const Illness& illness, std::ostream* out) { *out << illness.name; }

using Conditions = simulators::Conditions;
std::function<void(SimulatedPatient&)> with(std::function<void(Conditions&)> change) {
  return [change = std::move(change)](SimulatedPatient& patient) { patient.change(change); };
}

const std::vector<Illness>& illnesses() {
  static const std::vector<Illness> all = {
      {"a right is missing", with([](Conditions& c) { c.denied.insert("StopInstances"); }),
       Verdict::kFailed, "permissions, ec2:StopInstances for stop-machine platform",
       "UnauthorizedOperation: You are not authorized"},
      {"a right to what is not there yet is missing",
       with([](Conditions& c) { c.denied.insert("AttachVolume"); }), Verdict::kFailed,
       "permissions, ec2:AttachVolume for attach-volume wm-data-new and 1 like it",
       "asked of what stands today"},
      {"a right to read is missing", with([](Conditions& c) { c.denied.insert("DescribeImages"); }),
       Verdict::kFailed, "launch, image ami-", "UnauthorizedOperation"},
      {"a host's clock is slow",
       with([](Conditions& c) { c.clock_ahead["studio-1"] = std::chrono::seconds(-600); }),
       Verdict::kFailed, "clock, studio-1", "599.5 s behind"},
      {"a host's clock is a little fast",
       with([](Conditions& c) { c.clock_ahead["qa-1"] = std::chrono::seconds(20); }),
       Verdict::kWarning, "clock, qa-1", "20.5 s ahead"},
      {"Launchpad's clock is wrong",
       with([](Conditions& c) { c.clock_ahead["launchpad"] = std::chrono::seconds(90); }),
       Verdict::kFailed, "clock, Launchpad", "90.5 s ahead"},
      {"our own clock is wrong",
       with([](Conditions& c) { c.clock_ahead["ec2"] = std::chrono::seconds(400); }),
       Verdict::kFailed, "clock, cloud", "15 minutes"},
      {"a disk is full", with([](Conditions& c) {
         c.free_mb[{"platform", "/wm-data"}] = 300;
       }),
       Verdict::kFailed, "space, /wm-data of platform", "0.2 GB of 150.0 GB free"},
      {"a disk is nearly full", with([](Conditions& c) {
         c.free_mb[{"qa-1", "/"}] = 5000;
       }),
       Verdict::kWarning, "space, / of qa-1", "4.8 GB of 100.0 GB free"},
      {"instances hold more than fits", with([](Conditions& c) {
         c.free_mb[{"qa-1", "/data"}] = 40000;
       }),
       Verdict::kWarning, "space, /wm-data for what is parked", "the instances hold 110.9 GB"},
      {"a host is cut off", with([](Conditions& c) { c.cut_off.insert("qa-1"); }), Verdict::kFailed,
       "reach, ssh qa-1", "10.0.3.10", true},
      {"sudo asks for a password", with([](Conditions& c) { c.no_sudo.insert("studio-1"); }),
       Verdict::kFailed, "reach, sudo on studio-1", "sudo: a password is required"},
      {"the vendor's fstab line",
       [](SimulatedPatient& p) {
         p.type("platform", "echo 'UUID=x /wm-data ext4 defaults ,nofail 0 2' >> /etc/fstab");
       },
       Verdict::kFailed, "fstab, /etc/fstab of platform", "W1"},
      {"another version is installed",
       [](SimulatedPatient& p) { p.inventory.version = "11.7.3.ee.10413p1"; }, Verdict::kFailed,
       "versions, WME", "11.7.3.ee.10412p1 is installed"},
      {"another machine has the address",
       [](SimulatedPatient& p) { p.inventory.instances[0].cloud_id = "i-0123456789abcdef0"; },
       Verdict::kFailed, "reach, ssh studio-1", "not i-0123456789abcdef0"},
      {"there is no such image",
       [](SimulatedPatient& p) { p.inventory.launch.image = "ami-00000000000000000"; },
       Verdict::kFailed, "launch, image ami-00000000000000000", "no image"},
      {"there is no such subnet",
       [](SimulatedPatient& p) { p.inventory.launch.subnet = "subnet-00000000000000000"; },
       Verdict::kFailed, "permissions, ec2:RunInstances for launch-machine platform-new",
       "InvalidSubnetID.NotFound"},
      {"a successor's address is taken",
       [](SimulatedPatient& p) { p.inventory.instances[0].new_address = "10.0.3.10"; },
       Verdict::kFailed, "addresses, 10.0.3.10 for studio-1-new", "held by eni-"},
      {"another interface is said to carry the address",
       [](SimulatedPatient& p) { p.inventory.platform.interface = "eni-00000000000000000"; },
       Verdict::kFailed, "addresses, 10.0.1.10 for platform-new", "eni-04d57939b6edf2c86 does"},
      {"more security groups than fit",
       [](SimulatedPatient& p) {
         for (int i = 0; i < 3; ++i)
           p.inventory.launch.security_groups.push_back("sg-0000000000000000" + std::to_string(i));
       },
       Verdict::kFailed, "quotas, security groups of one interface", "the limit is 5"},
      {"no credentials",
       [](SimulatedPatient& p) {
         p.environment.erase("AWS_ACCESS_KEY_ID");
         p.environment["AWS_EC2_METADATA_DISABLED"] = "true";
         p.environment["AWS_CONFIG_FILE"] = "/dev/null/none";
         p.environment["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null/none";
       },
       Verdict::kFailed, "credentials, cloud", "none found"},
      {"a wrong secret key",
       [](SimulatedPatient& p) { p.environment["AWS_SECRET_ACCESS_KEY"] = "wrong"; },
       Verdict::kFailed, "credentials, cloud", "AuthFailure"},
      {"EC2 does not answer",
       [](SimulatedPatient& p) { p.environment["AWS_ENDPOINT_URL_EC2"] = "http://nobody.test"; },
       Verdict::kFailed, "credentials, cloud", "nobody", true},
      {"a password is not set",
       [](SimulatedPatient& p) { p.environment.erase("REHYDRATE_LAUNCHPAD_PASSWORD"); },
       Verdict::kFailed, "reach, Launchpad", "export it"},
      {"a wrong password",
       [](SimulatedPatient& p) { p.environment["REHYDRATE_LAUNCHPAD_PASSWORD"] = "Wrong_1"; },
       Verdict::kFailed, "reach, Launchpad", "401"},
      {"a wrong password of setup-admin",
       [](SimulatedPatient& p) { p.environment["REHYDRATE_CONFIG_WIZARD_PASSWORD"] = "Wrong_1"; },
       Verdict::kFailed, "reach, ConfigWizard", "401"},
      {"Launchpad does not answer",
       [](SimulatedPatient& p) { p.environment["REHYDRATE_LAUNCHPAD_URL"] = "http://nobody.test"; },
       Verdict::kFailed, "reach, Launchpad", "nobody", true},
      {"services are stopped",
       [](SimulatedPatient& p) {
         const auto lock = p.site.world().enter();
         p.site.world().perform("stop-services", {"platform"}, "somebody");
       },
       Verdict::kFailed, "services, WME", "setup is stopped"},
  };
  return all;
}

class DoctorsPatient : public testing::TestWithParam<Illness> {};

TEST_P(DoctorsPatient, IsDiagnosed) {
  SimulatedPatient patient;
  const Illness& illness = GetParam();
  illness.make(patient);
  const Examination examination = examined(patient, Procedure::kRotate);
  const auto found = std::ranges::find_if(examination.checks, [&](const Check& each) {
    return (each.area + ", " + each.name).starts_with(illness.title);
  });
  ASSERT_NE(found, examination.checks.end()) << illness.title;
  EXPECT_EQ(found->verdict, illness.verdict) << testing::PrintToString(*found);
  EXPECT_THAT(found->measured, HasSubstr(illness.measured));
  EXPECT_EQ(found->unreachable, illness.unreachable);
  // Whoever only failed to answer has said himself what to do.
  EXPECT_TRUE(!found->mend.empty() || found->measured.find(';') != std::string::npos ||
              illness.unreachable)
      << testing::PrintToString(*found);
}
INSTANTIATE_TEST_SUITE_P(Every, DoctorsPatient, testing::ValuesIn(illnesses()));

TEST(Doctor, PrintsThePolicyThatIsNeededWhenARightIsMissing) {
  SimulatedPatient patient;
  patient.change([](Conditions& c) { c.denied.insert("CreateSnapshot"); });
  const Examination examination = examined(patient, Procedure::kDehydrate);
  EXPECT_TRUE(examination.policy_falls_short);
  EXPECT_THAT(examination.policy,
              AllOf(HasSubstr("\"ec2:CreateSnapshot\""), HasSubstr("\"ec2:StopInstances\""),
                    HasSubstr("arn:aws:ec2:eu-west-1:123456789012:volume/vol-00fcfd0de10ca7b35"),
                    HasSubstr("\"ec2:CreateTags\""), Not(HasSubstr("RunInstances")),
                    Not(HasSubstr("Delete"))));
}

TEST(Doctor, DoesNotMissWhatARestoreBeginsWithout) {
  SimulatedPatient patient(Procedure::kRestore);
  const Examination examination = examined(patient, Procedure::kRestore);
  EXPECT_THAT(with_verdict(examination, Verdict::kFailed), IsEmpty());
  EXPECT_THAT(titles_of(with_verdict(examination, Verdict::kNotChecked)),
              testing::IsSupersetOf({"reach, Launchpad", "reach, ConfigWizard",
                                     "reach, ssh platform, studio-1, qa-1"}));
}

TEST(Doctor, LooksAtWhatItCanWhereTheCloudHasNoDriver) {
  SimulatedPatient patient(
      Procedure::kDehydrate,
      scenarios::generate_fleet(scenarios::Fleet::kXs, model::Provider::kEsxi));
  const Examination examination = examined(patient, Procedure::kDehydrate);
  EXPECT_THAT(with_verdict(examination, Verdict::kFailed), IsEmpty());
  EXPECT_THAT(titles_of(with_verdict(examination, Verdict::kNotChecked)),
              testing::IsSupersetOf({"credentials, esxi", "permissions, esxi", "quotas, esxi"}));
  EXPECT_THAT(titles_of(with_verdict(examination, Verdict::kOk)),
              testing::IsSupersetOf({"reach, ssh platform", "space, /wm-data for the archive",
                                     "space, /backup for the archive"}));
}

TEST(Doctor, HoldsTheChangeWindowAgainstThePlan) {
  using std::chrono::hours;
  struct Case {
    ChangeWindow window;
    Verdict verdict;
    const char* measured;
  };
  const auto now = tests::kPatientTime;
  for (const Case& each :
       {Case{{now - hours(1), now + hours(2)}, Verdict::kOk, "open for 120 min"},
        Case{{now - hours(1), now + std::chrono::minutes(59)}, Verdict::kFailed, "usually takes"},
        Case{{now + hours(1), now + hours(9)}, Verdict::kFailed, "opens in 60 min"},
        Case{{now - hours(2), now}, Verdict::kFailed, "closed 0 min ago"}}) {
    SimulatedPatient patient;
    const Examination examination = examined(patient, Procedure::kDehydrate, each.window);
    const Check& check = examination.checks.back();
    EXPECT_EQ(check.verdict, each.verdict) << check.measured;
    EXPECT_THAT(check.measured, HasSubstr(each.measured));
  }
}

TEST(ClockReading, TakesAnHttpDateAndNothingElse) {
  EXPECT_EQ(parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT"), tests::kPatientTime);
  EXPECT_EQ(parse_http_date(simulators::http_date(tests::kPatientTime)), tests::kPatientTime);
  for (const char* wrong : {"", "Mon, 23 Nov 2026 12:00:00", "Mon, 23 Nov 2026 12:00:00 CET",
                            "Mon, 31 Feb 2026 12:00:00 GMT", "Mon, 23 ovD 2026 12:00:00 GMT",
                            "2026-11-23T12:00:00Z", "Mon, 23 Nov 2026 25:00:00 GMT"})
    EXPECT_EQ(parse_http_date(wrong), std::nullopt) << wrong;
}

TEST(HostSurvey, ReadsWhatAHostPrints) {
  const HostFacts facts = host::read_survey(
      "@@ clock 1795435200\n@@ hostname\nip-10-0-1-10\n@@ identity\ni-0ee0\nec2a\n"
      "@@ space /wm-data\nFilesystem     1024-blocks     Used Available Capacity Mounted on\n"
      "/dev/nvme1n1     153707984 50331648  95496792      35% /wm-data\n@@ space /gone\n"
      "@@ fstab\n# comment\nUUID=1 / ext4 defaults 0 1\n@@ serial /wm-data\nvol00fc\n"
      "@@ addresses\n1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n"
      "2: ens5    inet 10.0.1.10/24 brd 10.0.1.255 scope global ens5\\       valid_lft forever\n"
      "@@ installers\n11.7.3.ee.10412p1\n@@ cidr\n\"cidr\" : \"10.2.1.1/24\"\n@@ docker\n"
      "Docker version 24.0.6, build ed223bc\n@@ end\n");
  EXPECT_TRUE(facts.root);
  EXPECT_THAT(facts.identities, ElementsAre("ip-10-0-1-10", "i-0ee0", "ec2a"));
  ASSERT_EQ(facts.spaces.size(), 1U) << "a path that df does not know has no size";
  EXPECT_EQ(facts.spaces[0].free_kb, 95496792);
  EXPECT_EQ(facts.spaces[0].mounted_on, "/wm-data");
  EXPECT_EQ(facts.fstab, "# comment\nUUID=1 / ext4 defaults 0 1\n");
  EXPECT_EQ(facts.serials.at("/wm-data"), "vol00fc");
  EXPECT_THAT(facts.addresses, ElementsAre("10.0.1.10"));
  EXPECT_THAT(facts.installers, ElementsAre("11.7.3.ee.10412p1"));
  EXPECT_EQ(facts.cidr, "10.2.1.1/24");
  EXPECT_EQ(facts.docker, "24.0.6");
  EXPECT_FALSE(host::read_survey("@@ clock 1795435200\n").root) << "sudo did not get that far";
}

}  // namespace
}  // namespace wme::executor
