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

/// A signed request of a suite, and how its service signs.
struct Vector {
  fs::path file;
  HttpRequest request;
  std::string token;
  SigV4Verifier::Scope scope{"us-east-1", "service"};
};

std::string code_of(const Vector& vector, const std::string& secret) {
  const SigV4Verifier judge({{"AKIDEXAMPLE", secret, vector.token}}, vector.scope,
                            [] { return kSigned; });
  return code_of(judge.check(vector.request));
}

std::vector<Vector> newer_suite(const std::string& file) {
  std::vector<Vector> all;
  for (const auto& entry :
       fs::directory_iterator(fs::path(WME_SOURCE_DIR) / "tests/data/sigv4/aws-c-auth-v4")) {
    if (!entry.is_directory()) continue;
    const auto context = nlohmann::json::parse(read(entry.path() / "context.json"));
    Vector vector;
    vector.file = entry.path() / file;
    vector.request = parse_request(read(vector.file));
    vector.token = context.at("credentials").value("token", "");
    vector.scope.normalizes_path = context.at("normalize").get<bool>();
    vector.scope.signs_token = !context.value("omit_session_token", false);
    all.push_back(std::move(vector));
  }
  return all;
}

std::vector<Vector> classic_suite() {
  std::vector<Vector> all;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(WME_SOURCE_DIR) /
                                                            "tests/data/sigv4/aws4_testsuite")) {
    if (entry.path().extension() != ".sreq") continue;
    Vector vector;
    vector.file = entry.path();
    vector.request = parse_request(read(vector.file));
    vector.token = vector.request.header("X-Amz-Security-Token");
    // HTTP itself takes away the blank after the colon.
    for (auto& [name, value] : vector.request.headers)
      if (name == "Authorization") value.erase(0, value.find_first_not_of(' '));
    // This case was published with the signature of the one without a token: its .authz is right.
    if (vector.file.stem() == "get-vanilla-with-session-token") {
      EXPECT_EQ(code_of(vector, kSecret), "AuthFailure") << "mended: take the exception away";
      for (auto& [name, value] : vector.request.headers)
        if (name == "Authorization")
          value = read(fs::path(vector.file).replace_extension(".authz"));
    }
    all.push_back(std::move(vector));
  }
  return all;
}

/// Good as it is; refused with another secret, another method, another header.
void expect_holds(const Vector& vector) {
  SCOPED_TRACE(vector.file);
  EXPECT_EQ(code_of(vector, kSecret), "none");
  EXPECT_EQ(code_of(vector, "other"), "AuthFailure");
  Vector changed = vector;
  changed.request.method = "PUT";
  EXPECT_EQ(code_of(changed, kSecret), "AuthFailure");
  changed = vector;
  changed.request.body += "&Force=true";
  EXPECT_EQ(code_of(changed, kSecret), "AuthFailure");
  for (auto& [name, value] : changed.request.headers)
    if (name == "Host") value = "evil.example";
  changed.request.body = vector.request.body;
  EXPECT_EQ(code_of(changed, kSecret), "AuthFailure");
}

TEST(SigV4Verifier, JudgesEveryHeaderOfTheNewerSuite) {
  const auto all = newer_suite("header-signed-request.txt");
  EXPECT_EQ(all.size(), 38U);
  for (const Vector& each : all) expect_holds(each);
}

TEST(SigV4Verifier, JudgesEveryQueryOfTheNewerSuite) {
  const auto all = newer_suite("query-signed-request.txt");
  EXPECT_EQ(all.size(), 38U);
  for (const Vector& each : all) expect_holds(each);
}

TEST(SigV4Verifier, JudgesEveryRequestOfTheClassicSuite) {
  const auto all = classic_suite();
  EXPECT_EQ(all.size(), 34U);
  for (const Vector& each : all) expect_holds(each);
}

TEST(SigV4Verifier, TakesAQueryForAsLongAsItSays) {
  Vector vector;
  vector.request =
      parse_request(read(fs::path(WME_SOURCE_DIR) / "tests/data/sigv4/aws-c-auth-v4/get-vanilla/"
                                                    "query-signed-request.txt"));
  const auto at = [&](std::chrono::seconds after) {
    const SigV4Verifier judge({{"AKIDEXAMPLE", kSecret, ""}}, vector.scope,
                              [after] { return kSigned + after; });
    return code_of(judge.check(vector.request));
  };
  EXPECT_EQ(at(std::chrono::hours(1)), "none");
  EXPECT_EQ(at(std::chrono::seconds(3601)), "RequestExpired");
  const auto expires = vector.request.target.find("Expires=3600");
  vector.request.target.replace(expires, 12, "Expires=7200");
  EXPECT_EQ(at(std::chrono::hours(1)), "AuthFailure") << "how long is signed, too";
  vector.request.target.replace(expires, 12, "Expires=0");
  EXPECT_EQ(at(std::chrono::hours(0)), "IncompleteSignature");
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
