#include "cli/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/process.hpp"

namespace wme::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::TemporaryFolder;
using testing_support::text_of;

TEST(WriteWhole, MakesAFileThatOthersMayReadAsTheUmaskSays) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  const Status written = write_whole((folder.path() / "new").string(), "text");
  ::umask(before);
  ASSERT_TRUE(written) << written.error().message;
  EXPECT_EQ(text_of(folder.path() / "new"), "text");
  EXPECT_EQ(static_cast<unsigned>(fs::status(folder.path() / "new").permissions()), 0640U);
  EXPECT_THAT(folder.names(), ElementsAre("new"));
}

TEST(WriteWhole, ReplacesAFileAndKeepsItsPermissions) {
  const TemporaryFolder folder;
  const std::string file = folder.file("old", "a much longer older text");
  fs::permissions(file, fs::perms(0600));
  ASSERT_TRUE(write_whole(file, "new"));
  EXPECT_EQ(text_of(file), "new");
  EXPECT_EQ(static_cast<unsigned>(fs::status(file).permissions()), 0600U);
}

TEST(WriteWhole, FollowsALink) {
  const TemporaryFolder folder;
  const std::string file = folder.file("real", "old");
  fs::create_symlink("real", folder.path() / "link");
  ASSERT_TRUE(write_whole((folder.path() / "link").string(), "new"));
  EXPECT_EQ(text_of(file), "new");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
}

TEST(WriteWhole, DoesNotReplaceADevice) {
  ASSERT_TRUE(write_whole("/dev/null", "text"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(WriteWhole, SaysWhyItCannot) {
  const TemporaryFolder folder;
  const Status directory = write_whole(folder.path().string(), "text");
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().message, HasSubstr("it is a directory; name a file in it"));
  const Status missing = write_whole((folder.path() / "none" / "x").string(), "text");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("there is no directory"));
  const Status full = write_whole("/dev/full", "text");
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("No space left on device"));
  EXPECT_EQ(full.error().code, ErrorCode::kInvalid);
}

TEST(ReadText, IsBounded) {
  const TemporaryFolder folder;
  const std::string file = folder.file("large", std::string(2 << 20, 'x'));
  EXPECT_TRUE(read_text(file, "the plan", 2 << 20));
  const auto refused = read_text(file, "the plan", 1 << 20);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message,
              HasSubstr("the plan cannot be read: it is larger than 1 MB"));
}

TEST(SameFile, SeesThroughNames) {
  const TemporaryFolder folder;
  const std::string file = folder.file("a", "");
  fs::create_symlink("a", folder.path() / "b");
  EXPECT_TRUE(same_file(file, (folder.path() / "." / "b").string()));
  EXPECT_FALSE(same_file(file, (folder.path() / "c").string()));
}

}  // namespace
}  // namespace wme::cli
