#include "simulators/gcp/compute_resources.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace wme::simulators::gcp {

namespace {

constexpr std::size_t kNameMax = 63;

std::uint64_t fnv1a(const std::string& words) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : words) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first eight digits of a SHA-256.
std::string short_digest(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<char, 9> hex{};
  std::snprintf(hex.data(), hex.size(), "%02x%02x%02x%02x", digest[0], digest[1], digest[2],
                digest[3]);
  return hex.data();
}

}  // namespace

std::string make_id(const std::string& words) {
  return std::to_string(fnv1a(words) >> 1U | (1ULL << 62U));  // always of 19 digits
}

std::string fingerprint_of(const std::string& words) {
  const std::uint64_t hash = fnv1a(words);
  std::array<unsigned char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<unsigned char>(hash >> (8 * i));
  std::array<unsigned char, 13> text{};
  EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return reinterpret_cast<const char*>(text.data());
}

std::string last_segment(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kNameMax && is_lower(text.front()) && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_label(const std::string& text, bool is_key) {
  if (is_key && (text.empty() || !is_lower(text.front()))) return false;
  return text.size() <= kNameMax && std::ranges::all_of(text, [](char c) {
           return is_lower(c) || is_digit(c) || c == '-' || c == '_';
         });
}

std::string label_value(const std::string& text) {
  if (is_label(text, false)) return text;
  std::string made;
  for (const char c : text) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    made += is_lower(low) || is_digit(low) ? low : '-';
  }
  return made.substr(0, kNameMax - 9) + "-" + short_digest(text);
}

}  // namespace wme::simulators::gcp
