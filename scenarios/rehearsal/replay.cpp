#include "scenarios/rehearsal/replay.hpp"

#include "executor/engine/history.hpp"

namespace wme::scenarios {

Status replays(const model::GroundModel& model, const model::Plan& plan,
               const executor::Journal& journal) {
  Result<std::vector<executor::Record>> records = executor::records(journal);
  if (!records) return records.error();
  const auto followed =
      executor::follow(model, plan, model.initial(), records.value(), 0, records.value().size());
  if (!followed) return followed.error();
  return Done{};
}

}  // namespace wme::scenarios
