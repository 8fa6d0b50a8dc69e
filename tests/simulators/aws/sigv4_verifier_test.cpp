#include "simulators/aws/sigv4_verifier.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace wme::simulators::aws {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::sys_seconds kSigned =
    std::chrono::sys_days{std::chrono::year{2015} / 8 / 30} + std::chrono::hours{12} +
    std::chrono::minutes{36};
const std::string kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

HttpRequest parse_request(const std::string& text) {
  HttpRequest request;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(':');
    if (line.front() == ' ')
      request.headers.back().second += "\n" + line;
    else
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  request.body = std::string{std::istreambuf_iterator<char>(lines), {}};
  return request;
}

SigV4Verifier verifier(const std::string& secret = kSecret, const std::string& token = "",
                       std::chrono::sys_seconds now = kSigned) {
  return {{{"AKIDEXAMPLE", secret, token}}, {"us-east-1", "service"}, [now] { return now; }};
}

std::string code_of(const std::optional<Ec2Error>& error) { return error ? error->code : "none"; }

struct Vector {
  fs::path folder;
  HttpRequest request;
  std::string token;
};

/// The signed requests of the newer suite; those that are signed without normalising the path are
/// not what EC2 takes.
std::vector<Vector> vectors() {
  std::vector<Vector> all;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "tests/data/sigv4/aws-c-auth-v4")) {
    if (!entry.is_directory()) continue;
    const auto context = nlohmann::json::parse(read(entry.path() / "context.json"));
    if (!context.at("normalize").get<bool>()) continue;
    all.push_back({entry.path(), parse_request(read(entry.path() / "header-signed-request.txt")),
                   context.at("credentials").value("token", "")});
  }
  return all;
}

TEST(SigV4Verifier, AcceptsEveryVectorAndNoOtherSecret) {
  const auto all = vectors();
  EXPECT_EQ(all.size(), 31U);
  for (const Vector& each : all) {
    SCOPED_TRACE(each.folder);
    EXPECT_EQ(code_of(verifier(kSecret, each.token).check(each.request)), "none");
    EXPECT_EQ(code_of(verifier("other", each.token).check(each.request)), "AuthFailure");
  }
}

class SignedRequest : public ::testing::Test {
 protected:
  HttpRequest request_ = parse_request(
      read(fs::path(WME_SOURCE_DIR) / "tests/data/sigv4/aws-c-auth-v4/"
                                      "post-x-www-form-urlencoded/header-signed-request.txt"));
  std::string& header(const std::string& name) {
    return std::ranges::find(request_.headers, name, [](const auto& h) { return h.first; })->second;
  }
};

TEST_F(SignedRequest, FailsWhenBodyOrHeaderWasChanged) {
  EXPECT_EQ(code_of(verifier().check(request_)), "none");
  request_.body += "x";
  EXPECT_EQ(code_of(verifier().check(request_)), "AuthFailure");
  request_.body.pop_back();
  header("Host") = "evil.example";
  EXPECT_EQ(code_of(verifier().check(request_)), "AuthFailure");
}

TEST_F(SignedRequest, FailsForAnUnknownKeyRegionOrToken) {
  const SigV4Verifier other_key({{"AKOTHER", kSecret, ""}}, {"us-east-1", "service"},
                                [] { return kSigned; });
  EXPECT_EQ(code_of(other_key.check(request_)), "AuthFailure");
  EXPECT_EQ(other_key.check(request_)->status, 401);
  const SigV4Verifier other_region({{"AKIDEXAMPLE", kSecret, ""}}, {"eu-west-1", "service"},
                                   [] { return kSigned; });
  EXPECT_EQ(code_of(other_region.check(request_)), "AuthFailure");
  EXPECT_EQ(code_of(verifier(kSecret, "token").check(request_)), "AuthFailure");
}

TEST_F(SignedRequest, ExpiresAfterFifteenMinutesEitherWay) {
  const std::chrono::minutes quarter{15};
  const std::chrono::seconds more{1};
  EXPECT_EQ(code_of(verifier(kSecret, "", kSigned + quarter).check(request_)), "none");
  EXPECT_EQ(code_of(verifier(kSecret, "", kSigned + quarter + more).check(request_)),
            "RequestExpired");
  EXPECT_EQ(code_of(verifier(kSecret, "", kSigned - quarter - more).check(request_)),
            "RequestExpired");
}

TEST_F(SignedRequest, MustBeSignedWithHostAndDate) {
  std::string& authorization = header("Authorization");
  const std::string whole = authorization;
  authorization.replace(authorization.find("host;"), 5, "");
  EXPECT_EQ(code_of(verifier().check(request_)), "IncompleteSignature");
  authorization = whole;
  authorization.replace(authorization.find(";x-amz-date"), 11, "");
  EXPECT_EQ(code_of(verifier().check(request_)), "IncompleteSignature");
  authorization = "Basic dXNlcg==";
  EXPECT_EQ(code_of(verifier().check(request_)), "IncompleteSignature");
  authorization.clear();
  EXPECT_EQ(code_of(verifier().check(request_)), "MissingAuthenticationToken");
}

}  // namespace
}  // namespace wme::simulators::aws
