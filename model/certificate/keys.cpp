#include "model/certificate/keys.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>

#include "model/json/digest.hpp"

namespace wme::model {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Memory = std::unique_ptr<BIO, Free>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// With a valid key these calls fail only when memory is out or the library was built without
/// Ed25519: nothing may be signed or believed then.
void insist(bool done, const char* what) {
  if (done) return;
  std::cerr << "rehydrate: OpenSSL cannot " << what << " with Ed25519\n";
  std::abort();
}

Key private_key(const SigningKey::Seed& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  insist(key != nullptr, "load a key");
  return key;
}

/// Asking a terminal in the middle of a script would only hang it.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// The line "name: NAME" before the key.
std::string name_in(std::string_view text) {
  constexpr std::string_view kLabel = "name: ";
  const std::string_view head = text.substr(0, text.find("-----BEGIN"));
  std::size_t at = 0;
  while (at < head.size()) {
    const std::size_t end = std::min(head.find('\n', at), head.size());
    const std::string_view line = head.substr(at, end - at);
    if (line.starts_with(kLabel)) return std::string(line.substr(kLabel.size()));
    at = end + 1;
  }
  return "";
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                      static_cast<int>(text.size())) < 0)
    return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  bytes.resize(bytes.size() - padding);
  // White space, stray bits behind the last byte: OpenSSL is generous.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string PublicKey::fingerprint() const { return sha256_hex(bytes).substr(0, 16); }

std::optional<PublicKey> public_key_from(std::string_view base64) {
  auto bytes = from_base64(base64);
  if (!bytes || bytes->size() != PublicKey::kBytes) return std::nullopt;
  return PublicKey{std::move(*bytes)};
}

bool verifies(const PublicKey& key, std::string_view message, std::string_view signature) {
  const Key loaded(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(key.bytes),
                                               key.bytes.size()));
  const Context context(EVP_MD_CTX_new());
  const bool fits =
      loaded && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                       message.size()) == 1;
  ERR_clear_error();
  return fits;
}

SigningKey::SigningKey(Seed& seed, std::string name) : seed_(seed), name_(std::move(name)) {
  OPENSSL_cleanse(seed.data(), seed.size());
}

SigningKey::~SigningKey() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Result<SigningKey> SigningKey::from_pem(std::string_view text, std::string_view file) {
  const auto wrong = [&](const std::string& why) {
    ERR_clear_error();
    return Error{ErrorCode::kInvalid, std::string(file) + ": " + why};
  };
  if (text.starts_with("ed25519 "))
    return wrong("this is a public key: give the private one, the file without .pub");
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  bool asked = false;
  const Key key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, &asked)
                       : nullptr);
  if (asked)
    return wrong(
        "the key is under a passphrase, which cannot be asked for here: decrypt it to a file that "
        "only you can read, with `openssl pkey`");
  if (!key)
    return wrong("no private key in PEM stands there: make one with `rehydrate keygen -o FILE`");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
    return wrong(
        "the key is of another kind: certificates are signed with Ed25519; make a key with "
        "`rehydrate keygen -o FILE`");
  Seed seed{};
  std::size_t size = seed.size();
  if (EVP_PKEY_get_raw_private_key(key.get(), seed.data(), &size) != 1 || size != seed.size())
    return wrong("the private half of the key cannot be read");
  std::string name = name_in(text);
  if (!name.empty() && !is_person(name)) {
    OPENSSL_cleanse(seed.data(), seed.size());
    return wrong("the name before the key is no name: " + std::string(kPersonForm));
  }
  return SigningKey(seed, std::move(name));
}

std::string SigningKey::to_pem() const {
  const Key key = private_key(seed_);
  const Memory memory(BIO_new(BIO_s_secmem()));
  insist(memory && PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0,
                                                 nullptr, nullptr) == 1,
         "write a key");
  char* written = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &written);
  std::string text = name_.empty() ? "" : "name: " + name_ + "\n";
  return text.append(written, static_cast<std::size_t>(length));
}

PublicKey SigningKey::public_key() const {
  const Key key = private_key(seed_);
  PublicKey made{std::string(PublicKey::kBytes, '\0')};
  std::size_t size = made.bytes.size();
  insist(EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(made.bytes.data()),
                                     &size) == 1,
         "derive a public key");
  return made;
}

std::string SigningKey::sign(std::string_view message) const {
  const Key key = private_key(seed_);
  const Context context(EVP_MD_CTX_new());
  std::size_t size = 64;
  std::string signature(size, '\0');
  insist(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
             EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                            &size, bytes_of(message), message.size()) == 1,
         "sign");
  return signature;
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

bool is_person(std::string_view name) {
  constexpr std::size_t kLettersMax = 64;
  constexpr std::string_view kMarks = "._-@+";
  return !name.empty() && name.size() <= kLettersMax && std::ranges::all_of(name, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

}  // namespace wme::model
