#pragma once

#include <functional>
#include <string>
#include <vector>

#include "executor/engine/observer.hpp"
#include "executor/engine/patience.hpp"
#include "model/planner/planner.hpp"

/// Looks at the whole installation: before a run, between two, and at the end.
namespace wme::executor {

/// All that can be observed, and the state that it adds up to.
struct Survey {
  std::vector<Observation> observed;
  model::State state;  ///< what cannot be seen is as in the state that was given
};

/// A variable that is not as expected.
struct Difference {
  model::Variable variable = 0;
  Observation seen;
  std::string text;  ///< "power(studio-1) is terminated, expected running"
};

/// Gets a sentence before each pause of a look that has to be repeated.
using TellOfRetry = std::function<void(const std::string& text)>;

class Surveyor {
 public:
  Surveyor(const model::GroundModel& model, const Ports& ports, Clock& clock,
           const Patience& patience);

  /// Reads everything afresh; asks again while a system is slow or cannot be reached, which can
  /// take minutes: `told` hears of each time. `known` is what the journal knows. Errors: those of
  /// the drivers.
  Result<Survey> look(const model::State& known, const TellOfRetry& told = nullptr);
  /// The same for whoever needs the state only.
  Result<model::State> state(const model::State& known, const TellOfRetry& told = nullptr);
  /// Where everything is supposed to serve, each system must show something: what cannot be read
  /// would otherwise pass for what has not changed. Error kUnreachable with the door.
  Status every_door_answers(const Survey& survey) const;
  /// What is not as in `expected`.
  std::vector<Difference> differences(const Survey& survey, const model::State& expected) const;
  /// The goals that do not hold, with the leaf; empty when all do.
  std::string missed(const std::vector<model::Goal>& goals, const model::State& state) const;
  /// What was not there in `before` and is there now: "volume(wm-data-new): vol-0a1b available".
  std::vector<std::string> created(const model::State& before, const Survey& after) const;

 private:
  const model::GroundModel& model_;
  Clock& clock_;
  Patience patience_;
  Observer observer_;
  std::vector<model::Variable> variables_;
};

}  // namespace wme::executor
