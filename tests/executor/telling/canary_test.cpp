#include "tests/support/canary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "executor/journal/entries.hpp"
#include "executor/journal/sqlite_journal.hpp"
#include "executor/telling/told_json.hpp"
#include "tests/executor/telling/sample_told.hpp"
#include "tests/support/process.hpp"

namespace wme::testing_support {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string others_base64(const std::string& text) {
  std::string digits((text.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(digits.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  digits.resize(static_cast<std::size_t>(length));
  return digits;
}

/// The search is only worth what it finds: every secret, in every coat, wherever it stands.
TEST(Canary, IsFoundInEveryCoat) {
  std::vector<Canary> all = planted_canaries();
  all.insert(all.end(), simulator_canaries().begin(), simulator_canaries().end());
  for (const Canary& canary : all) {
    const std::string& secret = canary.text;
    for (const char* before : {"", "u", "me", "user:", "admin@acme.example:"})
      for (const char* after : {"", "\n", "xy"}) {
        const std::string coated = "Authorization: Basic " + others_base64(before + secret + after);
        EXPECT_THAT(leaks_in({canary}, coated, "a header"),
                    ElementsAre("a header has " + canary.name + " in base64"));
      }
    std::string percent;
    std::string hexadecimal;
    for (const char each : secret) {
      char digits[3];
      std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(each));
      hexadecimal += digits;
      percent += std::isalnum(static_cast<unsigned char>(each)) != 0 ||
                         std::string("-._~").find(each) != std::string::npos
                     ? std::string(1, each)
                     : "%" + std::string(digits);
    }
    for (const std::string& text : {"x" + secret + "y", "?p=" + percent + "&", hexadecimal})
      EXPECT_EQ(leaks_in({canary}, text, "a text").size(), 1U) << text;
    EXPECT_THAT(leaks_in({canary}, secret.substr(0, secret.size() / 2 - 1), "a text"), IsEmpty());
  }
}

TEST(Canary, IsFoundInPieces) {
  for (const Canary& canary : planted_canaries()) {
    const std::string& secret = canary.text;
    EXPECT_EQ(leaks_in({canary}, secret.substr(1), "a text").size(), 1U);
    EXPECT_EQ(leaks_in({canary}, secret.substr(0, secret.size() - 1), "a text").size(), 1U);
  }
}

TEST(Canary, IsFoundInAJournalThatWasNotClosedAndInALog) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "run.journal";
  auto journal = executor::SqliteJournal::create(path);
  ASSERT_TRUE(journal) << journal.error().message;
  executor::Entry entry = executor::run_ended(executor::kToldStart, "failed", "no leak");
  ASSERT_TRUE(journal.value()->append(entry));
  EXPECT_THAT(leaks_below(planted_canaries(), folder.path()), IsEmpty());

  // When a driver puts a password into its error
  entry.details["reason"] = "HTTP 401 for admin:" + planted_canaries()[0].text;
  ASSERT_TRUE(journal.value()->append(entry));
  executor::Told told = executor::told_end("failed");
  told.text = planted_canaries()[2].text;
  folder.file("run.log", executor::json_line(told));

  // Then it is found, though it has not left the write-ahead log
  EXPECT_THAT(leaks_below(planted_canaries(), folder.path()),
              testing::UnorderedElementsAre(HasSubstr("run.journal-wal has Launchpad's password"),
                                            HasSubstr("run.log has the AWS secret key")));
  journal = executor::SqliteJournal::create(folder.path() / "another.journal");  // closes the first
  EXPECT_THAT(leaks_below(planted_canaries(), folder.path()),
              testing::Contains(HasSubstr("run.journal has Launchpad's password")));
}

}  // namespace
}  // namespace wme::testing_support
