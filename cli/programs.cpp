#include "cli/programs.hpp"

#include <utility>

#include "cli/spin/child.hpp"

namespace wme::cli {

namespace {
constexpr std::chrono::seconds kTimeMax{60};
constexpr std::size_t kOutputBytesMax = 1U << 20U;
}  // namespace

Result<executor::ProgramEnd> run_program(const std::vector<std::string>& words) {
  ChildLimits limits;
  limits.time_max = kTimeMax;
  limits.output_bytes_max = kOutputBytesMax;
  limits.errors_go_through = true;
  Result<ChildEnd> end = run_child(words, "/", limits);
  if (!end) return end.error();
  return executor::ProgramEnd{end.value().status, std::move(end.value().output)};
}

}  // namespace wme::cli
