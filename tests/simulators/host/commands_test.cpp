#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/host/host_bench.hpp"

namespace wme::tests {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kInstaller =
    "/usr/local/content/wme/wme-installer/11.11.0.ee.11001p1/wme-installer.sh";

/// The new Platform of a restore, its volumes attached and nothing mounted.
HostBench& with_volumes(HostBench& bench) {
  bench.advance_to("mount-store");
  for (const char* store : {"wm-data-new", "wm-runtime-new"})
    if (bench.value("volume", {store}) != "attached") {
      bench.happens("create-volume", {store});
      bench.happens("attach-volume", {store});
    }
  bench.refused.clear();
  return bench;
}

TEST(Disks, ARestoredVolumeHasTheTreeAndTheUuidOfItsSource) {
  HostBench old(bench_inventory());
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  const std::string before = old.output("platform", "findmnt -no UUID /wm-data");
  // On the machine of today it was nvme1n1 (INV-25).
  EXPECT_EQ(bench.output("platform-new", "blkid -s UUID -o value /dev/nvme2n1"), before);
  bench.type("platform-new", "sudo mkdir -p /wm-data; sudo mount /dev/nvme2n1 /wm-data");
  EXPECT_EQ(bench.value("mounted", {"wm-data-new"}), "yes");
  EXPECT_EQ(bench.output("platform-new", "ls /wm-data/volumes"),
            old.output("platform", "ls /wm-data/volumes"));
  EXPECT_THAT(bench.broken(), IsEmpty());
}

TEST(Disks, TheWrongVolumeInAPlaceBreaksInv25) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  const auto answer =
      bench.type("platform-new", "sudo mkdir -p /wm-data && sudo mount /dev/nvme1n1 /wm-data");
  EXPECT_EQ(answer.exit_status, 0) << "the kernel does not know what belongs where";
  EXPECT_EQ(bench.value("mounted", {"wm-data-new"}), "no");
  EXPECT_THAT(bench.broken(), Contains("INV-25"));
}

TEST(Disks, MkfsAsksAndThenErasesARestoredVolume) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  const auto asked = bench.type("platform-new", "sudo mkfs.ext4 /dev/nvme2n1", "n\n");
  EXPECT_EQ(asked.exit_status, 1);
  EXPECT_THAT(asked.output, HasSubstr("Proceed anyway? (y,N)"));
  EXPECT_EQ(bench.value("content", {"wm-data-new"}), "restored");
  EXPECT_EQ(bench.type("platform-new", "sudo mkfs -t ext4 -F /dev/nvme2n1").exit_status, 0);
  EXPECT_EQ(bench.value("content", {"wm-data-new"}), "empty");
  EXPECT_THAT(bench.broken(), Contains("INV-24"));
}

TEST(Disks, UmountIsRefusedWhileDockerRuns) {
  HostBench bench(bench_inventory());
  const auto answer = bench.type("platform", "sudo umount /wm-data");
  EXPECT_EQ(answer.exit_status, 32);
  EXPECT_EQ(answer.errors, "umount: /wm-data: target is busy.\n");
  EXPECT_EQ(bench.type("platform", "umount /wm-data").errors,
            "umount: /wm-data: must be superuser to unmount.\n");
}

TEST(Disks, MountSaysWhyNot) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  EXPECT_EQ(bench.type("platform-new", "sudo mount /dev/nvme2n1 /nowhere").errors,
            "mount: /nowhere: mount point does not exist.\n");
  EXPECT_EQ(bench.type("platform-new", "sudo mount /dev/xvdf /mnt").errors,
            "mount: /mnt: special device /dev/xvdf does not exist.\n");
  EXPECT_EQ(bench.type("platform-new", "sudo mount UUID=12 /mnt").errors,
            "mount: /mnt: can't find UUID=12.\n");
}

/// As util-linux 2.38 and coreutils 9.1 lay it out on a real machine.
TEST(Disks, AreListedAsLsblkListsThem) {
  HostBench bench(bench_inventory());
  EXPECT_EQ(bench.output("platform", "lsblk"),
            "NAME        MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS\n"
            "nvme0n1     259:0    0  100G  0 disk \n"
            "\u2514\u2500nvme0n1p1 259:1    0  100G  0 part /\n"
            "nvme1n1     259:2    0  150G  0 disk /wm-data\n"
            "nvme2n1     259:4    0  100G  0 disk /wm-runtime\n");
  EXPECT_EQ(bench.output("platform", "lsblk -dn -o SIZE,NAME"),
            " 100G nvme0n1\n 150G nvme1n1\n 100G nvme2n1\n");
  EXPECT_EQ(bench.output("platform", "lsblk -J -o NAME,SIZE,MOUNTPOINT /dev/nvme1n1"),
            "{\n   \"blockdevices\": [\n      {\n         \"name\": \"nvme1n1\",\n"
            "         \"size\": \"150G\",\n         \"mountpoint\": \"/wm-data\"\n"
            "      }\n   ]\n}\n");
  EXPECT_THAT(bench.output("platform", "lsblk -f"),
              testing::StartsWith("NAME        FSTYPE FSVER LABEL           UUID"));
}

TEST(Disks, AreCountedAsDfCountsThem) {
  HostBench bench(bench_inventory());
  EXPECT_THAT(bench.output("platform", "df -h /wm-runtime"),
              testing::MatchesRegex("Filesystem      Size  Used Avail Use% Mounted on\n"
                                    "/dev/nvme2n1    100G  [ .0-9]+K  100G   1% /wm-runtime\n"));
  EXPECT_THAT(bench.output("platform", "df /wm-runtime"),
              testing::StartsWith("Filesystem     1K-blocks  Used Available Use% Mounted on\n"
                                  "/dev/nvme2n1   104857600"));
  EXPECT_THAT(bench.output("platform", "df -P /"),
              testing::StartsWith("Filesystem     1024-blocks"));
}

/// W1: `defaults ,nofail`, as the vendor prints it.
TEST(Fstab, TheVendorsLineIsIgnoredByLibmountAndBreaksInv26) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  bench.type("platform-new",
             "sudo mkdir -p /wm-data; u=$(blkid -s UUID -o value /dev/nvme2n1); echo \"UUID=$u "
             "/wm-data ext4 defaults ,nofail 0 2\" | sudo tee -a /etc/fstab");
  const auto mounted = bench.type("platform-new", "sudo mount -a");
  EXPECT_EQ(mounted.errors, "mount: /etc/fstab: parse error at line 2 -- ignored\n");
  EXPECT_EQ(bench.value("mounted", {"wm-data-new"}), "no");
  const auto verified = bench.type("platform-new", "findmnt --verify");
  EXPECT_EQ(verified.exit_status, 1);
  EXPECT_THAT(verified.errors, HasSubstr("parse error at line 2 -- ignored"));
  EXPECT_THAT(bench.broken(), Contains("INV-26"));
}

struct Line {
  const char* text;
  const char* why;
};
std::ostream& operator<<(std::ostream& out, const Line& line) { return out << line.why; }
class BadLine : public testing::TestWithParam<Line> {};

TEST_P(BadLine, BreaksInv26) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  bench.type("platform-new", std::string("u=$(blkid -s UUID -o value /dev/nvme2n1); echo \"") +
                                 GetParam().text + "\" | sudo tee -a /etc/fstab");
  const auto lock = bench.world.enter();
  ASSERT_EQ(bench.world.violations().size(), 1U)
      << GetParam().text << bench.world.violations().back().sentence;
  EXPECT_EQ(bench.world.violations()[0].rule, "INV-26");
  EXPECT_THAT(bench.world.violations()[0].sentence, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BadLine,
    testing::Values(Line{"/dev/nvme2n1 /wm-data ext4 defaults,nofail 0 2", "by name"},
                    Line{"UUID=$u /wm-data ext4 defaults 0 2", "lacks nofail"},
                    Line{"UUID=other /wm-data ext4 defaults,nofail 0 2", "another filesystem"},
                    Line{"UUID=$u /wm-data xfs defaults,nofail 0 2", "type xfs"},
                    Line{"UUID=$u /wm-data ext4 defaults,nofail 0 2\nUUID=$u /wm-data ext4 "
                         "defaults,nofail 0 2",
                         "2 lines"}));

TEST(Fstab, AGoodLineOfAMountedStoreIsValid) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  // The line first, then the mount that reads it: in either order it counts.
  bench.type("platform-new",
             "sudo mkdir -p /wm-data; u=$(blkid -s UUID -o value /dev/nvme2n1); echo \"UUID=$u "
             "/wm-data ext4 defaults,nofail 0 2\" | sudo tee -a /etc/fstab; sudo mount -a");
  EXPECT_EQ(bench.value("mounted", {"wm-data-new"}), "yes");
  EXPECT_EQ(bench.value("fstab", {"wm-data-new"}), "valid");
  EXPECT_THAT(bench.broken(), IsEmpty());
}

constexpr const char* kAnswers = "ens5\ny\n10.2.1.1/24\nn\n";

TEST(Installer, AsksItsQuestionsAndTakesTheSameCidr) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  bench.advance_to("initialize");
  const auto answer = bench.type("platform-new", std::string("sudo bash ") + kInstaller, kAnswers);
  EXPECT_EQ(answer.exit_status, 127) << "the package was extracted by the world, not by tar";
  const auto extracted = bench.type(
      "platform-new",
      "sudo mkdir -p /usr/local/content/wme/wme-installer/11.11.0.ee.11001p1; cd /tmp; wget "
      "https://downloads.test.example/WME.tar; sudo tar -xvf WME.tar -C "
      "/usr/local/content/wme/wme-installer/11.11.0.ee.11001p1");
  ASSERT_EQ(extracted.exit_status, 0) << extracted.errors;
  const auto initialized =
      bench.type("platform-new", std::string("sudo bash ") + kInstaller, kAnswers);
  EXPECT_EQ(initialized.exit_status, 0) << initialized.output << initialized.errors;
  EXPECT_THAT(initialized.output, HasSubstr("Enter an interface name assigned to a network:"));
  EXPECT_THAT(initialized.output,
              HasSubstr("completed successfully !.. Go to http://10.0.1.10:8080"));
  EXPECT_EQ(bench.value("setup", {"platform-new"}), "initialized");
  EXPECT_THAT(bench.broken(), IsEmpty());
}

/// Downloads and extracts by hand, on a new Platform that is just reachable.
void install_by_hand(HostBench& bench) {
  const auto answer = bench.type(
      "platform-new",
      "cd /tmp && wget https://downloads.test.example/WME.tar && wget "
      "https://downloads.test.example/WME.tar.sha1 && sha1sum -c WME.tar.sha1 && sudo mkdir -p "
      "/usr/local/content/wme/wme-installer/11.11.0.ee.11001p1 && sudo tar -xvf WME.tar -C "
      "/usr/local/content/wme/wme-installer/11.11.0.ee.11001p1");
  ASSERT_EQ(answer.exit_status, 0) << answer.errors;
  EXPECT_THAT(answer.output, HasSubstr("WME.tar: OK"));
}

TEST(Installer, OverNothingMountedBreaksInv27) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  install_by_hand(bench);
  bench.type("platform-new", std::string("sudo bash ") + kInstaller, kAnswers);
  EXPECT_THAT(bench.broken(), Contains("INV-27"));
}

TEST(Installer, AnotherCidrBreaksInv34AndOtherKeysInv35) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  bench.type(
      "platform-new",
      "sudo mkdir -p /wm-data /wm-runtime /home/ubuntu/.ssh; sudo mount /dev/nvme2n1 /wm-data; "
      "sudo mount /dev/nvme1n1 /wm-runtime; touch /home/ubuntu/.ssh/id_rsa");
  install_by_hand(bench);
  const auto answer = bench.type("platform-new", std::string("sudo bash ") + kInstaller,
                                 "ens5\ny\n10.3.1.1/24\ny\nubuntu\n/home/ubuntu/.ssh/id_rsa\n");
  EXPECT_EQ(answer.exit_status, 0) << answer.output;
  EXPECT_THAT(bench.broken(), Contains("INV-34"));
  EXPECT_THAT(bench.broken(), Contains("INV-35"));
}

TEST(Installer, RefusesTheWrongInterfaceAndTooSmallANetwork) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  with_volumes(bench);
  install_by_hand(bench);
  const std::string run = std::string("sudo bash ") + kInstaller;
  EXPECT_EQ(bench.type("platform-new", run, "eth9\n").exit_status, 1);
  EXPECT_EQ(bench.type("platform-new", run, "ens5\ny\n10.2.1.1/25\nn\n").exit_status, 1);
  EXPECT_EQ(bench.value("setup", {"platform-new"}), "absent");
}

TEST(Installer, TheCheckListsWhatIsNotParked) {
  HostBench bench(bench_inventory());
  const auto answer = bench.type(
      "platform",
      "bash /usr/local/content/wme/wme-installer/11.11.0.ee.11001p1/check_nonpassivate_ctnrs.sh");
  EXPECT_EQ(answer.exit_status, 0);
  EXPECT_EQ(answer.output, "c1\nc2\nc4\nc5\n");
  EXPECT_EQ(bench.value("counted", {}), "no");
}

/// W2: the vendor's page has an en dash.
TEST(Installer, RotateDoesNotKnowAnEnDash) {
  FleetShape shape;
  shape.version = "10.13.2.ee.9995p1";
  model::Inventory inventory = fleet(shape);
  HostBench bench(inventory, model::Procedure::kUpgrade);
  bench.advance_to("migrate");
  const std::string base = "/usr/local/content/wme/wme-installer/11.8.1.ee.10555p1";
  bench.type("platform-new",
             "sudo mkdir -p " + base + "; echo | sudo tee " + base + "/wme-rotate.sh");
  const std::string run = "sudo bash " + base + "/wme-rotate.sh ";
  const auto dashed = bench.type("platform-new", run + "\xe2\x80\x93migrate");
  EXPECT_EQ(dashed.exit_status, 2);
  EXPECT_THAT(dashed.errors, HasSubstr("unrecognized option"));
  EXPECT_EQ(bench.value("migrated", {"platform-new"}), "no");
  EXPECT_EQ(bench.type("platform-new", run + "--migrate").exit_status, 0);
  EXPECT_EQ(bench.value("migrated", {"platform-new"}), "yes");
}

TEST(Installer, VcsScriptsTakeTheSamePairAndOnlyANewAddress) {
  const std::string run =
      "cd /usr/local/content/wme/wme-installer/11.11.0.ee.11001p1/resources && sudo bash "
      "update_vcs_ips_in_backupserver.sh ";
  HostBench same(bench_inventory());
  same.type("platform", run + "10.0.1.10 10.0.1.10");
  EXPECT_THAT(same.broken(), Contains("INV-49"));
  HostBench other(bench_inventory(model::Provider::kAws, Addresses::kNewPlatform));
  other.type("platform", run + "10.0.1.10 10.9.9.9");
  EXPECT_THAT(other.broken(), Contains("INV-48"));
}

TEST(Archives, AFailedCopyShowsInTheChecksum) {
  model::Inventory inventory = bench_inventory(model::Provider::kEsxi);
  HostBench bench(
      inventory, model::Procedure::kDehydrate,
      simulators::FaultSchedule({{"verify-archive", 1, simulators::Fault::kOutcomeFails}}));
  bench.advance_to("write-archive");
  const auto made = bench.type(
      "platform", std::string("sudo bash ") + kInstaller +
                      " --data-archive && sudo mkdir -p /backup/b && cd /backup/b && sudo cp "
                      "/wm-data/data.tar . && sudo bash -c 'sha256sum data.tar > sum'");
  ASSERT_EQ(made.exit_status, 0) << made.errors;
  EXPECT_EQ(bench.value("archive", {"tar-wm-data"}), "copied");
  const auto checked = bench.type("platform", "cd /backup/b && sha256sum -c sum");
  EXPECT_EQ(checked.exit_status, 1);
  EXPECT_EQ(checked.output, "data.tar: FAILED\n");
  EXPECT_EQ(bench.value("archive", {"tar-wm-data"}), "damaged");
  EXPECT_EQ(bench.type("platform", "cd /backup/b && sha256sum -c sum").exit_status, 1)
      << "it stays damaged";
}

class AnyProvider : public testing::TestWithParam<model::Provider> {};

/// Nobody is parked, the services run, docker runs: worthless, whatever the backup is made of.
TEST_P(AnyProvider, AnArchiveWhileWmeRunsBreaksTheRulesOfABackup) {
  HostBench bench(bench_inventory(GetParam()));
  const auto made =
      bench.type("platform", std::string("sudo bash ") + kInstaller + " --data-archive");
  EXPECT_EQ(made.exit_status, 0) << "nobody but us refuses: " << made.errors;
  EXPECT_THAT(bench.broken(), testing::IsSupersetOf({"INV-05", "INV-10", "INV-12"}));
}

TEST_P(AnyProvider, ATarballOrACopyOfATreeIsABackupToo) {
  for (const char* command :
       {"sudo tar -cf /tmp/all.tar /wm-data /wm-runtime", "sudo tar -C / -czf /tmp/d.tgz wm-data",
        "sudo cp -a /wm-runtime /mnt/runtime"}) {
    HostBench bench(bench_inventory(GetParam()));
    EXPECT_EQ(bench.type("platform", command).exit_status, 0) << command;
    EXPECT_THAT(bench.broken(), testing::IsSupersetOf({"INV-05", "INV-10", "INV-12"})) << command;
  }
}

TEST_P(AnyProvider, AnArchiveOfAPreparedPlatformBreaksNothing) {
  HostBench bench(bench_inventory(GetParam()));
  bench.advance_to("stop-docker");
  bench.happens("stop-docker", {"platform"});
  const auto made = bench.type("platform", "sudo tar -cf /tmp/data.tar /wm-data");
  EXPECT_EQ(made.exit_status, 0) << made.errors;
  EXPECT_THAT(bench.broken(), IsEmpty());
  EXPECT_THAT(bench.refused, IsEmpty());
}

TEST_P(AnyProvider, ATarballOfAPartIsNoBackup) {
  HostBench bench(bench_inventory(GetParam()));
  bench.type("platform", "sudo tar -cf /tmp/logs.tar /var/log /wm-data/volumes/gitlab");
  EXPECT_THAT(bench.broken(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Archives, AnyProvider,
                         testing::Values(model::Provider::kAws, model::Provider::kAzure,
                                         model::Provider::kGcp, model::Provider::kEsxi,
                                         model::Provider::kHyperV),
                         [](const auto& each) {
                           std::string name(model::to_string(each.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(Services, DockerSaysThatItIsDown) {
  HostBench bench(bench_inventory());
  EXPECT_THAT(bench.output("platform", "docker ps"), HasSubstr("wavemaker/gitlab"));
  EXPECT_EQ(bench.output("platform", "docker ps | grep -c wavemaker"), "11\n");
  bench.happens("stop-docker", {"studio-1"});
  EXPECT_EQ(bench.type("studio-1", "docker ps").exit_status, 1);
  EXPECT_EQ(bench.output("studio-1", "systemctl is-active docker"), "inactive\n");
}

TEST(Services, AnInstanceWithAnOldDockerBreaksInv52) {
  HostBench bench(bench_inventory(), model::Procedure::kRestore);
  bench.advance_to("prepare-instance");
  bench.type("studio-1-new", "sudo apt-get install -y docker.io=20.10.21-0ubuntu1~22.04.3");
  EXPECT_THAT(bench.output("studio-1-new", "docker --version"), HasSubstr("version 20.10.21,"));
  EXPECT_EQ(bench.type("studio-1-new", "sudo usermod -aG docker ubuntu").exit_status, 0)
      << "nobody but us refuses";
  EXPECT_EQ(bench.broken(), std::vector<std::string>{"INV-52"});
}

TEST(Services, ADockerUpgradeUnderContainersBreaksInv52) {
  const std::string upgrade =
      "cd /usr/local/content/wme/wme-installer/11.11.0.ee.11001p1 && sudo bash wme-utility.sh "
      "--docker-upgrade";
  HostBench early(bench_inventory());
  EXPECT_EQ(early.type("platform", upgrade).exit_status, 0);
  EXPECT_EQ(early.broken(), std::vector<std::string>{"INV-52"});
  HostBench parked(bench_inventory());
  parked.advance_to("stop-services");
  EXPECT_THAT(parked.output("platform", upgrade), HasSubstr("24.0.6 installed [DONE]"));
  EXPECT_THAT(parked.broken(), IsEmpty());
}

TEST(Reach, TheAddressFollowsItsHolder) {
  HostBench bench(bench_inventory(), model::Procedure::kRotate);
  EXPECT_EQ(bench.output("10.0.1.10", "hostname; cat /sys/class/dmi/id/board_asset_tag"),
            "ip-10-0-1-10\nplatform\n");
  bench.advance_to("attach-address");
  EXPECT_FALSE(bench.front.reachable("10.0.1.10"));
  EXPECT_FALSE(bench.front.reachable("platform-new"));
  bench.happens("attach-address");
  EXPECT_THAT(bench.output("10.0.1.10", "cat /sys/class/dmi/id/board_asset_tag"), HasSubstr("i-0"));
}

}  // namespace
}  // namespace wme::tests
