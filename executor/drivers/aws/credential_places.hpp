#pragma once

#include <string>

#include "executor/drivers/aws/credentials.hpp"

/// The places where credentials may be, each by itself; the chain is the order among them.
namespace wme::executor::aws {

FoundCredentials from_environment(const CredentialReach& reach);
/// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN.
FoundCredentials from_web_identity(const CredentialReach& reach);
/// The profile that the environment chooses.
FoundCredentials from_profile(const CredentialReach& reach);
/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, _FULL_URI: ECS, EKS Pod Identity.
FoundCredentials from_container(const CredentialReach& reach);
/// The role of this EC2 instance, by IMDSv2 alone.
FoundCredentials from_instance_metadata(const CredentialReach& reach);
bool is_metadata_disabled(const Environment& environment);

/// A token or key that stands in the first line of a file. Errors: kInvalid, naming the file.
Result<std::string> line_of_file(const std::string& path, const std::string& what);

/// The JSON that containers, instance metadata and programs answer with; `token` is their name for
/// the session token. Errors: kRefused when no key is in it.
Result<Credentials> parse_temporary(const std::string& body, const std::string& source,
                                    const char* token);
/// "2026-01-02T03:04:05Z", "…05.678Z", "…05+00:00"; none for anything else.
std::optional<std::chrono::sys_seconds> parse_iso_time(const std::string& text);

}  // namespace wme::executor::aws
