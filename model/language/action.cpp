#include "model/language/action.hpp"

#include <utility>

namespace wme::model {

Effect set(FluentTerm target, std::string value) {
  return {std::move(target), std::move(value), always(), {}, always()};
}

Effect set_if(Formula when, FluentTerm target, std::string value) {
  return {std::move(target), std::move(value), std::move(when), {}, always()};
}

Effect for_each(Var variable, Formula where, Effect effect) {
  effect.each.insert(effect.each.begin(), std::move(variable));
  effect.where = effect.where.kind == Formula::Kind::kTrue
                     ? std::move(where)
                     : all_of({std::move(where), std::move(effect.where)});
  return effect;
}

std::string_view to_string(Door door) {
  switch (door) {
    case Door::kLaunchpad:
      return "launchpad";
    case Door::kConfigWizard:
      return "config-wizard";
    case Door::kCloud:
      return "cloud";
    case Door::kHost:
      return "host";
    case Door::kOperator:
      return "operator";
    case Door::kExecutor:
      return "executor";
    case Door::kEnvironment:
      return "environment";
  }
  return "?";
}

}  // namespace wme::model
