#pragma once

#include <string>
#include <vector>

#include "model/checker/mend.hpp"
#include "model/checker/replay.hpp"

namespace wme::model {

/// One line of the story: a step, or something that happened by itself.
struct TraceLine {
  enum class Kind {
    kStep,         ///< requested and ended, one right after the other
    kRequested,    ///< requested; it ends later, or never within this run
    kEnded,        ///< ends after something else happened in between
    kFailed,       ///< ends badly
    kEnvironment,  ///< nobody asked for it
    kFoundDone,    ///< the executor asks for nothing: it sees the work done, or under way
    kLostRequest,
    kLostAnswer,
    kStaleRead,
  };
  Kind kind = Kind::kStep;
  std::string step;      ///< "s10"; empty for the environment
  std::string action;    ///< "passivate-container c3"
  std::string sentence;  ///< from the model, not from the plan file
  bool bears = false;    ///< it wrote something that the violated property reads, or is the last
};

/// A run that breaks a property, told so that an operator can follow it and a program can repeat
/// it.
struct Counterexample {
  std::string property;           ///< "INV-05", "guard of stop-services"
  std::vector<std::string> also;  ///< other properties that the very same run breaks
  std::string headline;           ///< "stop-services platform (s16) can be requested too early"
  std::string
      sentence;      ///< what is wrong there: "a container is not parked: … (run(c3) is stopped)"
  std::string loss;  ///< what breaks with the rule: "DL: `/data` is not in the backup"
  std::string step;  ///< the step at fault; empty when there is none
  std::vector<std::string> involved;  ///< containers and other entities that it is about
  std::vector<TraceLine> lines;
  std::string mend;        ///< "add the edge s10 → s16 (run(c3) = passivated)"
  std::string mend_from;   ///< "s10"; empty unless one edge mends it
  std::string mend_to;     ///< "s16"
  bool mends_all = false;  ///< with that edge the whole plan is proved
  Obligation broken;
  Trace trace;  ///< for replayed()
};

/// `trace` is a run whose last event breaks all of `broken` (or, for goals, after which they are
/// missed). The story is about the first of them, the mend looks at all.
Counterexample tell(const GroundPlan& plan, const PossibleValues& values,
                    const std::vector<Obligation>& broken, Trace trace);

/// The story of a run that ends where `wanted` does not hold.
std::vector<TraceLine> lines_of(const GroundPlan& plan, const Trace& trace,
                                const GroundFormula& wanted);

/// Steps that do not bear on the violation are counted, not listed, in a long story.
std::string to_text(const Counterexample& counterexample);

}  // namespace wme::model
