#include "model/checker/packed_symmetry.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/checker/level.hpp"

namespace wme::model {

namespace {

/// Saturates.
std::uint64_t times(std::uint64_t one, std::uint64_t other) {
  const Wide product = static_cast<Wide>(one) * other;
  return product > PackedSymmetry::kMany ? PackedSymmetry::kMany
                                         : static_cast<std::uint64_t>(product);
}

/// In how many ways `some` of `all` can be chosen; saturates.
std::uint64_t choices(std::uint64_t all, std::uint64_t some) {
  some = std::min(some, all - some);
  Wide made = 1;
  for (std::uint64_t i = 1; i <= some; ++i) {
    made = made * (all - some + i) / i;  // a whole number each time
    if (made > PackedSymmetry::kMany) return PackedSymmetry::kMany;
  }
  return static_cast<std::uint64_t>(made);
}

}  // namespace

PackedSymmetry::PackedSymmetry(const PackedPlan& packed, const Symmetry& symmetry,
                               const FieldOfStep& field_of_step)
    : packed_(packed), parts_(symmetry.parts()), words_(packed.words()), units_of_(parts_.count()) {
  for (const SymmetricClass& each : symmetry.classes()) add_class(each, field_of_step);
  find_touched();
  std::uint32_t number = 0;
  for (const Units& units : classes_)
    for (const Unit& unit : units) {
      for (const PlanPart part : unit.parts) units_of_[part].push_back(number);
      ++number;
    }
}

void PackedSymmetry::add_class(const SymmetricClass& symmetric, const FieldOfStep& field_of_step) {
  for (const SymmetricUnit& unit : symmetric)
    for (const SymmetricClass& inner : unit.inside) add_class(inner, field_of_step);
  Units& units = classes_.emplace_back();
  for (const SymmetricUnit& unit : symmetric) units.push_back(compiled(unit, field_of_step));
  for (const Unit& unit : units)
    for (const BitField& field : unit.carried)
      words_ = std::max<std::size_t>(words_, field.word + 1);
}

PackedSymmetry::Unit PackedSymmetry::compiled(const SymmetricUnit& unit,
                                              const FieldOfStep& field_of_step) const {
  Unit made;
  collect_parts(unit, made.parts);
  for (const PlanPart part : made.parts) {
    if (parts_.is_variable(part)) {
      const BitField field = packed_.field(static_cast<Variable>(parts_.index(part)));
      if (field.bits != 0) made.fields.push_back(field);
    } else if (parts_.is_step(part)) {
      made.steps.push_back(parts_.index(part));
      made.fields.push_back(packed_.status_field(parts_.index(part)));
      if (field_of_step) made.carried.push_back(field_of_step(parts_.index(part)));
    }
  }
  return made;
}

/// A class is touched through the units that hold what the event writes, or its step: that one may
/// be committed now.
void PackedSymmetry::find_touched() {
  const auto writes = [&](const PackedEvent& event, const BitField& field) {
    return std::ranges::any_of(event.changes, [&](const PackedChange& change) {
      return change.word == field.word && (~change.keep & field.bits << field.shift) != 0;
    });
  };
  const auto touches = [&](const PackedEvent& event, const Unit& unit) {
    const bool its_step = event.happening.kind != Happening::Kind::kEnvironment &&
                          std::ranges::find(unit.steps, event.happening.what) != unit.steps.end();
    return its_step || std::ranges::any_of(unit.fields, [&](const BitField& field) {
             return writes(event, field);
           });
  };
  for (const PackedEvent& event : packed_.events()) {
    std::vector<Touched>& touched = touched_.emplace_back();
    for (std::uint32_t c = 0; c < classes_.size(); ++c) {
      std::vector<std::uint32_t> units;
      for (std::uint32_t u = 0; u < classes_[c].size() && units.size() < 2; ++u)
        if (touches(event, classes_[c][u])) units.push_back(u);
      if (!units.empty()) touched.push_back({c, units.size() > 1 ? kAllUnits : units.front()});
    }
  }
}

bool PackedSymmetry::is_trivial() const {
  return std::ranges::all_of(classes_,
                             [](const Units& each) { return each.front().fields.empty(); });
}

void PackedSymmetry::canonicalize(std::uint64_t* state) const {
  for (const Units& each : classes_) put_in_order(each, kAllUnits, state, nullptr);
}

void PackedSymmetry::mark_repeated(const std::uint64_t* state, Repeated& repeated) const {
  repeated.clear();
  for (const Units& units : classes_)
    for (std::size_t i = 0; i < units.size(); ++i)
      repeated.push_back(i > 0 && compare(units[i - 1], units[i], state) == 0 ? 1 : 0);
}

void PackedSymmetry::put_in_order(const Units& units, std::uint32_t touched, std::uint64_t* state,
                                  Origins* origins) const {
  if (touched == kAllUnits) {
    for (std::size_t i = 1; i < units.size(); ++i) move_down(units, i, state, origins);
    return;
  }
  move_down(units, touched, state, origins);
  for (std::size_t i = touched; i + 1 < units.size(); ++i) {
    if (compare(units[i], units[i + 1], state) <= 0) return;
    exchange(units[i], units[i + 1], state, origins);
  }
}

void PackedSymmetry::move_down(const Units& units, std::size_t from, std::uint64_t* state,
                               Origins* origins) const {
  for (; from > 0 && compare(units[from], units[from - 1], state) < 0; --from)
    exchange(units[from], units[from - 1], state, origins);
}

int PackedSymmetry::compare(const Unit& one, const Unit& other, const std::uint64_t* state) const {
  for (std::size_t i = 0; i < one.fields.size(); ++i) {
    const std::uint64_t a = one.fields[i].get(state);
    const std::uint64_t b = other.fields[i].get(state);
    if (a != b) return a < b ? -1 : 1;
  }
  if (packed_.committed(state) == 0) return 0;
  const std::size_t a = committed_place(one, state);
  const std::size_t b = committed_place(other, state);
  return a == b ? 0 : a < b ? -1 : 1;
}

/// 1 + the place of the committed step in the unit; 0: it is none of its steps.
std::size_t PackedSymmetry::committed_place(const Unit& unit, const std::uint64_t* state) const {
  const auto at = std::ranges::find(unit.steps, packed_.committed(state) - 1);
  return at == unit.steps.end() ? 0 : static_cast<std::size_t>(at - unit.steps.begin()) + 1;
}

void PackedSymmetry::exchange(const Unit& one, const Unit& other, std::uint64_t* state,
                              Origins* origins) const {
  const auto swap = [&](const BitField& a, const BitField& b) {
    const std::uint64_t value = a.get(state);
    a.set(state, b.get(state));
    b.set(state, value);
  };
  if (packed_.committed(state) != 0) {
    if (const std::size_t at = committed_place(one, state); at > 0)
      packed_.commit(state, other.steps[at - 1]);
    else if (const std::size_t there = committed_place(other, state); there > 0)
      packed_.commit(state, one.steps[there - 1]);
  }
  for (std::size_t i = 0; i < one.fields.size(); ++i) swap(one.fields[i], other.fields[i]);
  for (std::size_t i = 0; i < one.carried.size(); ++i) swap(one.carried[i], other.carried[i]);
  if (origins == nullptr) return;
  for (std::size_t i = 0; i < one.parts.size(); ++i)
    std::swap((*origins)[one.parts[i]], (*origins)[other.parts[i]]);
}

/// For each class, the ways to put its units into another order that shows. Those of the units
/// inside are classes of their own.
std::uint64_t PackedSymmetry::orbit_size(const std::uint64_t* state) const {
  std::uint64_t size = 1;
  for (const Units& units : classes_) {
    std::uint64_t alike = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
      alike = i > 0 && compare(units[i - 1], units[i], state) == 0 ? alike + 1 : 1;
      const bool ends = i + 1 == units.size() || compare(units[i], units[i + 1], state) != 0;
      if (ends) size = times(size, choices(i + 1, alike));
    }
  }
  return size;
}

Trace PackedSymmetry::unfolded(const std::vector<std::uint32_t>& events) const {
  Origins names(parts_.count());  // of each part in the run that begins with the first event
  std::iota(names.begin(), names.end(), PlanPart{0});
  Origins origins = names;
  std::vector<std::uint64_t> state = packed_.initial();
  state.resize(words_);
  const auto part_of = [&](const Happening& each) {
    return each.kind == Happening::Kind::kEnvironment ? parts_.environment(each.what)
                                                      : parts_.step(each.what);
  };
  Trace trace;
  for (const std::uint32_t e : events) {
    const PackedEvent& event = packed_.events()[e];
    trace.push_back(event.happening);
    trace.back().what = names[part_of(event.happening)];
    std::vector<std::uint64_t> next = state;
    packed_.apply(event, state.data(), next.data());
    std::iota(origins.begin(), origins.end(), PlanPart{0});
    for (const Units& each : classes_) put_in_order(each, kAllUnits, next.data(), &origins);
    state = std::move(next);
    for (PlanPart& each : origins) each = names[each];
    std::swap(names, origins);
  }
  // As the initial state looks the same whatever is exchanged, so may the whole run be: such that
  // it ends with the names that the last chosen state has.
  for (PlanPart part = 0; part < names.size(); ++part) origins[names[part]] = part;
  for (Happening& each : trace) each.what = parts_.index(origins[each.what]);
  return trace;
}

}  // namespace wme::model
