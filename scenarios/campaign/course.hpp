#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "model/language/ground.hpp"
#include "model/planner/plan.hpp"
#include "scenarios/campaign/fault_kind.hpp"
#include "scenarios/durations/durations_file.hpp"
#include "scenarios/rehearsal/scenario.hpp"

namespace wme::scenarios {

/// A kind of fault at a step: what coverage is counted in.
struct Pair {
  std::size_t act = 0;   ///< position in Course::acts
  std::size_t step = 0;  ///< position in its plan
  FaultKind kind = FaultKind::kRequestLost;
  auto operator<=>(const Pair&) const = default;
};

/// What the model says of one step, for whoever disturbs it.
struct StepFacts {
  std::vector<executor::Variable> ends_in;  ///< what shows that it has ended; empty: nothing does
  bool takes_time = false;                  ///< it is under way for a while
  bool can_fail = false;                    ///< it has an outcome besides "done"
};

/// How often, in a run that nothing disturbs, each step's action had been done by then: where a
/// schedule finds it.
struct StepPlace {
  int request = 0;         ///< the n-th request of its action; 0: it never was
  int waiting = 0;         ///< the n-th of them that was waited for
  int ended = 0;           ///< the n-th that ended
  std::vector<int> looks;  ///< the n-th looks at it while it was under way
};

/// One act, with all that its trials have in common.
struct CourseAct {
  Act act;
  // of a procedure:
  model::Plan plan = {};
  std::optional<model::PlanOrder> order = {};
  std::string proof = {};  ///< what the checker said of it, in one line
  std::vector<StepFacts> facts = {};
  std::vector<StepPlace> places = {};
};

/// What all trials of one campaign have in common: planned and proved once, and never changed.
struct Course {
  Scenario scenario;
  model::Inventory inventory;
  ChosenDurations durations;                            ///< of its world
  model::Procedure world = model::Procedure::kRestore;  ///< whose entities the world has
  std::vector<CourseAct> acts;
  std::vector<Pair> pairs;  ///< every one that the model allows, in the order of acts and steps
  /// How a run ends that nothing disturbs: the state of the world, and each action's requests.
  bool reaches_its_goal = false;
  model::State end = {};
  std::map<std::string, int> requests = {};

  /// "2-restore s12 activate-container c4".
  std::string name_of(const Pair& pair) const;
  /// Whether anything is brought back: what RTO is measured of.
  bool restores() const;
};

/// Plans and proves every procedure of the scenario, and runs them once undisturbed. Errors
/// (kInvalid): no plan exists, or it is not proved: what was not proved is not rehearsed.
Result<Course> prepare_course(const Scenario& scenario, const model::Inventory& inventory,
                              ChosenDurations durations = {});

/// Runs the course once, undisturbed, and fills in how that went. Error kInvalid: a loss that the
/// world does not know.
Status note_the_undisturbed(Course& course);

/// The fault of this kind at this step, by where an undisturbed run comes by it; the `nth` of
/// several looks. None: it does not.
std::optional<PlannedFault> fault_at(const Course& course, const Pair& pair, std::size_t nth = 0);

}  // namespace wme::scenarios
