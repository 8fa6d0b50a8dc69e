#include "scenarios/campaign/shrink.hpp"

#include <algorithm>

#include "model/english/words.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {

namespace {

constexpr std::size_t kPlacesMax = 6;      // of one fault in a smaller fleet
constexpr std::size_t kCombinations = 60;  // of all faults' places

class Shrinker {
 public:
  Shrinker(const Course& course, const Schedule& schedule, const PortWrap& planted)
      : planted_(planted) {
    best_.inventory = course.inventory;
    best_.schedule = schedule;
    use(course);
    const TrialResult first = lane_->hold(schedule);
    best_.breaches = first.breaches;
    if (!first.breaches.empty()) property_ = first.breaches.front().property;
  }

  Shrunk shrunk(const Course& course) {
    if (best_.breaches.empty()) return best_;
    drop_faults();
    shrink_fleet(course);
    drop_faults();
    come_earlier();
    best_.trials = trials_;
    return std::move(best_);
  }

 private:
  void use(const Course& course) {
    course_ = &course;
    lane_ = std::make_unique<Lane>(course, planted_);
  }

  /// Whether it still fails in the same respect; if so, it is the best.
  bool fails(const Schedule& schedule) {
    if (++trials_ > kShrinkTrialsMax) return false;
    TrialResult result = lane_->hold(schedule);
    const bool same = std::ranges::any_of(
        result.breaches, [&](const Breach& each) { return each.property == property_; });
    if (!same) return false;
    best_.schedule = schedule;
    best_.breaches = std::move(result.breaches);
    return true;
  }

  void drop_faults() {
    for (bool smaller = true; smaller;) {
      smaller = false;
      for (std::size_t i = 0; i < best_.schedule.size() && !smaller; ++i) {
        Schedule without = best_.schedule;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        smaller = fails(without);
      }
    }
  }

  /// The least of these fleets on which it still fails.
  void shrink_fleet(const Course& whole) {
    for (const std::vector<std::size_t>& kept : fleets(whole.inventory)) {
      if (kept.size() >= whole.inventory.containers.size()) return;
      model::Inventory smaller = with_containers(whole.inventory, kept);
      // What `rehydrate rehearse` would refuse is no help to anybody.
      if (!parse_inventory(to_yaml(smaller), "shrunk")) continue;
      Result<Course> course = prepare_course(whole.scenario, smaller, whole.durations);
      if (!course) continue;
      auto candidate = std::make_unique<Course>(std::move(course).value());
      use(*candidate);
      if (fails_somewhere()) {
        best_.inventory = std::move(smaller);
        kept_course_ = std::move(candidate);
        return;
      }
    }
    use(whole);
  }

  /// One container of each kind, pairs, three, and then ever more.
  static std::vector<std::vector<std::size_t>> fleets(const model::Inventory& inventory) {
    std::vector<std::size_t> kinds;
    std::set<std::pair<std::string, model::ContainerState>> seen;
    for (std::size_t i = 0; i < inventory.containers.size(); ++i)
      if (seen.insert({inventory.containers[i].shard, inventory.containers[i].state}).second)
        kinds.push_back(i);
    std::vector<std::vector<std::size_t>> tried;
    for (const std::size_t a : kinds) tried.push_back({a});
    for (const std::size_t a : kinds)
      for (const std::size_t b : kinds)
        if (a < b) tried.push_back({a, b});
    for (std::size_t count = 2; count < inventory.containers.size();
         count += count < 4 ? 1 : count) {
      std::vector<std::size_t> first(count);
      for (std::size_t i = 0; i < count; ++i) first[i] = i;
      tried.push_back(std::move(first));
    }
    return tried;
  }

  /// In a smaller fleet the same fault stands at another occurrence: at each of its steps.
  bool fails_somewhere() {
    const Schedule wanted = best_.schedule;
    std::vector<std::vector<PlannedFault>> places;
    for (const PlannedFault& each : wanted) {
      places.push_back(places_of(each));
      if (places.back().empty()) return false;
    }
    std::vector<std::size_t> at(places.size());
    for (std::size_t n = 0; n < kCombinations; ++n) {
      Schedule schedule;
      for (std::size_t i = 0; i < places.size(); ++i) schedule.push_back(places[i][at[i]]);
      if (fails(schedule)) return true;
      std::size_t i = 0;
      while (i < at.size() && ++at[i] == places[i].size()) at[i++] = 0;
      if (i == at.size()) return false;
    }
    return false;
  }

  std::vector<PlannedFault> places_of(const PlannedFault& fault) const {
    std::vector<PlannedFault> found;
    for (const Pair& each : course_->pairs) {
      if (each.kind != fault.kind || found.size() >= kPlacesMax) continue;
      if (course_->acts[each.act].plan.steps[each.step].action != fault.action) continue;
      for (const std::size_t nth : {0, 1})
        if (auto there = fault_at(*course_, each, nth)) {
          there->away = fault.away;
          if (std::ranges::find(found, *there) == found.end()) found.push_back(std::move(*there));
        }
    }
    return found;
  }

  void come_earlier() {
    for (std::size_t i = 0; i < best_.schedule.size(); ++i) {
      Schedule sooner = best_.schedule;
      sooner[i].away = {};
      if (best_.schedule[i].away.count() > 0) fails(sooner);
      for (int n = 1; n < best_.schedule[i].occurrence; ++n) {
        sooner = best_.schedule;
        sooner[i].occurrence = n;
        if (fails(sooner)) break;
      }
    }
  }

  PortWrap planted_;
  const Course* course_ = nullptr;
  std::unique_ptr<Course> kept_course_;
  std::unique_ptr<Lane> lane_;
  Shrunk best_;
  std::string property_;
  int trials_ = 0;
};

}  // namespace

model::Inventory with_containers(const model::Inventory& inventory,
                                 const std::vector<std::size_t>& kept) {
  model::Inventory smaller = inventory;
  smaller.containers.clear();
  std::set<std::string> instances;
  std::set<std::string> shards;
  for (const std::size_t i : kept) {
    const model::Container& container = inventory.containers[i];
    smaller.containers.push_back(container);
    if (!container.instance.empty()) instances.insert(container.instance);
    shards.insert(container.shard);
  }
  // A shard needs an instance, also when all of its containers are parked.
  for (const model::Instance& each : inventory.instances)
    if (shards.contains(each.shard) &&
        std::ranges::none_of(inventory.instances, [&](const model::Instance& other) {
          return other.shard == each.shard && instances.contains(other.name);
        }))
      instances.insert(each.name);
  std::erase_if(smaller.instances,
                [&](const model::Instance& each) { return !instances.contains(each.name); });
  std::erase_if(smaller.shards,
                [&](const model::Shard& each) { return !shards.contains(each.name); });
  return smaller;
}

std::string text_of(const ShrunkFailure& failure) {
  return "rehydrate rehearse " + failure.file + failure.options + "  (" +
         model::counted(failure.containers, "container") + ", " +
         model::counted(failure.faults, "fault") + ")";
}

Shrunk shrink(const Course& course, const Schedule& schedule, const PortWrap& planted) {
  return Shrinker(course, schedule, planted).shrunk(course);
}

}  // namespace wme::scenarios
