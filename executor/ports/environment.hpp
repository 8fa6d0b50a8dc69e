#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wme::executor {

/// Looks an environment variable up; none when it is not set. Injected, so that no driver reads the
/// environment of its process.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

}  // namespace wme::executor
