#include "cli/spin/child.hpp"

#include <gmock/gmock.h>

#include <filesystem>

namespace wme::cli {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

PrivateFolder folder() {
  Result<PrivateFolder> made = PrivateFolder::make();
  EXPECT_TRUE(made);
  return std::move(made).value();
}

TEST(Child, RunsWithoutAShellInItsFolder) {
  const PrivateFolder here = folder();
  const Result<ChildEnd> end =
      run_child({"printf", "%s|", "$HOME", "a b", "; rm -rf x"}, here.path(), {});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end.value().status, 0);
  EXPECT_EQ(end.value().output, "$HOME|a b|; rm -rf x|");
  const Result<ChildEnd> where = run_child({"pwd"}, here.path(), {});
  ASSERT_TRUE(where);
  EXPECT_EQ(fs::path(where.value().output.substr(0, where.value().output.size() - 1)),
            fs::canonical(here.path()));
}

TEST(Child, TellsHowItEnded) {
  const PrivateFolder here = folder();
  const Result<ChildEnd> end =
      run_child({"sh", "-c", "echo out; echo err >&2; exit 7"}, here.path(), {});
  ASSERT_TRUE(end);
  EXPECT_EQ(end.value().status, 7);
  EXPECT_EQ(end.value().output, "out\nerr\n");
  EXPECT_EQ(run_child({"sh", "-c", "kill -9 $$"}, here.path(), {}).value().status, 128 + 9);
}

TEST(Child, IsNotThereWhenPathDoesNotLeadToIt) {
  const PrivateFolder here = folder();
  const Result<ChildEnd> end = run_child({"no-such-program-here"}, here.path(), {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::kUnreachable);
  EXPECT_TRUE(is_program("sh"));
  EXPECT_FALSE(is_program("no-such-program-here"));
}

TEST(Child, IsStoppedWithAllThatItStarted) {
  const PrivateFolder here = folder();
  ChildLimits limits;
  limits.time_max = std::chrono::seconds(0);
  const Result<ChildEnd> late = run_child({"sleep", "1000"}, here.path(), limits);
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("sleep took longer than 0 s"));
  // A grandchild that keeps the output open is killed, too: else this would take 1000 s
  limits.time_max = std::chrono::seconds(100);
  limits.is_interrupted = [looks = 0]() mutable { return ++looks > 1; };
  const Result<ChildEnd> stopped =
      run_child({"sh", "-c", "sleep 1000 & sleep 1000"}, here.path(), limits);
  ASSERT_FALSE(stopped);
  EXPECT_THAT(stopped.error().message, HasSubstr("was interrupted"));
}

TEST(Child, MaySayMoreThanIsKept) {
  const PrivateFolder here = folder();
  ChildLimits limits;
  limits.output_bytes_max = 1000;
  const Result<ChildEnd> end =
      run_child({"head", "-c", "1000000", "/dev/zero"}, here.path(), limits);
  ASSERT_TRUE(end);
  EXPECT_EQ(end.value().status, 0);
  EXPECT_EQ(end.value().output.size(), 1000U);
}

TEST(PrivateFolder, IsForThisUserOnlyAndGoneAfterwards) {
  fs::path path;
  {
    const PrivateFolder here = folder();
    path = here.path();
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  }
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace wme::cli
