#include "simulators/host/checksum.hpp"

#include <openssl/evp.h>

#include <array>

namespace wme::simulators {

std::string digest(std::string_view algorithm, const FileNode& node) {
  const auto stated = node.digests.find(std::string(algorithm));
  if (stated != node.digests.end() && !stated->second.empty()) return stated->second;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  EVP_Digest(node.content.data(), node.content.size(), bytes.data(), &length,
             algorithm == "sha1" ? EVP_sha1() : EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) {
    hex += "0123456789abcdef"[bytes[i] >> 4U];
    hex += "0123456789abcdef"[bytes[i] & 15U];
  }
  return hex;
}

}  // namespace wme::simulators
