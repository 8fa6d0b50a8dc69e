#include "scenarios/rehearsal/replay.hpp"

#include <set>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"

namespace wme::scenarios {

Status replays(const model::GroundModel& model, const executor::Journal& journal) {
  Result<std::vector<executor::Record>> records = executor::records(journal);
  if (!records) return records.error();
  model::State state = model.initial();
  std::set<std::string> requested;
  for (const executor::Record& record : records.value()) {
    const executor::Entry& entry = record.entry;
    if (entry.kind != executor::EntryKind::kAccepted && entry.kind != executor::EntryKind::kOutcome)
      continue;
    const model::Action* action = model::find_action(entry.action);
    const auto grounded = action == nullptr ? std::nullopt : model.ground(*action, entry.arguments);
    const std::string where = "journal entry " + std::to_string(record.sequence) + ": ";
    if (!grounded)
      return Error{ErrorCode::kFailed, where + "the model has no " + entry.action + " here"};
    // An accepted entry, or an outcome of a step that was found done or whose answer was lost.
    if (requested.insert(entry.step).second) {
      Result<model::State> next = model::requested(model, *grounded, state);
      if (!next)
        return Error{ErrorCode::kFailed, where + "the model forbids " + next.error().message};
      state = std::move(next).value();
    }
    if (entry.kind != executor::EntryKind::kOutcome) continue;
    const auto name = entry.details.find("outcome");
    for (std::size_t i = 0; i < action->outcomes.size(); ++i)
      if (name != entry.details.end() && action->outcomes[i].name == name->second)
        model::apply(grounded->outcomes[i], state);
  }
  return Done{};
}

}  // namespace wme::scenarios
