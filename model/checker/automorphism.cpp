#include "model/checker/automorphism.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "model/checker/make_set.hpp"
#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

void collect_variables(const std::vector<GroundEffect>& effects, std::vector<Variable>& into) {
  for (const GroundEffect& each : effects) {
    into.push_back(each.target);
    collect_variables(each.when, into);
  }
}

void collect_variables(const GroundAction& action, std::vector<Variable>& into) {
  for (const GroundCondition& each : action.guard) collect_variables(each.formula, into);
  collect_variables(action.lasts, into);
  collect_variables(action.request, into);
  for (const std::vector<GroundEffect>& outcome : action.outcomes) collect_variables(outcome, into);
}

}  // namespace

PlanPart Renaming::of(PlanPart part) const {
  const auto at = std::ranges::lower_bound(moves_, part, std::less<>{}, &Move::first);
  return at != moves_.end() && at->first == part ? at->second : part;
}

Happening Renaming::of(const PlanParts& parts, Happening happening) const {
  const PlanPart part = happening.kind == Happening::Kind::kEnvironment
                            ? parts.environment(happening.what)
                            : parts.step(happening.what);
  happening.what = parts.index(of(part));
  return happening;
}

Obligation Renaming::of(const PlanParts& parts, Obligation obligation) const {
  if (obligation.step != Obligation::kNoStep)
    obligation.step = parts.index(of(parts.step(obligation.step)));
  if (obligation.kind == PropertyKind::kInvariant || obligation.kind == PropertyKind::kStart)
    obligation.index = parts.index(of(parts.invariant(obligation.index)));
  return obligation;
}

Automorphisms::Automorphisms(const GroundPlan& plan)
    : plan_(plan), parts_(plan), names_(parts_.count()), image_(parts_.count()) {
  for (PlanPart part = 0; part < image_.size(); ++part) image_[part] = part;
  index_readers();
  name_parts();
}

void Automorphisms::index_readers() {
  readers_.resize(plan_.model().variable_count());
  goals_reading_.resize(plan_.model().variable_count());
  std::vector<Variable> read;
  const auto note = [&](auto& readers, auto who) {
    make_set(read);
    for (const Variable each : read) readers[each].push_back(who);
    read.clear();
  };
  for (std::size_t step = 0; step < plan_.size(); ++step) {
    collect_variables(plan_.action(step), read);
    collect_variables(plan_.visible_work(step), read);
    note(readers_, parts_.step(step));
  }
  for (std::size_t i = 0; i < plan_.environment().size(); ++i) {
    collect_variables(plan_.environment()[i], read);
    note(readers_, parts_.environment(i));
  }
  for (std::size_t i = 0; i < plan_.invariants().size(); ++i) {
    collect_variables(plan_.invariants()[i].formula, read);
    note(readers_, parts_.invariant(i));
  }
  for (std::size_t i = 0; i < plan_.goals().size(); ++i) {
    collect_variables(plan_.goals()[i].formula, read);
    note(goals_reading_, i);
  }
}

void Automorphisms::add_name(PlanPart part, std::uint32_t kind, std::vector<Entity> arguments) {
  std::vector<Entity> entities = arguments;
  make_set(entities);
  for (const Entity each : entities) naming_[each].push_back(part);
  names_[part] = {kind, std::move(arguments)};
  named_[names_[part]].push_back(part);
}

void Automorphisms::name_parts() {
  const GroundModel& model = plan_.model();
  for (const Sort& sort : sorts())
    for (const Entity each : model.sort(sort.name))
      naming_.resize(std::max<std::size_t>(naming_.size(), each + 1));
  std::map<std::pair<const void*, std::string>, std::uint32_t> kinds;
  const auto kind_of = [&](const void* action, const std::string& word) {
    return kinds.emplace(std::pair(action, word), static_cast<std::uint32_t>(kinds.size()))
        .first->second;
  };
  for (std::size_t step = 0; step < plan_.size(); ++step)
    add_name(parts_.step(step), kind_of(plan_.action(step).action, "step"),
             plan_.action(step).arguments);
  for (std::size_t i = 0; i < plan_.environment().size(); ++i)
    add_name(parts_.environment(i), kind_of(plan_.environment()[i].action, "environment"),
             plan_.environment()[i].arguments);
  for (std::size_t i = 0; i < plan_.invariants().size(); ++i) {
    const GroundInvariant& each = plan_.invariants()[i];
    std::vector<Entity> about;
    if (const std::optional<Entity> entity = model.entity(each.about)) about.push_back(*entity);
    add_name(parts_.invariant(i), kind_of(nullptr, each.rule), std::move(about));
  }
  for (Variable variable = 0; variable < model.variable_count(); ++variable) {
    if (readers_[variable].empty() && goals_reading_[variable].empty()) continue;
    std::vector<Entity> arguments;
    for (const std::string& each : model.arguments_of(variable))
      arguments.push_back(model.entity(each).value());
    add_name(parts_.variable(variable),
             kind_of(&plan_, std::to_string(model.fluent_index(variable))), std::move(arguments));
  }
}

std::optional<Renaming> Automorphisms::exchange(const Exchange& pairs) {
  std::optional<Renaming> made;
  if (find_images(pairs) && is_kept()) {
    std::vector<Renaming::Move> moves;
    for (const PlanPart each : moved_)
      if (image_[each] != each) moves.emplace_back(each, image_[each]);
    made.emplace(std::move(moves));
  }
  for (const PlanPart each : moved_) image_[each] = each;
  moved_.clear();
  return made;
}

/// By names alone: what has the renamed name. Of several that have the same, the first becomes the
/// first.
bool Automorphisms::find_images(const Exchange& pairs) {
  std::map<Entity, Entity> images;
  for (const auto& [one, other] : pairs) {
    images[one] = other;
    images[other] = one;
  }
  for (const auto& [entity, image] : images)
    moved_.insert(moved_.end(), naming_[entity].begin(), naming_[entity].end());
  make_set(moved_);
  for (const PlanPart each : moved_) {
    Name renamed = names_[each];
    for (Entity& argument : renamed.arguments)
      if (const auto to = images.find(argument); to != images.end()) argument = to->second;
    const std::vector<PlanPart>& here = named_.at(names_[each]);
    const auto there = named_.find(renamed);
    if (there == named_.end() || there->second.size() != here.size()) return false;
    const auto position = std::ranges::find(here, each) - here.begin();
    image_[each] = there->second[static_cast<std::size_t>(position)];
  }
  return true;
}

bool Automorphisms::is_kept() const {
  std::vector<PlanPart> concerned = moved_;
  std::vector<std::size_t> goals;
  for (const PlanPart each : moved_) {
    if (!parts_.is_variable(each)) continue;
    const auto variable = static_cast<Variable>(parts_.index(each));
    const State& initial = plan_.model().initial();
    if (initial[variable] != initial[image_of(variable)]) return false;
    concerned.insert(concerned.end(), readers_[variable].begin(), readers_[variable].end());
    goals.insert(goals.end(), goals_reading_[variable].begin(), goals_reading_[variable].end());
  }
  make_set(concerned);
  make_set(goals);
  return std::ranges::all_of(concerned, [&](PlanPart each) { return becomes_its_image(each); }) &&
         std::ranges::all_of(goals, [&](std::size_t i) {
           return becomes(plan_.goals()[i].formula, plan_.goals()[i].formula);
         });
}

bool Automorphisms::becomes_its_image(PlanPart part) const {
  const std::size_t here = parts_.index(part);
  const std::size_t there = parts_.index(image_[part]);
  if (parts_.is_step(part))
    return becomes(plan_.action(here), plan_.action(there)) &&
           becomes(plan_.visible_work(here), plan_.visible_work(there)) &&
           plan_.is_weakened(here) == plan_.is_weakened(there) && step_keeps_its_place(here);
  if (parts_.is_environment(part))
    return becomes(plan_.environment()[here], plan_.environment()[there]);
  if (parts_.is_invariant(part))
    return plan_.invariants()[here].rule == plan_.invariants()[there].rule &&
           becomes(plan_.invariants()[here].formula, plan_.invariants()[there].formula);
  return plan_.model().fluent_index(static_cast<Variable>(here)) ==
         plan_.model().fluent_index(static_cast<Variable>(there));
}

bool Automorphisms::becomes(const GroundAction& one, const GroundAction& other) const {
  if (one.action != other.action || one.guard.size() != other.guard.size() ||
      one.outcomes.size() != other.outcomes.size())
    return false;
  for (std::size_t i = 0; i < one.guard.size(); ++i)
    if (one.guard[i].condition != other.guard[i].condition ||
        !becomes(one.guard[i].formula, other.guard[i].formula))
      return false;
  for (std::size_t o = 0; o < one.outcomes.size(); ++o)
    if (!becomes(one.outcomes[o], other.outcomes[o])) return false;
  return becomes(one.lasts, other.lasts) && becomes(one.request, other.request);
}

/// A step that stays is compared with those that move from their side.
bool Automorphisms::step_keeps_its_place(std::size_t step) const {
  const PlanOrder& order = plan_.order();
  const std::size_t there = image_[parts_.step(step)];
  if (there == step) return true;
  for (std::size_t other = 0; other < plan_.size(); ++other) {
    const std::size_t image = image_[parts_.step(other)];
    if (order.before(step, other) != order.before(there, image) ||
        order.before(other, step) != order.before(image, there))
      return false;
  }
  return true;
}

bool Automorphisms::moves(const GroundFormula& formula) const {
  if (formula.kind == GroundFormula::Kind::kIn)
    return image_of(formula.variable) != formula.variable;
  return std::ranges::any_of(formula.parts, [&](const GroundFormula& part) { return moves(part); });
}

bool Automorphisms::becomes(const GroundFormula& one, const GroundFormula& other) const {
  if (&one != &other || one.kind == GroundFormula::Kind::kIn)
    return written(one, true) == written(other, false);
  // "Every container is parked" speaks of thousands: what does not move needs no second look.
  GroundFormula moved = {one.kind, 0, 0, {}};
  for (const GroundFormula& part : one.parts)
    if (moves(part)) moved.parts.push_back(part);
  return written(moved, true) == written(moved, false);
}

bool Automorphisms::becomes(const std::vector<GroundEffect>& one,
                            const std::vector<GroundEffect>& other) const {
  const auto moves_target = [&](const GroundEffect& each) {
    return image_of(each.target) != each.target;
  };
  const auto moves_condition_alone = [&](const GroundEffect& each) {
    return !moves_target(each) && moves(each.when);
  };
  if (&one != &other || std::ranges::any_of(one, moves_condition_alone))
    return one.size() == other.size() && written(one, true) == written(other, false);
  std::vector<GroundEffect> moved;  // as with formulas; no other is about the same variables
  std::ranges::copy_if(one, std::back_inserter(moved), moves_target);
  return written(moved, true) == written(moved, false);
}

std::vector<std::uint32_t> Automorphisms::written(const GroundFormula& formula,
                                                  bool renamed) const {
  const auto kind = static_cast<std::uint32_t>(formula.kind);
  if (formula.kind == GroundFormula::Kind::kIn)
    return {kind, renamed ? image_of(formula.variable) : formula.variable, formula.mask};
  std::vector<std::vector<std::uint32_t>> parts;
  for (const GroundFormula& part : formula.parts) parts.push_back(written(part, renamed));
  std::ranges::sort(parts);
  std::vector<std::uint32_t> whole = {kind, static_cast<std::uint32_t>(parts.size())};
  for (const std::vector<std::uint32_t>& part : parts)
    whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

/// Of two effects on one variable the later wins: their order is kept, that of others is not.
std::vector<Automorphisms::WrittenEffect> Automorphisms::written(
    const std::vector<GroundEffect>& effects, bool renamed) const {
  std::vector<WrittenEffect> all;
  for (const GroundEffect& each : effects) {
    std::vector<std::uint32_t> what = written(each.when, renamed);
    what.push_back(each.value);
    all.emplace_back(renamed ? image_of(each.target) : each.target, std::move(what));
  }
  std::ranges::stable_sort(all, std::less<>{}, &WrittenEffect::first);
  return all;
}

}  // namespace wme::model
