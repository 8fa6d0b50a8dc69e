#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "model/result.hpp"

namespace wme::executor {

/// A request to carry out one action of the model, in the model's words.
struct Call {
  std::string action;                  ///< "passivate-container"
  std::vector<std::string> arguments;  ///< entity names, in the order of the action's parameters
  std::string token;                   ///< idempotency token, the same for each try of this step
};

/// A variable of the model that somebody wants to see: run(c17).
struct Variable {
  std::string fluent;
  std::vector<std::string> arguments;
  auto operator<=>(const Variable&) const = default;
};

struct Observation {
  Variable variable;
  std::optional<std::string> value;  ///< none: cannot be seen now (its host is down, say)
  std::string detail;                ///< what was read, for the journal: "snap-0a1b completed 100%"
};

/// The same in the numbers of a ground model, for who has it in common with the one who asks.
struct Sight {
  std::optional<model::Value> value;
  std::string detail;
};

/// One system (Launchpad, ConfigWizard, cloud, hosts, operator) as the executor sees it.
/// A driver has one entry for each action and for each fluent that it serves.
class SystemPort {
 public:
  virtual ~SystemPort() = default;
  /// Sends the request and returns when it is accepted, not when it is done. `receipt` is for the
  /// journal (ids, task references). Errors: kBlocked (the system's own guard said no),
  /// kThrottled, kUnreachable, kUnknownOutcome, kFailed, kRefused.
  virtual Result<std::string> perform(const Call& call) = 0;
  /// Reads the variables afresh, one answer for each, in the order asked. Never changes anything.
  virtual Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) = 0;
  /// Whether it has this very model in common with its caller, so that it can be asked by number:
  /// a world in the same process. All others are asked in words.
  virtual bool shares(const model::GroundModel& /*model*/) const { return false; }
  /// As `observe`, of variables of the model that it shares: what it sees of `asked[i]` is put into
  /// `sights[i]`. Errors as observe.
  virtual Status glance(std::span<const model::Variable> /*asked*/, std::span<Sight> /*sights*/) {
    return Error{ErrorCode::kInvalid, "this system has to be asked in words"};
  }
  /// Why the work that an accepted `call` started has ended badly, where no variable shows it (an
  /// installer that left nothing behind). None: it has not, or one cannot tell. Never changes
  /// anything. Errors as observe.
  virtual Result<std::optional<std::string>> failure_of(const Call& /*call*/) {
    return std::optional<std::string>();
  }
};

}  // namespace wme::executor
