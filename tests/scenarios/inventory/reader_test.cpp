#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "scenarios/inventory/inventory_file.hpp"
#include "tests/scenarios/inventory/sample.hpp"

namespace wme::scenarios {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(ParseInventory, ReadsEverySection) {
  const auto read = parse_inventory(sample_text(), "i.yaml");
  ASSERT_TRUE(read) << read.error().message;
  const model::Inventory& one = read.value();
  EXPECT_EQ(one.name, "acme");
  EXPECT_EQ(one.provider, model::Provider::kEsxi);
  EXPECT_EQ(one.version, "11.7.3.ee.10412p1");
  EXPECT_EQ(one.platform.address, "10.0.1.10");
  EXPECT_EQ(one.platform.wm_data.size_gb, 150);
  EXPECT_EQ(one.platform.wm_runtime.size_gb, 100) << "the default of what the file leaves out";
  EXPECT_EQ(one.shards[0].id, "shard-147aab1595f3qk135yK2H") << "known for every installation";
  EXPECT_EQ(one.instances[0].new_address, "10.0.102.10");
  ASSERT_EQ(one.containers.size(), 6U);
  EXPECT_EQ(one.containers[0].id, "c1");
  EXPECT_EQ(one.containers[3].id, "ccc-0004");
  EXPECT_EQ(one.containers[3].owner, "dev4@acme.example");
  EXPECT_EQ(one.package.sha1, "0123456789abcdef0123456789abcdef01234567");
  EXPECT_EQ(one.access.launchpad_password.where, "env:LAUNCHPAD_PASSWORD");
}

TEST(ParseInventory, TakesJson) {
  const std::string json = R"({"schema": "rehydrate/inventory/1",
 "installation": {"name": "acme", "provider": "aws", "version": "11.7.3.ee.10412p1",
   "studio_domain": "wavemaker.acme.example"},
 "platform": {"address": "10.0.1.10"}, "shards": [], "instances": [], "containers": [],
 "access": {"launchpad_user": "admin@acme.example", "launchpad_password": "env:A",
   "config_wizard_password": "env:B"}})";
  EXPECT_EQ(errors_of(json), "");
}

TEST(ParseInventory, TellsPlaceReasonAndMend) {
  EXPECT_EQ(errors_of(with("  address: 10.0.1.10", "  adress: 10.0.1.10")),
            "i.yaml:10:3: unknown key 'adress' in platform: a key that nobody reads would be a "
            "silent mistake; did you mean 'address'?");
  EXPECT_EQ(errors_of(with("  address: 10.0.1.10\n", "")),
            "i.yaml:10:3: platform has no 'address': it is required; add it: an IPv4 address such "
            "as 10.0.1.10");
}

TEST(ParseInventory, TellsEverythingInOneGo) {
  std::string text = with("provider: esxi", "provider: esxx");
  text.replace(text.find("10.0.3.10"), 9, "10.0.3.310");
  text.replace(text.find("state: stopped"), 14, "state: stoped");
  const std::string errors = errors_of(text);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 2);
  EXPECT_THAT(errors, StartsWith("i.yaml:4:13: installation.provider 'esxx' is unknown"));
  EXPECT_THAT(errors, HasSubstr("did you mean 'esxi'?"));
  EXPECT_THAT(errors, HasSubstr("i.yaml:18:38: instances.address '10.0.3.310' does not fit"));
  EXPECT_THAT(errors, HasSubstr("did you mean 'stopped'?"));
}

TEST(ParseInventory, ShowsABoundedNumberOfErrors) {
  std::string rows;
  for (int i = 0; i < 60; ++i) rows += "  - {nam: x}\n";
  const std::string errors = errors_of(with("containers:\n", "containers:\n" + rows));
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 50);
  EXPECT_THAT(errors, HasSubstr("\ni.yaml: and "));
}

class ParseInventoryRefuses : public testing::TestWithParam<Defect> {};
TEST_P(ParseInventoryRefuses, AndSaysWhy) {
  const std::string errors = errors_of(with(GetParam().old, GetParam().replacement));
  EXPECT_THAT(errors, HasSubstr(GetParam().message));
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 0) << "more than one: " << errors;
  EXPECT_THAT(errors, testing::ContainsRegex("^i.yaml:[0-9]+:[0-9]+: "));
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, ParseInventoryRefuses,
    testing::Values(
        Defect{"UnknownSection", "packages:", "packges:",
               "24:1: unknown key 'packges' in the file: a key that nobody reads would be a silent "
               "mistake; did you mean 'packages'?"},
        Defect{"MisspeltSection", "instances:\n", "instancs:\n", "did you mean 'instances'?"},
        Defect{"DuplicateKey", "  lan: 10.0.0.0/16", "  cidr: 10.3.1.1/24",
               "7:3: key 'cidr' is there twice in installation"},
        Defect{"MissingSection", "shards:", "# shards:", "i.yaml:"},
        Defect{"NumberForAVersion", "version: 11.7.3.ee.10412p1", "version: 11.7",
               "version is a number: it has to be a full build string such as "
               "11.10.5.ee.10234p1; correct it"},
        Defect{"UnknownWord", "state: stopped", "state: parked",
               "it has to be one of running, stopped, passivated; correct it"},
        Defect{"ListForMap", "platform:\n  address: 10.0.1.10", "platform:\n  - address: 10.0.1.10",
               "i.yaml:11:3: this line does not fit the ones before it"},
        Defect{"NumberForText", "name: acme", "name: 17",
               "3:9: installation.name is a number: it has to be a text; put it in quotes"},
        Defect{"TruthForText", "name: acme", "name: yes", "installation.name is a truth value"},
        Defect{"TextForNumber", "size_gb: 150", "size_gb: \"150\"",
               "wm_data.size_gb is a text: it has to be a whole number from 1 to 65536"},
        Defect{"FractionForNumber", "size_gb: 150", "size_gb: 1.5",
               "wm_data.size_gb 1.5 does not fit"},
        Defect{"NumberTooLarge", "slots: 2", "slots: 100", "slots 100 does not fit"},
        Defect{"NegativeNumber", "slots: 2", "slots: -1", "slots -1 does not fit"},
        Defect{"ListForText", "name: acme", "name: [acme]", "installation.name is a list"},
        Defect{"TwoShardsInAList", "shard: qa, address", "shard: [qa, studio], address",
               "instances.shard is a list: it has to be a shard: studio, qa, stage or live"},
        Defect{"TextForMap", "wm_data: {size_gb: 150}", "wm_data: 150",
               "platform.wm_data is a number: it has to be a map"},
        Defect{"MapForList", "  - {name: studio}\n  - {name: qa}\n", "  name: studio\n",
               "shards is a map: it has to be a list; write one line with '- ' for each entry"},
        Defect{
            "NothingForText", "address: 10.0.1.10", "address:",
            "platform.address has no value: it has to be an IPv4 address such as 10.0.1.10; write "
            "one behind the key"},
        Defect{"ShortVersion", "version: 11.7.3.ee.10412p1", "version: 11.7.3",
               "5:12: installation.version '11.7.3' does not fit: it has to be a full build string "
               "such as 11.10.5.ee.10234p1"},
        Defect{"BadName", "name: qa-1", "name: \"qa 1\"", "instances.name 'qa 1' does not fit"},
        Defect{"BadChecksum", "0123456789abcdef0123456789abcdef01234567", "abc",
               "packages.package.sha1 'abc' does not fit"},
        Defect{"BadUrl", "https://downloads", "ftp://downloads", "packages.package.url"},
        Defect{"BadRange", "c{3..5}", "c{5..3}", "containers.name 'c{5..3}' does not fit"},
        Defect{"BadBraces", "dev{n}@acme", "dev{m}@acme",
               "22:5: owner 'dev{m}@acme.example' has braces that say nothing: only"},
        Defect{"TooManyContainers", "c{3..5}", "c{1..9999999}", "are too many"},
        Defect{"BadYaml", "name: acme", "name: [acme", "not valid YAML"},
        Defect{"Tab", "  name: acme", "\tname: acme",
               "i.yaml:3:1: a tab in the indentation: YAML takes only spaces there; replace"},
        Defect{"OtherSchema", "inventory/1", "plan/1",
               "i.yaml:1:9: the schema is not rehydrate/inventory/1"},
        Defect{"NoSchema", "schema: rehydrate/inventory/1\n", "",
               "i.yaml:1:1: the file has no 'schema'"},
        Defect{"TwoDocuments", "platform:", "---\nplatform:", "2 YAML documents in one file"},
        Defect{"OpenQuote", "name: acme", "name: \"acme",
               "i.yaml:3:1: a quote on this line is not closed"},
        Defect{"EndOfTransmission", "name: acme", "name: ac\x04me",
               "3:11: a control character (0x04)"},
        Defect{"Latin1", "ann@", "\xe4nn@", "20:38: byte 0xe4 is not UTF-8"}),
    [](const auto& one) { return one.param.name; });

TEST(ParseInventory, TakesEveryWayToSayWhereASecretIs) {
  for (const char* where : {"env:A_1", "file:/etc/password", "credential:launchpad-password"})
    EXPECT_EQ(errors_of(with("env:LAUNCHPAD_PASSWORD", where)), "") << where;
  for (const char* nowhere : {"env:", "env:1", "file:", "credential:", "credential:.",
                              "credential:..", "credential:../shadow"})
    EXPECT_NE(errors_of(with("env:LAUNCHPAD_PASSWORD", nowhere)), "") << nowhere;
}

TEST(ParseInventory, NeverRepeatsASecret) {
  const std::string clear = errors_of(with("env:LAUNCHPAD_PASSWORD", "hunter2"));
  EXPECT_THAT(clear, AllOf(HasSubstr("i.yaml:30:23: access.launchpad_password does not say where "
                                     "the secret is"),
                           HasSubstr("env:NAME or file:PATH"), Not(HasSubstr("hunter2"))));
  const std::string number = errors_of(with("env:LAUNCHPAD_PASSWORD", "123456"));
  EXPECT_THAT(number, AllOf(HasSubstr("launchpad_password"), Not(HasSubstr("123456"))));
  const std::string url = errors_of(with("https://downloads", "https://me:hunter2@downloads"));
  EXPECT_THAT(url, AllOf(HasSubstr("without user name and password"), Not(HasSubstr("hunter2"))));
  const std::string list = errors_of(with("env:LAUNCHPAD_PASSWORD", "[hunter2]"));
  EXPECT_THAT(list, AllOf(HasSubstr("launchpad_password"), Not(HasSubstr("hunter2"))));
}

TEST(ParseInventory, RefusesEveryFileThatWasCutOff) {
  const std::string whole = sample_text();
  ASSERT_EQ(errors_of(whole), "");
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_NE(errors_of(whole.substr(0, length)), "") << "cut after byte " << length;
}

TEST(ParseInventory, RefusesWhatIsNoText) {
  EXPECT_THAT(errors_of(""), HasSubstr("i.yaml:1:1: the file is empty"));
  EXPECT_THAT(errors_of(" \n\n"), HasSubstr("the file is empty"));
  EXPECT_THAT(errors_of("# only a comment\n"), HasSubstr("0 YAML documents"));
  EXPECT_THAT(errors_of("just a word\n"), HasSubstr("the file is a text: it has to be a map"));
  EXPECT_THAT(errors_of(std::string("\xff\xfes\0c\0", 6)), HasSubstr("1:1: byte 0xff"));
  std::string deep(100'000, '[');
  deep.push_back('\n');
  EXPECT_THAT(errors_of(deep), HasSubstr("not valid YAML"));
}

class LoadInventory : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("rehydrate-inventory-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(LoadInventory, ReadsAFile) {
  const auto path = folder_ / "i.yaml";
  std::ofstream(path) << sample_text();
  const auto read = load_inventory(path);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read.value().name, "acme");
}

TEST_F(LoadInventory, NamesTheFileInItsErrors) {
  const auto path = folder_ / "i.yaml";
  std::ofstream(path) << with("esxi", "esx");
  const auto read = load_inventory(path);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, StartsWith(path.string() + ":4:13: "));
}

TEST_F(LoadInventory, SaysWhyAFileCannotBeRead) {
  const auto directory = load_inventory(folder_);
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, HasSubstr("it is a directory"));
  const auto missing = load_inventory(folder_ / "none.yaml");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(missing.error().message, HasSubstr("No such file"));
}

TEST_F(LoadInventory, IsBounded) {
  const auto path = folder_ / "huge.yaml";
  std::ofstream(path) << "#";
  std::filesystem::resize_file(path, kInventoryBytesMax + 1);  // sparse
  const auto read = load_inventory(path);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("larger than 64 MB"));
}

}  // namespace
}  // namespace wme::scenarios
