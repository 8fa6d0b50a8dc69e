#include "model/checker/symmetry.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>

#include "model/wme/vocabulary.hpp"

namespace wme::model {

namespace {

/// Which entities could take each other's place, judged by what belongs to them: candidates only.
class Belonging {
 public:
  explicit Belonging(const GroundModel& model, const Automorphisms& automorphisms) {
    for (const Sort& sort : sorts())
      for (const Entity each : model.sort(sort.name)) {
        count_ = std::max<std::size_t>(count_, each + 1);
        look_.resize(count_);
        look_[each].push_back(static_cast<std::uint32_t>(&sort - sorts().data()));
      }
    for (const RigidFact& fact : rigid_functions()) {
      const auto table = model.installation().functions.find(fact.name);
      // A shard names its canary; it does not belong to it.
      if (table == model.installation().functions.end() || fact.result == "container") continue;
      Function& function = functions_.emplace_back(count_);
      for (const auto& [from, to] : table->second) {
        const Entity a = model.entity(from).value();
        const Entity b = model.entity(to).value();
        function.to[a] = b;
        function.from[b].push_back(a);
      }
      for (std::vector<Entity>& each : function.from) std::ranges::sort(each);
    }
    for (Entity each = 0; each < count_; ++each) add_what_names(automorphisms, model, each);
    for (int round = 0; round < 2; ++round) refine();
  }

  /// A number that two entities share if they look the same.
  std::uint32_t look(Entity entity) const { return look_[entity].front(); }

  /// Nothing has to be exchanged along with the two.
  bool stand_alone(Entity one, Entity other) const {
    return std::ranges::all_of(functions_, [&](const Function& function) {
      return function.to[one] == function.to[other] && function.from[one].empty() &&
             function.from[other].empty();
    });
  }

  /// What has to be exchanged along with the two: what their rigid functions give, and what has
  /// them for a value, each with the one that looks the same. None if that leads to a
  /// contradiction.
  std::optional<Automorphisms::Exchange> along_with(Entity one, Entity other) const {
    Automorphisms::Exchange pairs;
    std::vector<Entity> image(count_, kNobody);
    if (!add_pair(one, other, pairs, image)) return std::nullopt;
    return pairs;
  }

 private:
  static constexpr Entity kNobody = static_cast<Entity>(-1);
  struct Function {
    explicit Function(std::size_t count) : to(count, kNobody), from(count) {}
    std::vector<Entity> to;
    std::vector<std::vector<Entity>> from;
  };

  void add_what_names(const Automorphisms& automorphisms, const GroundModel& model, Entity entity) {
    std::vector<std::uint32_t> what;
    for (const PlanPart part : automorphisms.naming(entity)) {
      const Automorphisms::Name& name = automorphisms.name(part);
      const auto place = std::ranges::find(name.arguments, entity) - name.arguments.begin();
      std::uint32_t value = 0;
      if (automorphisms.parts().is_variable(part))
        value = model.initial()[automorphisms.parts().index(part)];
      what.push_back((name.kind * 8 + static_cast<std::uint32_t>(place)) * 256 + value);
    }
    std::ranges::sort(what);
    look_[entity].insert(look_[entity].end(), what.begin(), what.end());
  }

  /// Numbers the looks, and lets each entity's say what belongs to it.
  void refine() {
    std::set<std::vector<std::uint32_t>> distinct(look_.begin(), look_.end());
    std::vector<std::uint32_t> number(count_);
    for (Entity each = 0; each < count_; ++each)
      number[each] =
          static_cast<std::uint32_t>(std::distance(distinct.begin(), distinct.find(look_[each])));
    for (Entity each = 0; each < count_; ++each) {
      std::vector<std::uint32_t> look = {number[each]};
      for (const Function& function : functions_) {
        look.push_back(static_cast<std::uint32_t>(function.from[each].size()));
        const std::size_t first = look.size();
        for (const Entity of : function.from[each]) look.push_back(number[of]);
        std::sort(look.begin() + static_cast<std::ptrdiff_t>(first), look.end());
      }
      look_[each] = std::move(look);
    }
    number_again();
  }

  void number_again() {
    std::set<std::vector<std::uint32_t>> distinct(look_.begin(), look_.end());
    for (std::vector<std::uint32_t>& each : look_)
      each = {static_cast<std::uint32_t>(std::distance(distinct.begin(), distinct.find(each)))};
  }

  bool add_pair(Entity one, Entity other, Automorphisms::Exchange& pairs,
                std::vector<Entity>& image) const {
    if (one == other) return true;
    if (image[one] != kNobody || image[other] != kNobody) return image[one] == other;
    if (look(one) != look(other)) return false;
    image[one] = other;
    image[other] = one;
    pairs.emplace_back(one, other);
    for (const Function& function : functions_) {
      const Entity mine = function.to[one];
      const Entity theirs = function.to[other];
      if ((mine == kNobody) != (theirs == kNobody)) return false;
      if (mine != kNobody && !add_pair(mine, theirs, pairs, image)) return false;
    }
    for (const Function& function : functions_)
      if (!add_preimages(function, one, other, pairs, image)) return false;
    return true;
  }

  /// The k-th with the k-th of those that look the same.
  bool add_preimages(const Function& function, Entity one, Entity other,
                     Automorphisms::Exchange& pairs, std::vector<Entity>& image) const {
    const auto free = [&](Entity of) {
      std::vector<Entity> those;
      for (const Entity each : function.from[of])
        if (image[each] == kNobody) those.push_back(each);
      std::ranges::stable_sort(those, std::less<>{}, [&](Entity each) { return look(each); });
      return those;
    };
    for (;;) {  // pairing one may pair others with it
      const std::vector<Entity> mine = free(one);
      const std::vector<Entity> theirs = free(other);
      if (mine.size() != theirs.size()) return false;
      if (mine.empty()) return true;
      if (!add_pair(mine.front(), theirs.front(), pairs, image)) return false;
    }
  }

  std::size_t count_ = 0;
  std::vector<std::vector<std::uint32_t>> look_;  ///< by entity
  std::vector<Function> functions_;
};

/// Finds classes from the innermost outwards.
class Finder {
 public:
  explicit Finder(const GroundPlan& plan)
      : model_(plan.model()), automorphisms_(plan), belonging_(model_, automorphisms_) {}

  std::vector<SymmetricClass> find() {
    find_classes(model_.sort("container"), true);
    find_classes(model_.sort("instance"), false);
    if (!are_disjoint()) classes_.clear();
    return std::move(classes_);
  }

 private:
  /// One that others can be exchanged with, so far.
  struct Candidate {
    Entity entity = 0;
    std::vector<Entity> entities;  ///< on its side
    std::vector<std::pair<Automorphisms::Exchange, Renaming>> others;
  };

  /// Exchanged alone, or with what belongs to them.
  void find_classes(const std::vector<Entity>& entities, bool alone) {
    std::vector<Candidate> candidates;
    std::set<Entity> taken;
    for (const Entity each : entities) {
      const bool says_nothing = alone && automorphisms_.naming(each).empty();
      if (!taken.contains(each) && !says_nothing) find_place(each, alone, candidates, taken);
    }
    for (const Candidate& each : candidates)
      if (!each.others.empty()) add_class(each);
  }

  /// With the first that it can be exchanged with, or as the first of its kind.
  void find_place(Entity entity, bool alone, std::vector<Candidate>& candidates,
                  std::set<Entity>& taken) {
    for (Candidate& each : candidates) {
      if (belonging_.look(each.entity) != belonging_.look(entity)) continue;
      if (alone && !belonging_.stand_alone(each.entity, entity)) continue;
      const auto pairs = belonging_.along_with(each.entity, entity);
      if (!pairs) continue;
      std::vector<Entity> here;
      std::vector<Entity> there;
      for (const auto& [one, other] : *pairs) {
        here.push_back(one);
        there.push_back(other);
      }
      const bool fits = each.others.empty() || same_set(here, each.entities);
      if (!fits || std::ranges::any_of(there, [&](Entity e) { return taken.contains(e); }) ||
          !keeps_classes_whole(here, there))
        continue;
      const std::optional<Renaming> exchange = automorphisms_.exchange(*pairs);
      if (!exchange || exchange->moves().empty()) continue;
      taken.insert(here.begin(), here.end());
      taken.insert(there.begin(), there.end());
      each.entities = std::move(here);
      each.others.emplace_back(*pairs, *exchange);
      return;
    }
    candidates.push_back({entity, {entity}, {}});
  }

  static bool same_set(std::vector<Entity> one, std::vector<Entity> other) {
    std::ranges::sort(one);
    std::ranges::sort(other);
    return one == other;
  }

  /// Every class that was found before lies on one side, on the other, or on none.
  bool keeps_classes_whole(const std::vector<Entity>& here,
                           const std::vector<Entity>& there) const {
    const auto in = [](const std::vector<Entity>& side, Entity entity) {
      return std::ranges::find(side, entity) != side.end();
    };
    return std::ranges::all_of(classes_, [&](const SymmetricClass& each) {
      std::size_t counts[2] = {0, 0};
      for (const SymmetricUnit& unit : each) {
        counts[0] += in(here, unit.entities.front()) ? 1 : 0;
        counts[1] += in(there, unit.entities.front()) ? 1 : 0;
      }
      return std::ranges::all_of(
          counts, [&](std::size_t count) { return count == 0 || count == each.size(); });
    });
  }

  void add_class(const Candidate& candidate) {
    SymmetricClass made;
    SymmetricUnit& first = made.emplace_back();
    first.entities = candidate.entities;
    std::vector<PlanPart> inside;
    for (SymmetricClass& each : take_classes(candidate.entities)) {
      for (const SymmetricUnit& unit : each) collect_parts(unit, inside);
      first.inside.push_back(std::move(each));
    }
    std::ranges::sort(inside);
    for (const auto& [from, to] : candidate.others.front().second.moves())
      if (is_named_by(from, candidate.entities) && !std::ranges::binary_search(inside, from))
        first.own.push_back(from);
    for (const auto& [pairs, exchange] : candidate.others) {
      std::vector<Entity> there;
      for (const auto& [one, other] : pairs) there.push_back(other);
      take_classes(there);
      made.push_back(renamed(made.front(), pairs, exchange));
    }
    classes_.push_back(std::move(made));
  }

  bool is_named_by(PlanPart part, const std::vector<Entity>& entities) const {
    return std::ranges::any_of(automorphisms_.name(part).arguments, [&](Entity each) {
      return std::ranges::find(entities, each) != entities.end();
    });
  }

  static SymmetricUnit renamed(const SymmetricUnit& unit, const Automorphisms::Exchange& pairs,
                               const Renaming& exchange) {
    SymmetricUnit made;
    for (const Entity each : unit.entities)
      made.entities.push_back(
          std::ranges::find(pairs, each, &std::pair<Entity, Entity>::first)->second);
    for (const PlanPart each : unit.own) made.own.push_back(exchange.of(each));
    for (const SymmetricClass& each : unit.inside) {
      SymmetricClass& inner = made.inside.emplace_back();
      for (const SymmetricUnit& one : each) inner.push_back(renamed(one, pairs, exchange));
    }
    return made;
  }

  /// Takes those out of the list that lie within the entities.
  std::vector<SymmetricClass> take_classes(const std::vector<Entity>& entities) {
    std::vector<SymmetricClass> taken;
    for (auto each = classes_.begin(); each != classes_.end();) {
      const Entity one = each->front().entities.front();
      if (std::ranges::find(entities, one) == entities.end()) {
        ++each;
        continue;
      }
      taken.push_back(std::move(*each));
      each = classes_.erase(each);
    }
    return taken;
  }

  /// A part that names two containers, say, belongs to no unit alone: then nothing is exchanged.
  bool are_disjoint() const {
    std::vector<PlanPart> all;
    for (const SymmetricClass& each : classes_) {
      std::set<std::size_t> sizes;
      for (const SymmetricUnit& unit : each) {
        const std::size_t before = all.size();
        collect_parts(unit, all);
        sizes.insert(all.size() - before);
      }
      if (sizes.size() != 1) return false;
    }
    const std::set<PlanPart> distinct(all.begin(), all.end());
    return distinct.size() == all.size();
  }

  const GroundModel& model_;
  Automorphisms automorphisms_;
  Belonging belonging_;
  std::vector<SymmetricClass> classes_;
};

/// Each with the next: exchanges that all orders of a class are made of.
void add_generators(const SymmetricClass& symmetric, std::vector<Renaming>& into) {
  for (std::size_t i = 0; i < symmetric.size(); ++i) {
    for (const SymmetricClass& inner : symmetric[i].inside) add_generators(inner, into);
    if (i == 0) continue;
    std::vector<PlanPart> here;
    std::vector<PlanPart> there;
    collect_parts(symmetric[i - 1], here);
    collect_parts(symmetric[i], there);
    std::vector<Renaming::Move> moves;
    for (std::size_t k = 0; k < here.size(); ++k) {
      moves.emplace_back(here[k], there[k]);
      moves.emplace_back(there[k], here[k]);
    }
    std::ranges::sort(moves);
    into.emplace_back(std::move(moves));
  }
}

}  // namespace

void collect_parts(const SymmetricUnit& unit, std::vector<PlanPart>& into) {
  into.insert(into.end(), unit.own.begin(), unit.own.end());
  for (const SymmetricClass& each : unit.inside)
    for (const SymmetricUnit& inner : each) collect_parts(inner, into);
}

Symmetry::Symmetry(const GroundPlan& plan) : parts_(plan), classes_(Finder(plan).find()) {
  for (const SymmetricClass& each : classes_) add_generators(each, generators_);
}

std::vector<PlanPart> Symmetry::representatives() const {
  std::vector<PlanPart> least(parts_.count());
  std::iota(least.begin(), least.end(), PlanPart{0});
  const auto root = [&](PlanPart part) {
    while (least[part] != part) part = least[part];
    return part;
  };
  for (const Renaming& each : generators_)
    for (const auto& [from, to] : each.moves()) {
      const PlanPart a = root(from);
      const PlanPart b = root(to);
      least[std::max(a, b)] = std::min(a, b);
    }
  for (PlanPart part = 0; part < least.size(); ++part) least[part] = root(part);
  return least;
}

}  // namespace wme::model
