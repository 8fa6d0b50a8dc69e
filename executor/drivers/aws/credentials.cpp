#include "executor/drivers/aws/credentials.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace wme::executor::aws {

namespace {

using Found = Result<std::optional<Credentials>>;
constexpr std::chrono::minutes kRenewBefore{5};
constexpr std::string_view kMetadataAddress = "http://169.254.169.254";
constexpr std::string_view kContainerAddress = "http://169.254.170.2";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// "2026-01-02T03:04:05Z", a fraction of a second is ignored.
std::optional<std::chrono::sys_seconds> parse_time(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::istringstream in(text);
  std::array<char, 5> mark{};
  in >> year >> mark[0] >> month >> mark[1] >> day >> mark[2] >> hour >> mark[3] >> minute >>
      mark[4] >> second;
  const std::string marks(mark.data(), mark.size());
  if (!in || marks != "--T::") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(std::abs(hour)) +
         std::chrono::minutes(std::abs(minute)) + std::chrono::seconds(second);
}

/// The JSON that containers and instance metadata answer with.
Result<Credentials> parse_temporary(const std::string& body, const std::string& source) {
  const auto doc = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto text = [&](const char* key) {
    const bool there = doc.is_object() && doc.contains(key) && doc[key].is_string();
    return there ? doc[key].get<std::string>() : std::string();
  };
  Credentials found{{text("AccessKeyId"), Secret(text("SecretAccessKey")), Secret(text("Token"))},
                    source,
                    parse_time(text("Expiration"))};
  if (found.key.access_key_id.empty() || found.key.secret_access_key.empty())
    return Error{ErrorCode::kRefused,
                 "AWS credentials: " + source + " answered without a key: check its role"};
  return found;
}

Error refused(const std::string& source, const HttpAnswer& answer) {
  return {ErrorCode::kRefused, "AWS credentials: " + source + " answered with status " +
                                   std::to_string(answer.status) + ": check its role"};
}

/// Splits "http://host/path" for a transport that takes base and target apart.
HttpCall get(const std::string& url, Headers headers) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  const bool bare = slash == std::string::npos;
  return {"GET", url.substr(0, slash), bare ? "/" : url.substr(slash), std::move(headers), ""};
}

}  // namespace

CredentialChain::CredentialChain(Environment environment, HttpTransport& transport,
                                 WallClock wall_clock)
    : environment_(std::move(environment)),
      transport_(transport),
      wall_clock_(std::move(wall_clock)) {}

Result<Credentials> CredentialChain::credentials() {
  const std::scoped_lock lock(mutex_);
  if (kept_ && (!kept_->expires || wall_clock_() + kRenewBefore < *kept_->expires)) return *kept_;
  using Source = Found (CredentialChain::*)();
  const std::array<Source, 2> services = {&CredentialChain::from_container,
                                          &CredentialChain::from_instance_metadata};
  Found found = from_environment();
  if (found && !found.value()) found = from_profile();
  for (const auto source : services)
    if (found && !found.value()) found = (this->*source)();
  if (!found) return found.error();
  if (!found.value()) return none_found();
  kept_ = *found.value();
  return *kept_;
}

/// As for any other missing secret, the input is to be mended, not the rights.
Error CredentialChain::none_found() const {
  const std::string profile = variable(environment_, "AWS_PROFILE").value_or("default");
  return {ErrorCode::kInvalid,
          "AWS credentials: none found. Tried, in AWS's order: AWS_ACCESS_KEY_ID and "
          "AWS_SECRET_ACCESS_KEY (not set); profile '" +
              profile +
              "' of the shared files (no keys in it); AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and "
              "_FULL_URI (not set); the role of this EC2 instance (" +
              (metadata_disabled() ? "AWS_EC2_METADATA_DISABLED is true" : "none answers") +
              "). Export the two variables, or AWS_PROFILE with the name of a profile that has "
              "keys"};
}

bool CredentialChain::metadata_disabled() const {
  return variable(environment_, "AWS_EC2_METADATA_DISABLED").value_or("") == "true";
}

Found CredentialChain::from_environment() const {
  const auto id = variable(environment_, "AWS_ACCESS_KEY_ID");
  const auto secret = variable(environment_, "AWS_SECRET_ACCESS_KEY");
  if (id && !secret)
    return Error{ErrorCode::kInvalid,
                 "AWS credentials: AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"};
  if (!id && variable(environment_, "AWS_WEB_IDENTITY_TOKEN_FILE"))
    return Error{ErrorCode::kInvalid,
                 "AWS credentials: web identity (AWS_WEB_IDENTITY_TOKEN_FILE) is not supported: "
                 "assume the role first and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                 "AWS_SESSION_TOKEN"};
  if (!id) return std::optional<Credentials>();
  const auto token = variable(environment_, "AWS_SESSION_TOKEN").value_or("");
  return std::optional(Credentials{{*id, Secret(*secret), Secret(token)}, "environment", {}});
}

Found CredentialChain::from_profile() const {
  const auto loaded = load_profile(environment_);
  if (!loaded) return loaded.error();
  const Profile& profile = loaded.value();
  const std::string source = "profile " + profile.name;
  const auto id = profile.setting("aws_access_key_id");
  const auto secret = profile.setting("aws_secret_access_key");
  if (id.has_value() != secret.has_value())
    return Error{ErrorCode::kInvalid, "AWS credentials: " + source + " in " + profile.files +
                                          " has only one of aws_access_key_id and "
                                          "aws_secret_access_key"};
  for (const char* other : {"role_arn", "credential_process", "sso_session", "sso_start_url"})
    if (profile.setting(other) && !(id && std::string_view(other) != "role_arn"))
      return Error{
          ErrorCode::kInvalid,
          "AWS credentials: " + source + " uses " + other +
              ", which is not supported: run 'aws configure export-credentials --profile " +
              profile.name + " --format env' and set what it prints"};
  if (!id) return std::optional<Credentials>();
  const auto token = profile.setting("aws_session_token").value_or("");
  return std::optional(Credentials{{*id, Secret(*secret), Secret(token)}, source, {}});
}

Found CredentialChain::from_container() {
  const auto relative = variable(environment_, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = variable(environment_, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::optional<Credentials>();
  const std::string url = relative ? std::string(kContainerAddress) + *relative : *full;
  Headers headers = {{"Accept", "application/json"}};
  auto token = variable(environment_, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto path = variable(environment_, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    std::ifstream file(*path, std::ios::binary);
    if (!file)
      return Error{ErrorCode::kInvalid, "AWS credentials: cannot read the token file " + *path};
    token = first_line({std::istreambuf_iterator<char>(file), {}});
  }
  if (token) headers.emplace_back("Authorization", *token);
  const auto answer = transport_.send(get(url, std::move(headers)));
  if (!answer) return answer.error();
  if (answer.value().status != 200) return refused("the container's role", answer.value());
  const auto parsed = parse_temporary(answer.value().body, "container role");
  if (!parsed) return parsed.error();
  return std::optional(parsed.value());
}

Found CredentialChain::from_instance_metadata() {
  const std::optional<Credentials> none;
  if (metadata_disabled()) return none;
  std::string base = variable(environment_, "AWS_EC2_METADATA_SERVICE_ENDPOINT")
                         .value_or(std::string(kMetadataAddress));
  while (base.ends_with('/')) base.pop_back();
  const auto token = transport_.send(
      {"PUT", base, "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, ""});
  // Nobody listens there outside EC2: that is no failure, there is just nothing to be had.
  if (!token || token.value().status != 200) return none;
  const Headers headers = {{"x-aws-ec2-metadata-token", token.value().body}};
  const auto role = transport_.send({"GET", base, std::string(kRolePath), headers, ""});
  if (!role) return role.error();
  if (role.value().status == 404) return none;  // an instance without a role
  if (role.value().status != 200) return refused("the instance's role", role.value());
  const std::string path = std::string(kRolePath) + first_line(role.value().body);
  const auto answer = transport_.send({"GET", base, path, headers, ""});
  if (!answer) return answer.error();
  if (answer.value().status != 200) return refused("the instance's role", answer.value());
  const auto parsed = parse_temporary(answer.value().body, "instance metadata");
  if (!parsed) return parsed.error();
  return std::optional(parsed.value());
}

}  // namespace wme::executor::aws
