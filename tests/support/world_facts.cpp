#include "tests/support/world_facts.hpp"

#include <algorithm>

#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "simulators/core/truth.hpp"

namespace wme::tests {

namespace {

const model::Fluent& fluent_of(const model::GroundModel& model, model::Variable variable) {
  return model::fluents()[model.fluent_index(variable)];
}

}  // namespace

std::map<std::string, int> side_effects(const simulators::World& world) {
  std::map<std::string, int> counted;
  for (const simulators::Event& each : world.events())
    if (each.phase == "request" && !simulators::is_only_noted(each.action)) ++counted[each.action];
  return counted;
}

std::vector<std::string> state_text(const simulators::World& world,
                                    const model::GroundModel& model) {
  std::vector<std::string> values;
  for (model::Variable each = 0; each < model.variable_count(); ++each) {
    const model::Fluent& fluent = fluent_of(model, each);
    if (fluent.seen_by != model::SeenBy::kJournal)
      values.push_back(model.text(each) + "=" + world.value(fluent.name, model.arguments_of(each)));
  }
  return values;
}

std::string safe_stop(const simulators::World& world, const model::GroundModel& model) {
  const model::SafeStop* stop = simulators::safe_stop(world, model);
  return stop == nullptr ? "" : stop->name;
}

}  // namespace wme::tests
