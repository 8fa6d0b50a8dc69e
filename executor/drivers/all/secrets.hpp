#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "executor/ports/environment.hpp"
#include "executor/ports/secret.hpp"
#include "model/inventory.hpp"
#include "model/result.hpp"

namespace wme::executor {

/// The secret that an inventory or an option refers to: "env:NAME", "file:PATH" (its first line),
/// or "credential:NAME": that file in $CREDENTIALS_DIRECTORY, where systemd puts what a unit's
/// LoadCredential= names. `what` is how messages call it. Errors: kInvalid when it is not there,
/// empty, or readable by everybody.
Result<Secret> fetch_secret(const model::SecretRef& reference, const std::string& what,
                            const Environment& environment);

}  // namespace wme::executor
