#include "executor/drivers/gcp/jwt.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace wme::executor::gcp {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

/// Without it, OpenSSL would ask for the passphrase of an encrypted key on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writes*/, void* /*data*/) { return -1; }

Key key_in(const Secret& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())), &BIO_free);
  if (!in) return {nullptr, &EVP_PKEY_free};
  return {PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free};
}

/// Empty when OpenSSL cannot.
std::string rs256(const std::string& text, EVP_PKEY* key) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  const bool is_ready =
      context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
  if (!is_ready) return "";
  std::vector<unsigned char> signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) != 1) return "";
  return {signature.begin(), signature.begin() + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('=')) text.pop_back();
  for (char& each : text) {
    if (each == '+') each = '-';
    if (each == '/') each = '_';
  }
  return text;
}

Result<Secret> signed_jwt(const JwtClaims& claims, const Secret& private_key,
                          const std::string& key_id) {
  nlohmann::json header = {{"alg", "RS256"}, {"typ", "JWT"}};
  if (!key_id.empty()) header["kid"] = key_id;
  const auto issued = claims.issued.time_since_epoch().count();
  const nlohmann::json body = {{"iss", claims.issuer},
                               {"aud", claims.audience},
                               {"scope", claims.scope},
                               {"iat", issued},
                               {"exp", issued + claims.lifetime.count()}};
  const Key key = key_in(private_key);
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    return Error{ErrorCode::kInvalid,
                 "the private key of the service account is no RSA key in PEM form: download the "
                 "JSON key file again"};
  const std::string text = base64url(header.dump()) + "." + base64url(body.dump());
  const std::string signature = rs256(text, key.get());
  if (signature.empty())
    return Error{ErrorCode::kInvalid, "the private key of the service account does not sign"};
  return Secret(text + "." + base64url(signature));
}

}  // namespace wme::executor::gcp
