#include "executor/drivers/gcp/credential_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace wme::executor::gcp {

namespace {

constexpr const char* kLoginAgain = "run 'gcloud auth application-default login' again";
constexpr const char* kOtherKinds =
    "name the key file of a service account, or set GOOGLE_OAUTH_ACCESS_TOKEN to what 'gcloud auth "
    "print-access-token' prints";

Error damaged(const CredentialPlace& place, const std::string& why, const std::string& mend) {
  return {ErrorCode::kInvalid, "Google credentials: " + place.title() + ": " + why + ": " + mend};
}

/// The content, or why there is none.
Result<std::string> content_of(const CredentialPlace& place) {
  const std::string mend = place.is_gclouds ? kLoginAgain
                                            : "correct the variable or the file's mode, or unset "
                                              "it to use the login of gcloud";
  std::error_code error;
  // A folder can be opened, and reads as an empty file.
  if (std::filesystem::is_directory(place.path, error))
    return damaged(place, std::strerror(EISDIR), mend);
  errno = 0;
  std::ifstream file(place.path, std::ios::binary);
  if (!file) return damaged(place, errno == 0 ? "cannot be read" : std::strerror(errno), mend);
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::string member_of(const nlohmann::json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Which of the members are missing or empty.
std::string missing_of(const nlohmann::json& document, std::initializer_list<const char*> keys) {
  std::string missing;
  for (const char* key : keys)
    if (member_of(document, key).empty())
      missing += (missing.empty() ? "" : ", ") + std::string(key);
  return missing;
}

}  // namespace

std::string CredentialPlace::title() const {
  return (is_gclouds ? "the login of gcloud, " : "GOOGLE_APPLICATION_CREDENTIALS=") + path;
}

Result<CredentialFile> read_credential_file(const CredentialPlace& place) {
  const auto content = content_of(place);
  if (!content) return content.error();
  const auto document = nlohmann::json::parse(content.value(), nullptr, /*allow_exceptions=*/false);
  const std::string other = place.is_gclouds ? kLoginAgain : kOtherKinds;
  if (!document.is_object()) return damaged(place, "is no JSON object", other);
  const std::string type = member_of(document, "type");
  if (type == "service_account") {
    ServiceAccount account{member_of(document, "client_email"),
                           member_of(document, "private_key_id"),
                           Secret(member_of(document, "private_key")),
                           member_of(document, "token_uri"), member_of(document, "project_id")};
    if (const std::string lacks = missing_of(document, {"client_email", "private_key"});
        !lacks.empty())
      return damaged(place, "lacks " + lacks, "download the key again");
    return CredentialFile(std::move(account));
  }
  if (type == "authorized_user") {
    AuthorizedUser user{
        member_of(document, "client_id"), Secret(member_of(document, "client_secret")),
        Secret(member_of(document, "refresh_token")), member_of(document, "quota_project_id")};
    if (const std::string lacks = missing_of(document, {"client_id", "refresh_token"});
        !lacks.empty())
      return damaged(place, "lacks " + lacks, kLoginAgain);
    return CredentialFile(std::move(user));
  }
  // Other files of Google's have none: that of an OAuth client, for example.
  if (type.empty()) return damaged(place, "has no type, as every file of credentials has", other);
  return damaged(
      place,
      "is of type '" + type + "', which is not supported (service_account and authorized_user are)",
      kOtherKinds);
}

}  // namespace wme::executor::gcp
