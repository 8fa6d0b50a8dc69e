#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "executor/drivers/aws/credential_places.hpp"
#include "executor/ports/clear_text.hpp"

/// Credentials of the place where this runs: a container, an EC2 instance.
namespace wme::executor::aws {

namespace {

constexpr std::string_view kMetadataAddress = "http://169.254.169.254";
constexpr std::string_view kMetadataAddressV6 = "http://[fd00:ec2::254]";
constexpr std::string_view kContainerAddress = "http://169.254.170.2";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";

std::string first_line(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

/// A place that is overloaded or starting is asked again; one that says no is not.
Error refused(const std::string& source, const HttpAnswer& answer) {
  const bool passes = answer.status >= 500 || answer.status == 429;
  return {passes ? ErrorCode::kThrottled : ErrorCode::kRefused,
          "AWS credentials: " + source + " answered with status " + std::to_string(answer.status) +
              (passes ? ": it may pass" : ": check its role")};
}

/// Splits "http://host/path" for a transport that takes base and target apart.
HttpCall get(const std::string& url, Headers headers) {
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  const bool bare = slash == std::string::npos;
  return {"GET", url.substr(0, slash), bare ? "/" : url.substr(slash), std::move(headers), ""};
}

/// Keys go over plain http to this machine and to the two services only.
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
bool is_trusted(const std::string& url) {
  if (url.starts_with("https://")) return true;
  if (!url.starts_with("http://")) return false;
  constexpr std::array<std::string_view, 3> kHosts = {"169.254.170.2", "169.254.170.23",
                                                      "fd00:ec2::23"};
  return !is_clear_text(url) || std::ranges::find(kHosts, host_of(url)) != kHosts.end();
}

Result<std::optional<std::string>> container_token(const Environment& environment) {
  if (const auto path = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    auto line = line_of_file(*path, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (!line) return line.error();
    return std::optional(std::move(line).value());
  }
  auto token = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (token && token->find_first_of("\r\n") != std::string::npos)
    return Error{ErrorCode::kInvalid,
                 "AWS credentials: AWS_CONTAINER_AUTHORIZATION_TOKEN has more than one line"};
  return token;
}

std::string metadata_address(const Environment& environment) {
  const bool is_v6 =
      variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("") == "IPv6";
  std::string base = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT")
                         .value_or(std::string(is_v6 ? kMetadataAddressV6 : kMetadataAddress));
  while (base.ends_with('/')) base.pop_back();
  return base;
}

}  // namespace

bool is_metadata_disabled(const Environment& environment) {
  const auto given = variable(environment, "AWS_EC2_METADATA_DISABLED").value_or("");
  return given == "true" || given == "True" || given == "TRUE";
}

FoundCredentials from_container(const CredentialReach& reach) {
  const auto relative = variable(reach.environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const auto full = variable(reach.environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative && !full) return std::optional<Credentials>();
  const std::string url = relative ? std::string(kContainerAddress) + *relative : *full;
  if (!is_trusted(url))
    return Error{
        ErrorCode::kInvalid,
        "AWS credentials: AWS_CONTAINER_CREDENTIALS_FULL_URI is " + url +
            ": without https only this machine and the addresses of ECS and EKS are asked"};
  Headers headers = {{"Accept", "application/json"}};
  const auto token = container_token(reach.environment);
  if (!token) return token.error();
  if (token.value()) headers.emplace_back("Authorization", *token.value());
  const auto answer = reach.http.send(get(url, std::move(headers)));
  if (!answer)
    return Error{answer.error().code,
                 "AWS credentials: the container's role: " + answer.error().message};
  if (answer.value().status != 200) return refused("the container's role", answer.value());
  const auto parsed = parse_temporary(answer.value().body, "container role", "Token");
  if (!parsed) return parsed.error();
  return std::optional(parsed.value());
}

FoundCredentials from_instance_metadata(const CredentialReach& reach) {
  const std::optional<Credentials> none;
  if (is_metadata_disabled(reach.environment)) return none;
  const std::string base = metadata_address(reach.environment);
  // Nobody listens there outside EC2: that is no failure, there is just nothing to be had.
  const auto token = reach.http.send(
      {"PUT", base, "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, ""});
  if (!token || token.value().status != 200) return none;
  const Headers headers = {{"x-aws-ec2-metadata-token", token.value().body}};
  const auto role = reach.http.send({"GET", base, std::string(kRolePath), headers, ""});
  if (!role) return role.error();
  if (role.value().status == 404) return none;  // an instance without a role
  if (role.value().status != 200) return refused("the instance's role", role.value());
  const std::string path = std::string(kRolePath) + first_line(role.value().body);
  const auto answer = reach.http.send({"GET", base, path, headers, ""});
  if (!answer) return answer.error();
  if (answer.value().status != 200) return refused("the instance's role", answer.value());
  const auto parsed = parse_temporary(answer.value().body, "instance metadata", "Token");
  if (!parsed) return parsed.error();
  return std::optional(parsed.value());
}

}  // namespace wme::executor::aws
