#include "executor/drivers/gcp/credential_file.hpp"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace wme::executor::gcp {

namespace {

Error damaged(const std::string& path, const std::string& why) {
  return {ErrorCode::kInvalid, "Google credentials: " + path + ": " + why};
}

std::string text_of(const nlohmann::json& document, const char* key) {
  const auto found = document.find(key);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Result<CredentialFile> read_credential_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return damaged(path, "cannot be read");
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto document = nlohmann::json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return damaged(path, "is not a JSON object");
  const std::string type = text_of(document, "type");
  if (type == "service_account") {
    ServiceAccount account{text_of(document, "client_email"), text_of(document, "private_key_id"),
                           Secret(text_of(document, "private_key")), text_of(document, "token_uri"),
                           text_of(document, "project_id")};
    if (account.email.empty() || account.private_key.empty())
      return damaged(path, "lacks client_email or private_key: download the key again");
    return CredentialFile(std::move(account));
  }
  if (type == "authorized_user") {
    AuthorizedUser user{text_of(document, "client_id"), Secret(text_of(document, "client_secret")),
                        Secret(text_of(document, "refresh_token")),
                        text_of(document, "quota_project_id")};
    if (user.client_id.empty() || user.refresh_token.empty())
      return damaged(path,
                     "lacks client_id or refresh_token: run 'gcloud auth application-default "
                     "login'");
    return CredentialFile(std::move(user));
  }
  return damaged(path, "is of type '" + type +
                           "', which is not supported: take a service account's key, or set "
                           "GOOGLE_OAUTH_ACCESS_TOKEN to what 'gcloud auth print-access-token' "
                           "prints");
}

}  // namespace wme::executor::gcp
