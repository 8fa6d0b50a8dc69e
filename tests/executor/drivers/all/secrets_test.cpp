#include "executor/drivers/all/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/support/process.hpp"

namespace wme::executor {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class SecretOfAnInstallation : public testing::Test {
 protected:
  SecretOfAnInstallation() { variables["CREDENTIALS_DIRECTORY"] = folder.path().string(); }
  Result<Secret> fetch(const std::string& where) {
    return fetch_secret({where}, "password of Launchpad",
                        [this](std::string_view name) -> std::optional<std::string> {
                          const auto found = variables.find(std::string(name));
                          if (found == variables.end()) return std::nullopt;
                          return found->second;
                        });
  }
  std::string keep(const std::string& name, const std::string& text, unsigned mode = 0400) {
    const std::string file = folder.file(name, text);
    std::filesystem::permissions(file, std::filesystem::perms(mode));
    return file;
  }
  void expect_refused(const std::string& where, const std::string& why) {
    const auto secret = fetch(where);
    ASSERT_FALSE(secret) << where;
    EXPECT_EQ(secret.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(secret.error().message, AllOf(HasSubstr("password of Launchpad"), HasSubstr(why),
                                              Not(HasSubstr("hunter"))));
  }
  testing_support::TemporaryFolder folder;
  std::map<std::string, std::string> variables;
};

TEST_F(SecretOfAnInstallation, IsInTheEnvironmentAFileOrACredential) {
  variables["PASSWORD"] = "hunter1";
  const std::string file = keep("file", "hunter2\nno more\n");
  keep("launchpad-password", "hunter3\n");
  EXPECT_EQ(fetch("env:PASSWORD").value().reveal(), "hunter1");
  EXPECT_EQ(fetch("file:" + file).value().reveal(), "hunter2");
  EXPECT_EQ(fetch("credential:launchpad-password").value().reveal(), "hunter3");
}

TEST_F(SecretOfAnInstallation, IsMissedWithAWayToMendIt) {
  variables["EMPTY"] = "";
  expect_refused("env:EMPTY", "export it");
  expect_refused("env:UNSET", "export it");
  expect_refused("file:/nowhere/at/all", "write the secret there");
  expect_refused("credential:absent", "LoadCredential=absent:");
  expect_refused("", "credential:NAME");
  variables.erase("CREDENTIALS_DIRECTORY");
  expect_refused("credential:absent", "CREDENTIALS_DIRECTORY is not set");
}

TEST_F(SecretOfAnInstallation, IsRefusedWhereEverybodyReadsIt) {
  keep("open", "hunter2", 0444);
  expect_refused("credential:open", "chmod 600");
  keep("empty", "", 0400);
  expect_refused("credential:empty", "empty");
}

TEST_F(SecretOfAnInstallation, IsNeverLookedForOutsideOfTheCredentials) {
  std::filesystem::create_directory(folder.path() / "inner");
  keep("secret", "hunter2");
  variables["CREDENTIALS_DIRECTORY"] = (folder.path() / "inner").string();
  for (const char* name : {"../secret", "..", ".", "", "a/b", "/etc/passwd"})
    expect_refused(std::string("credential:") + name, "is no name of a credential");
}

}  // namespace
}  // namespace wme::executor
