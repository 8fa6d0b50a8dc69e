#include "executor/drivers/aws/ec2_names.hpp"

#include <algorithm>

#include "executor/drivers/aws/sigv4.hpp"

namespace wme::executor::aws {

namespace {
constexpr std::size_t kClientTokenMax = 64;
}  // namespace

std::string device_of(std::string_view volume) {
  return model::without_new(volume) == "wm-data" ? "/dev/sdf" : "/dev/sdg";
}

std::string client_token(const std::string& token) {
  const auto plain = [](char c) { return c > ' ' && c <= '~'; };
  const bool fits = token.size() <= kClientTokenMax && std::ranges::all_of(token, plain);
  return fits ? token : sha256_hex(token);
}

}  // namespace wme::executor::aws
