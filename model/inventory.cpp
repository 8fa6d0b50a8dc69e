#include "model/inventory.hpp"

#include <array>
#include <utility>

namespace wme::model {

namespace {

constexpr std::array<std::pair<Provider, std::string_view>, 5> kProviders = {{
    {Provider::kAws, "aws"},
    {Provider::kAzure, "azure"},
    {Provider::kGcp, "gcp"},
    {Provider::kEsxi, "esxi"},
    {Provider::kHyperV, "hyper-v"},
}};

constexpr std::array<std::pair<ContainerState, std::string_view>, 3> kContainerStates = {{
    {ContainerState::kRunning, "running"},
    {ContainerState::kStopped, "stopped"},
    {ContainerState::kPassivated, "passivated"},
}};

}  // namespace

std::string_view to_string(Provider provider) {
  for (const auto& [value, text] : kProviders)
    if (value == provider) return text;
  return "?";
}

std::optional<Provider> provider_from(std::string_view text) {
  for (const auto& [value, word] : kProviders)
    if (word == text) return value;
  return std::nullopt;
}

bool has_volumes(Provider provider) {
  return provider == Provider::kAws || provider == Provider::kAzure || provider == Provider::kGcp;
}

std::string_view to_string(ContainerState state) {
  for (const auto& [value, text] : kContainerStates)
    if (value == state) return text;
  return "?";
}

std::optional<ContainerState> container_state_from(std::string_view text) {
  for (const auto& [value, word] : kContainerStates)
    if (word == text) return value;
  return std::nullopt;
}

}  // namespace wme::model
