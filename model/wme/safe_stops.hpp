#pragma once

#include <string>
#include <vector>

#include "model/language/formula.hpp"

/// Where a run may come to rest without harm, and what going back means: data, as everything that
/// is known about WME.
namespace wme::model {

/// A state in which an installation may be left for as long as it takes: nothing is lost, nobody
/// writes where it would be lost, and an operator knows what comes next.
struct SafeStop {
  std::string name;  ///< "old-platform-intact": in reports and journals
  Formula formula;
  std::string words;   ///< what it is, as one says it: "the old Platform is intact and stopped"
  std::string safe;    ///< what is safe, and where
  std::string closed;  ///< what nobody can use meanwhile
  std::string next;    ///< what to do then
  std::string source;
};

/// The best one first: who stops in several at once is in the first of them.
const std::vector<SafeStop>& safe_stops();

/// Something that people would miss. An installation is back where it was when each of those that
/// held at the beginning holds again; new snapshots, notes and checks do not matter.
struct BusinessFact {
  Formula formula;
  std::string words;
  std::string source;
};
const std::vector<BusinessFact>& business_facts();

/// Actions that stand in no plan of a procedure, but may in one that leads back or to a safe stop,
/// or goes on from the middle. None of them destroys what it cannot make again.
const std::vector<std::string>& actions_of_ways_back();

}  // namespace wme::model
