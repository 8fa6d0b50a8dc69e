#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/cli/program.hpp"

namespace wme::cli {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Two people with keys, who trust each other, and a plan that ada has certified.
class CertificateCommand : public testing::Test {
 protected:
  CertificateCommand() {
    sample_plan(folder, "restore");
    must({"keygen", "--name", "ada", "-o", "ada.key"});
    must({"keygen", "--name", "bob", "-o", "bob.key"});
    folder.file("trusted", text("ada.key.pub") + text("bob.key.pub"));
    must({"verify", "plan.json", "-i", "inventory.yaml", "--certificate", "c.json", "--key",
          "ada.key", "--comment", "for the drill"});
  }
  std::string text(const std::string& name) const { return text_of(folder.path() / name); }
  Ended run(const std::vector<std::string>& arguments,
            std::map<std::string, std::string> environment = {}) const {
    return rehydrate(folder, arguments, "", std::move(environment));
  }
  void must(const std::vector<std::string>& arguments) const {
    const Ended ended = run(arguments);
    if (ended.status != 0) throw std::runtime_error(ended.err + ended.out);
  }
  Ended check(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"certificate", "check", "c.json", "--plan", "plan.json", "-i",
                               "inventory.yaml", "--trusted", "trusted"});
    return run(more);
  }
  /// Why `check` refuses, by its words for machines.
  std::vector<std::string> reasons(std::vector<std::string> more = {}) const {
    more.emplace_back("--json");
    const Ended ended = check(more);
    EXPECT_EQ(ended.status, 4) << ended.out << ended.err;
    std::vector<std::string> found;
    const json told = json::parse(ended.out);
    for (const json& each : told["objections"]) found.push_back(each["reason"]);
    return found;
  }
  TemporaryFolder folder;
};

TEST_F(CertificateCommand, KeysArePrivateAndNeverOverwritten) {
  struct stat about {};
  ASSERT_EQ(::stat((folder.path() / "ada.key").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_THAT(text("ada.key.pub"), AllOf(StartsWith("ed25519 "), HasSubstr(" ada\n")));
  const std::string before = text("ada.key");
  const Ended again = run({"keygen", "--name", "eve", "-o", "ada.key"});
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("stands there already"));
  EXPECT_EQ(text("ada.key"), before);
  // Neither half is left when the other one is in the way.
  folder.file("eve.key", "mine");
  EXPECT_EQ(run({"keygen", "--name", "eve", "-o", "eve.key"}).status, 2);
  EXPECT_THAT(folder.names(), Not(Contains("eve.key.pub")));
  EXPECT_EQ(text("eve.key"), "mine");
  EXPECT_EQ(run({"keygen", "-o", "x.key"}, {{"USER", ""}}).status, 2);
  EXPECT_EQ(run({"keygen", "--name", "a b", "-o", "x.key"}).status, 2);
}

TEST_F(CertificateCommand, APassingCheckTellsWhatWasShown) {
  const Ended good = check();
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_THAT(good.out,
              AllOf(StartsWith("VALID  at "), HasSubstr("restore acme-aws-xs"), HasSubstr("proved"),
                    HasSubstr("ada, key "), HasSubstr("for the drill")));
  const json told = json::parse(check({"--json"}).out);
  EXPECT_EQ(told["valid"], true);
  EXPECT_EQ(told["signatures"][0]["name"], "ada");
  const json shown = json::parse(run({"certificate", "show", "c.json", "--json"}).out);
  EXPECT_EQ(shown["certificate"], json::parse(text("c.json")));
  EXPECT_EQ(shown["certificate_sha256"], told["certificate_sha256"]);
  EXPECT_THAT(run({"certificate", "show", "c.json"}).out, HasSubstr("Author"));
}

TEST_F(CertificateCommand, TrustsTheUsualFile) {
  const std::string trusted = (folder.path() / "trusted").string();
  const std::vector<std::string> words = {"certificate", "check", "c.json",        "--plan",
                                          "plan.json",   "-i",    "inventory.yaml"};
  EXPECT_EQ(run(words, {{"REHYDRATE_TRUSTED_KEYS", trusted}}).status, 0);
  std::filesystem::create_directories(folder.path() / "home/.config/rehydrate");
  folder.file("home/.config/rehydrate/trusted-keys", text("trusted"));
  const std::string home = (folder.path() / "home").string();
  EXPECT_EQ(
      run(words, {{"REHYDRATE_TRUSTED_KEYS", ""}, {"XDG_CONFIG_HOME", ""}, {"HOME", home}}).status,
      0);
  const Ended none = run(words, {{"REHYDRATE_TRUSTED_KEYS", "nowhere"}});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, AllOf(HasSubstr("nowhere"), HasSubstr("keygen")));
}

TEST_F(CertificateCommand, ACheckNamesWhatWasChanged) {
  const std::string plan = text("plan.json");
  const std::string inventory = text("inventory.yaml");
  folder.file("inventory.yaml", inventory + "# a comment\n");
  EXPECT_THAT(reasons(), testing::ElementsAre("inventory"));
  EXPECT_THAT(check().err, AllOf(HasSubstr("c.json: inventory.yaml is not the inventory"),
                                 HasSubstr("it means the same")));
  folder.file("inventory.yaml", inventory);
  json changed = json::parse(plan);
  changed["steps"][0]["deadline_s"] = 1;
  folder.file("plan.json", changed.dump());
  EXPECT_THAT(reasons(), testing::ElementsAre("plan"));
  EXPECT_THAT(check().err, HasSubstr("it means something else"));
}

TEST_F(CertificateCommand, AnyByteOfTheInputsCounts) {
  for (const char* name : {"plan.json", "inventory.yaml", "c.json"}) {
    const std::string before = text(name);
    // The library's test tries each byte of the certificate; here the program tries some of all.
    for (std::size_t at = 7; at < before.size(); at += before.size() / 9) {
      std::string changed = before;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      folder.file(name, changed);
      EXPECT_THAT(check().status, testing::AnyOf(2, 4)) << name << " byte " << at;
    }
    folder.file(name, before);
  }
  EXPECT_EQ(check().status, 0);
}

TEST_F(CertificateCommand, ACheckKnowsTrustTimeAndQuorum) {
  folder.file("trusted", text("bob.key.pub"));
  EXPECT_THAT(reasons(), testing::ElementsAre("untrusted"));
  folder.file("trusted", text("ada.key.pub") + text("bob.key.pub"));
  EXPECT_THAT(reasons({"--at", "2199-01-01T00:00:00Z"}), testing::ElementsAre("expired"));
  EXPECT_THAT(reasons({"--at", "2019-01-01T00:00:00Z"}), testing::ElementsAre("not-yet-valid"));
  EXPECT_EQ(check({"--at", "soon"}).status, 2);
  EXPECT_THAT(reasons({"--quorum", "1"}), testing::ElementsAre("quorum"));
  must({"approve", "c.json", "--key", "bob.key", "--comment", "change 4711"});
  const Ended approved = check({"--quorum", "1"});
  EXPECT_EQ(approved.status, 0) << approved.err;
  EXPECT_THAT(approved.out, AllOf(HasSubstr("Approved by"), HasSubstr("change 4711")));
}

TEST_F(CertificateCommand, ApprovalIsRefusedToTheAuthorAndTwice) {
  const Ended own = run({"approve", "c.json", "--key", "ada.key"});
  EXPECT_EQ(own.status, 4);
  EXPECT_THAT(own.err, HasSubstr("ada is the author"));
  must({"approve", "c.json", "--key", "bob.key", "-o", "approved.json"});
  EXPECT_EQ(check({"--quorum", "1"}).status, 4) << "the original was to stay as it is";
  EXPECT_EQ(run({"approve", "approved.json", "--key", "bob.key"}).status, 4);
}

TEST_F(CertificateCommand, KeysThatOthersMayReadAreRefused) {
  ASSERT_EQ(::chmod((folder.path() / "bob.key").c_str(), 0644), 0);
  const Ended open = run({"approve", "c.json", "--key", "bob.key"});
  EXPECT_EQ(open.status, 4);
  EXPECT_THAT(open.err, HasSubstr("chmod 600"));
}

TEST_F(CertificateCommand, OnlyWhatHoldsIsCertified) {
  json plan = json::parse(text("plan.json"));
  for (json& step : plan["steps"]) step["after"] = json::array();
  folder.file("loose.json", plan.dump());
  const Ended refuted = run({"verify", "loose.json", "-i", "inventory.yaml", "--certificate",
                             "loose-c.json", "--key", "ada.key"});
  EXPECT_EQ(refuted.status, 1);
  EXPECT_THAT(refuted.err, HasSubstr("loose-c.json was not written"));
  const Ended undecided =
      run({"verify", "plan.json", "-i", "inventory.yaml", "--faults", "1", "--max-states", "50",
           "--certificate", "loose-c.json", "--key", "ada.key"});
  EXPECT_EQ(undecided.status, 6);
  EXPECT_THAT(folder.names(), Not(Contains("loose-c.json")));
}

TEST_F(CertificateCommand, VerifyAsksForWhatItNeedsBeforeItProves) {
  const auto verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"verify", "plan.json", "-i", "inventory.yaml"});
    return run(more).status;
  };
  EXPECT_EQ(verify({"--certificate", "x.json"}), 2);
  EXPECT_EQ(verify({"--key", "ada.key"}), 2);
  EXPECT_EQ(verify({"--certificate", "x.json", "--key", "ada.key.pub"}), 4);
  EXPECT_EQ(verify({"--certificate", "plan.json", "--key", "ada.key"}), 2);
  EXPECT_EQ(verify({"--certificate", "x.json", "--key", "ada.key", "--valid-for", "1w"}), 2);
  EXPECT_THAT(folder.names(), Not(Contains("x.json")));
  EXPECT_EQ(verify({"--certificate", "x.json", "--key", "ada.key", "--valid-for", "12h"}), 0);
}

TEST_F(CertificateCommand, CanonicalTextsHaveTheDigestsOfTheCertificate) {
  const json body = json::parse(text("c.json"))["body"];
  const auto digest = [&](const std::vector<std::string>& words) {
    folder.file("canonical", run(words).out);
    const Ended sum = testing_support::ended(
        {{"sha256sum", (folder.path() / "canonical").string()}, "", folder.path(), {}});
    return sum.out.substr(0, 64);
  };
  EXPECT_EQ(digest({"certificate", "canonical", "plan", "plan.json"}),
            body["plan"]["content_sha256"]);
  EXPECT_EQ(digest({"certificate", "canonical", "inventory", "inventory.yaml"}),
            body["inventory"]["content_sha256"]);
  EXPECT_EQ(digest({"certificate", "canonical", "model"}), body["model"]["content_sha256"]);
  EXPECT_EQ(run({"certificate", "canonical", "plan"}).status, 2);
}

}  // namespace
}  // namespace wme::cli
