#include "model/checker/findings.hpp"

#include <utility>

#include "model/language/interpreter.hpp"

namespace wme::model {

std::vector<Obligation> broken_by(const PackedPlan& packed, const PackedEvent& event,
                                  const std::uint64_t* before, const std::uint64_t* after) {
  const Happening::Kind kind = event.happening.kind;
  const bool by_environment = kind == Happening::Kind::kEnvironment;
  std::vector<Obligation> broken;
  for (const PackedJudgement& each : event.judged)
    if (!packed.holds(each.conjuncts, after) &&
        packed.holds(packed.invariant(each.invariant), before))
      broken.push_back({PropertyKind::kInvariant,
                        by_environment ? Obligation::kNoStep : event.happening.what,
                        kind != Happening::Kind::kOutcome && !by_environment, each.invariant, 0});
  return broken;
}

std::vector<Obligation> closed_guard(const PackedPlan& packed, std::size_t step,
                                     const std::uint64_t* state) {
  std::vector<Obligation> broken;
  const std::span<const Tests::Entry> conditions = packed.conditions(step);
  for (std::size_t i = 0; i < conditions.size(); ++i)
    if (!packed.holds(conditions[i], state))
      broken.push_back({PropertyKind::kGuard, step, true, i, 0});
  return broken;
}

std::vector<Obligation> missed_goals(const PackedPlan& packed, const std::uint64_t* state) {
  std::vector<Obligation> missed;
  for (std::size_t i = 0; i < packed.plan().goals().size(); ++i)
    if (!packed.holds(packed.goal(i), state))
      missed.push_back({PropertyKind::kGoal, Obligation::kNoStep, true, i, 0});
  return missed;
}

std::string kind_of(const GroundPlan& plan, const Happening& happening) {
  const Action& action =
      *(happening.kind == Happening::Kind::kEnvironment ? plan.environment()[happening.what].action
                                                        : plan.action(happening.what).action);
  switch (happening.kind) {
    case Happening::Kind::kRequest:
    case Happening::Kind::kEnvironment:
      return action.name;
    case Happening::Kind::kOutcome:
      return action.name + ": " + action.outcomes[happening.outcome].name;
    case Happening::Kind::kFoundDone:
      return action.name + ": found done";
    case Happening::Kind::kLostRequest:
      return action.name + ": request lost";
    case Happening::Kind::kLostAnswer:
      return action.name + ": answer lost";
    case Happening::Kind::kStaleRead:
      return action.name + ": stale read";
  }
  return action.name;
}

std::string Findings::key(const std::string& property, const Obligation& broken,
                          const Happening* last) const {
  if (last == nullptr || last->kind != Happening::Kind::kEnvironment) return property;
  std::string about;
  if (broken.kind == PropertyKind::kInvariant && !plan_.invariants()[broken.index].about.empty())
    about = " of " + plan_.invariants()[broken.index].about;
  return property + about + " by " + name_of(plan_.model(), plan_.environment()[last->what]);
}

void Findings::keep(const std::vector<Obligation>& broken, const Happening* last,
                    const std::function<Trace()>& trace) {
  for (std::size_t b = 0; b < broken.size(); ++b)
    for (const std::string& property : properties_of(plan_, broken[b])) {
      const std::string name = key(property, broken[b], last);
      if (violations_.contains(name)) continue;
      Reached reached{broken, trace()};
      std::swap(reached.broken.front(), reached.broken[b]);
      violations_.emplace(name, std::move(reached));
    }
}

void Findings::judge_start() {
  const State& initial = plan_.model().initial();
  const auto nothing = [] { return Trace(); };
  for (std::size_t i = 0; i < plan_.invariants().size(); ++i)
    if (!evaluate(plan_.invariants()[i].formula, initial))
      keep({{PropertyKind::kStart, Obligation::kNoStep, true, i, 0}}, nullptr, nothing);
  if (plan_.size() > 0) return;
  std::vector<Obligation> missed;  // a plan without steps has ended when it begins
  for (std::size_t i = 0; i < plan_.goals().size(); ++i)
    if (!evaluate(plan_.goals()[i].formula, initial))
      missed.push_back({PropertyKind::kGoal, Obligation::kNoStep, true, i, 0});
  keep(missed, nullptr, nothing);
}

}  // namespace wme::model
