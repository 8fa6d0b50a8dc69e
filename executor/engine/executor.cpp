#include "executor/engine/executor.hpp"

#include <utility>

#include "executor/engine/run_loop.hpp"

namespace wme::executor {

Leg first_leg(const model::GroundModel& model, const model::Plan& plan,
              const model::PlanOrder& order) {
  return {model, plan, order, model::goals_of(model.installation().procedure), model.initial()};
}

std::string_view to_string(OnExpiry outcome) {
  switch (outcome) {
    case OnExpiry::kStop:
      return "stop";
    case OnExpiry::kAbort:
      return "abort";
    case OnExpiry::kContinue:
      return "continue";
  }
  return "stop";
}

Executor::Executor(Leg leg, const Ports& ports, Clock& clock, JournalPort& journal)
    : loop_(std::make_unique<detail::RunLoop>(std::move(leg), ports, clock, journal)) {}

Executor::~Executor() = default;

RunResult Executor::run(const RunOptions& options, const RunListener& listener,
                        const Controls& controls) {
  return loop_->run(options, listener, controls);
}

}  // namespace wme::executor
