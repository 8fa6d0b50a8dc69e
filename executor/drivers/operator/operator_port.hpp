#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "model/inventory.hpp"

namespace wme::executor {

/// What a person is asked to do.
struct Instruction {
  Call call;
  std::string runbook;               ///< "B13"
  std::string sentence;              ///< the action's own, with its parameters filled in
  std::vector<std::string> details;  ///< from the inventory: addresses, names, one a line
};

/// Where instructions go. It returns when the person was told, not when they have done it; the
/// receipt is for the journal. Errors: kUnreachable when nobody can be told.
using InstructionSink = std::function<Result<std::string>(const Instruction&)>;

/// Writes instructions to a stream, for a console or a log. The stream must outlive the sink.
InstructionSink instructions_to(std::ostream& out);

/// The person at the console behind SystemPort: is told what no API can do. It sees nothing by
/// itself: that the person has done it shows in what the other ports see, and never in their word.
///
/// perform: every action of the operator's door.
class OperatorPort final : public SystemPort {
 public:
  /// `inventory` must outlive it.
  OperatorPort(const model::Inventory& inventory, InstructionSink sink);

  Result<std::string> perform(const Call& call) override;
  Result<std::vector<Observation>> observe(const std::vector<Variable>& variables) override;

 private:
  std::vector<std::string> details(const std::string& action) const;

  const model::Inventory& inventory_;
  InstructionSink sink_;
};

}  // namespace wme::executor
