#include "executor/telling/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>

namespace wme::executor {

namespace {

constexpr std::string_view kEncoded = "whsec_";
constexpr std::size_t kKeyBytesMin = 16;

std::string base64(const unsigned char* bytes, std::size_t count) {
  std::string text((count + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes,
                                     static_cast<int>(count));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

/// Empty when it is none.
std::string from_base64(const std::string& text) {
  if (text.empty() || text.size() % 4 != 0) return "";
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return "";
  // It counts the bytes that the padding stands for.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace

Result<Secret> signing_key(const Secret& secret) {
  const std::string& text = secret.reveal();
  std::string key = text;
  if (text.starts_with(kEncoded)) {
    key = from_base64(text.substr(kEncoded.size()));
    if (key.empty())
      return Error{ErrorCode::kInvalid,
                   "the webhook secret begins with whsec_, but what follows is no base64; make "
                   "one: echo whsec_$(openssl rand -base64 32)"};
  }
  if (key.size() < kKeyBytesMin)
    return Error{ErrorCode::kInvalid,
                 "the webhook secret is shorter than 16 bytes and could be guessed; make one: "
                 "echo whsec_$(openssl rand -base64 32)"};
  return Secret(std::move(key));
}

std::string webhook_signature(const Secret& key, const std::string& id, std::int64_t timestamp,
                              const std::string& body) {
  const std::string content = id + "." + std::to_string(timestamp) + "." + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const std::string& bytes = key.reveal();
  if (HMAC(EVP_sha256(), bytes.data(), static_cast<int>(bytes.size()),
           reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
           &size) == nullptr)
    std::abort();  // without memory, or without SHA-256: nothing that a run could survive
  return "v1," + base64(digest.data(), size);
}

}  // namespace wme::executor
