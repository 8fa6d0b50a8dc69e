#include "simulators/core/truth.hpp"

#include <algorithm>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::simulators {

model::State truth(const World& world, const model::GroundModel& model) {
  if (&world.model() == &model) return world.state();
  model::State state = model.initial();
  for (model::Variable each = 0; each < state.size(); ++each) {
    const std::string& fluent = model::fluents()[model.fluent_index(each)].name;
    state[each] = *model.value(each, world.value(fluent, model.arguments_of(each)));
  }
  return state;
}

const model::SafeStop* safe_stop(const World& world, const model::GroundModel& model) {
  const model::State state = truth(world, model);
  for (const model::SafeStop& each : model::safe_stops())
    if (model::evaluate(model.ground(each.formula), state)) return &each;
  return nullptr;
}

bool is_only_noted(const std::string& event) {
  const model::Action* action = model::find_action(event.substr(0, event.find(' ')));
  return std::ranges::all_of(action->outcomes.front().effects, [](const model::Effect& each) {
    const auto fluent =
        std::ranges::find(model::fluents(), each.target.fluent, &model::Fluent::name);
    return fluent->seen_by == model::SeenBy::kJournal;
  });
}

}  // namespace wme::simulators
