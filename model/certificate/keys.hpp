#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

/// Ed25519 keys (RFC 8032): of people who certify and approve. Making a new one takes chance, which
/// the caller brings.
namespace wme::model {

/// Standard base64 with padding.
std::string to_base64(std::string_view bytes);
/// None unless the text is exactly what `to_base64` writes: one text for each signature.
std::optional<std::string> from_base64(std::string_view text);

struct PublicKey {
  static constexpr std::size_t kBytes = 32;
  std::string bytes;  ///< kBytes of them
  bool operator==(const PublicKey&) const = default;

  std::string base64() const { return to_base64(bytes); }
  /// Short, for people: the first 16 hexadecimal digits of its SHA-256.
  std::string fingerprint() const;
};
std::optional<PublicKey> public_key_from(std::string_view base64);

/// Whether the signature over the message was made with the private half of the key.
bool verifies(const PublicKey& key, std::string_view message, std::string_view signature);

/// A private key. It has no text form but its PEM, and wipes itself when it goes.
class SigningKey {
 public:
  static constexpr std::size_t kSeedBytes = 32;
  using Seed = std::array<unsigned char, kSeedBytes>;

  /// From 32 bytes of good chance, which are wiped.
  SigningKey(Seed& seed, std::string name);
  ~SigningKey();
  SigningKey(const SigningKey& other) = default;
  SigningKey& operator=(const SigningKey& other) = default;

  /// Reads PKCS #8 in PEM, as `rehydrate keygen` and `openssl genpkey -algorithm ed25519` write it;
  /// a line "name: NAME" before it says whose it is. Errors (kInvalid): no key, another kind of
  /// key, a key under a passphrase. No part of the text is ever in a message.
  static Result<SigningKey> from_pem(std::string_view text, std::string_view file);
  /// A secret: the caller wipes it with `wipe`.
  std::string to_pem() const;

  const std::string& name() const { return name_; }  ///< empty: the file does not say
  PublicKey public_key() const;
  /// 64 bytes, always the same ones for the same message.
  std::string sign(std::string_view message) const;

 private:
  Seed seed_{};
  std::string name_;
};

/// Overwrites a secret.
void wipe(std::string& secret);

/// Letters, digits and ".", "_", "-", "@", "+"; 64 at most: how people are called in keys.
bool is_person(std::string_view name);
inline constexpr std::string_view kPersonForm =
    "letters, digits, '.', '_', '-', '@' and '+', 64 at most, without spaces";

}  // namespace wme::model
