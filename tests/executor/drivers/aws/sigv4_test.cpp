#include "executor/drivers/aws/sigv4.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace wme::executor::aws {
namespace {

namespace fs = std::filesystem;

const fs::path kSuites = fs::path(WME_SOURCE_DIR) / "tests/data/sigv4";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::string text{std::istreambuf_iterator<char>(file), {}};
  return text;
}

std::string without_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

UnsignedRequest parse_request(const std::string& text) {
  UnsignedRequest request;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');  // the path of one case has a space in it
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  while (std::getline(lines, line) && !line.empty()) {
    if (line.front() == ' ' || line.front() == '\t') {
      request.headers.back().second += "\n" + line;
      continue;
    }
    const auto colon = line.find(':');
    request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  request.body = std::string{std::istreambuf_iterator<char>(lines), {}};
  return request;
}

constexpr std::chrono::sys_seconds kTime = std::chrono::sys_days{std::chrono::year{2015} / 8 / 30} +
                                           std::chrono::hours{12} + std::chrono::minutes{36};
const SigningScope kScope = {"us-east-1", "service", kTime};

SigningKey key_with(const std::string& token) {
  return {"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret(token)};
}

std::vector<fs::path> cases(const fs::path& suite, const std::string& file_end) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(suite))
    if (entry.path().filename().string().ends_with(file_end)) found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

/// The one case whose token stands in the canonical request only.
std::string token_of(const std::string& canonical_request) {
  const std::string name = "x-amz-security-token:";
  const auto begin = canonical_request.find(name);
  if (begin == std::string::npos) return {};
  const auto end = canonical_request.find('\n', begin);
  return canonical_request.substr(begin + name.size(), end - begin - name.size());
}

TEST(SigV4, SignsEveryCaseOfTheClassicSuite) {
  const auto requests = cases(kSuites / "aws4_testsuite", ".req");
  EXPECT_EQ(requests.size(), 34U);
  for (const fs::path& path : requests) {
    SCOPED_TRACE(path);
    const auto beside = [&](const char* end) {
      return without_end(read(fs::path(path).replace_extension(end)));
    };
    const std::string canonical = beside(".creq");

    const Signature signature =
        sign(parse_request(read(path)), key_with(token_of(canonical)), kScope);

    EXPECT_EQ(signature.canonical_request, canonical);
    EXPECT_EQ(signature.string_to_sign, beside(".sts"));
    EXPECT_EQ(signature.authorization, beside(".authz"));
  }
}

TEST(SigV4, SignsEveryHeaderCaseOfTheNewerSuite) {
  const auto contexts = cases(kSuites / "aws-c-auth-v4", "context.json");
  EXPECT_EQ(contexts.size(), 38U);
  for (const fs::path& path : contexts) {
    SCOPED_TRACE(path);
    const fs::path folder = path.parent_path();
    const auto context = nlohmann::json::parse(read(path));
    const SigningOptions options = {context.at("normalize").get<bool>(),
                                    context.at("sign_body").get<bool>(),
                                    context.value("omit_session_token", false)};
    const SigningKey key = key_with(context.at("credentials").value("token", ""));

    const Signature signature =
        sign(parse_request(read(folder / "request.txt")), key, kScope, options);

    EXPECT_EQ(signature.canonical_request,
              without_end(read(folder / "header-canonical-request.txt")));
    EXPECT_EQ(signature.string_to_sign, without_end(read(folder / "header-string-to-sign.txt")));
    EXPECT_EQ(signature.signature, without_end(read(folder / "header-signature.txt")));
    const std::string sent = read(folder / "header-signed-request.txt");
    EXPECT_NE(sent.find("Authorization:" + signature.authorization), std::string::npos);
    for (const auto& [name, value] : signature.added)
      EXPECT_NE(sent.find(value), std::string::npos) << name << " is not among what is sent";
  }
}

/// The pairs of a query in any order: the order on the wire is the signer's affair.
std::multiset<std::string> pairs_of(const std::string& target) {
  std::multiset<std::string> pairs;
  std::istringstream all(target.substr(target.find('?') + 1));
  for (std::string pair; std::getline(all, pair, '&');) pairs.insert(pair);
  return pairs;
}

TEST(SigV4, SignsEveryQueryCaseOfTheNewerSuite) {
  const auto contexts = cases(kSuites / "aws-c-auth-v4", "context.json");
  EXPECT_EQ(contexts.size(), 38U);
  for (const fs::path& path : contexts) {
    SCOPED_TRACE(path);
    const fs::path folder = path.parent_path();
    const auto context = nlohmann::json::parse(read(path));
    const SigningOptions options = {context.at("normalize").get<bool>(), false,
                                    context.value("omit_session_token", false)};
    const SigningKey key = key_with(context.at("credentials").value("token", ""));
    const std::chrono::seconds valid(context.at("expiration_in_seconds").get<int>());

    const Presigned presigned =
        presign(parse_request(read(folder / "request.txt")), key, kScope, valid, options);

    EXPECT_EQ(presigned.signature.canonical_request,
              without_end(read(folder / "query-canonical-request.txt")));
    EXPECT_EQ(presigned.signature.string_to_sign,
              without_end(read(folder / "query-string-to-sign.txt")));
    EXPECT_EQ(presigned.signature.signature, without_end(read(folder / "query-signature.txt")));
    const UnsignedRequest sent = parse_request(read(folder / "query-signed-request.txt"));
    EXPECT_EQ(pairs_of(presigned.target), pairs_of(sent.target));
  }
}

TEST(SigV4, ReadsEveryFileOfTheSuites) {
  std::map<std::string, int> files;
  for (const char* suite : {"aws4_testsuite", "aws-c-auth-v4"})
    for (const auto& entry : fs::recursive_directory_iterator(kSuites / suite))
      if (entry.is_regular_file()) {
        const std::string name = entry.path().filename().string();
        const bool is_case = std::string(suite) == "aws4_testsuite" &&
                             entry.path().has_extension() && entry.path().extension() != ".txt";
        ++files[is_case ? entry.path().extension().string() : name];
      }
  // Signed requests are judged by the simulators' verifier, too.
  const std::map<std::string, int> read_by_tests = {{".req", 34},
                                                    {".creq", 34},
                                                    {".sts", 34},
                                                    {".authz", 34},
                                                    {".sreq", 34},
                                                    {"context.json", 38},
                                                    {"request.txt", 38},
                                                    {"header-canonical-request.txt", 38},
                                                    {"header-string-to-sign.txt", 38},
                                                    {"header-signature.txt", 38},
                                                    {"header-signed-request.txt", 38},
                                                    {"query-canonical-request.txt", 38},
                                                    {"query-string-to-sign.txt", 38},
                                                    {"query-signature.txt", 38},
                                                    {"query-signed-request.txt", 38},
                                                    {"readme.txt", 1},
                                                    {"normalize-path.txt", 1},
                                                    {"LICENSE", 2},
                                                    {"NOTICE", 2}};
  EXPECT_EQ(files, read_by_tests) << "a file that no test reads";
}

TEST(SigV4, ChangesWithEveryPartOfTheRequest) {
  const UnsignedRequest request = {"POST", "/", {{"Host", "h"}}, "Action=StopInstances"};
  const std::string signature = sign(request, key_with(""), kScope).signature;
  UnsignedRequest other_body = request;
  other_body.body += "&Force=true";
  UnsignedRequest other_host = request;
  other_host.headers = {{"Host", "h:8080"}};

  EXPECT_NE(sign(other_body, key_with(""), kScope).signature, signature);
  EXPECT_NE(sign(other_host, key_with(""), kScope).signature, signature);
  EXPECT_NE(sign(request, key_with("token"), kScope).signature, signature);
  EXPECT_NE(sign(request, key_with(""), {"eu-west-1", "service", kTime}).signature, signature);
}

}  // namespace
}  // namespace wme::executor::aws
