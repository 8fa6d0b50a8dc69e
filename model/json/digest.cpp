#include "model/json/digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace wme::model {

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    return "";
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[hash.at(i) >> 4U];
    hex += kHex[hash.at(i) & 15U];
  }
  return hex;
}

}  // namespace wme::model
