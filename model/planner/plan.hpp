#pragma once

#include <string>
#include <vector>

#include "model/language/ground.hpp"
#include "model/result.hpp"
#include "model/wme/durations.hpp"

namespace wme::model {

/// Why one step waits for another: a guard needs what the other does, or what it would undo.
struct Edge {
  std::string step;     ///< the one that must have ended
  std::string because;  ///< "run(c17) = passivated"; several joined by "; "
  bool operator==(const Edge&) const = default;
};

/// An action at its place in a plan.
struct Step {
  std::string id;  ///< "s12"
  std::string action;
  std::vector<std::string> arguments;
  std::string runbook;       ///< "A06"
  std::string door;          ///< "launchpad"
  std::string sentence;      ///< for the operator
  std::string wait;          ///< what is seen when it has ended: "run(c17) = passivated"
  long typical_s = 0;        ///< seconds it usually takes
  long deadline_s = 0;       ///< seconds after which waiting for its end has failed
  std::string irreversible;  ///< why there is no cheap way back after it; empty if there is
  std::vector<Edge> after;
  bool operator==(const Step&) const = default;
};

struct Plan {
  std::string procedure;
  std::string installation;  ///< the inventory's name
  std::string provider;
  std::string version;
  std::string target_version;         ///< only for an upgrade
  std::vector<std::string> assumes;   ///< what is taken for granted about the start
  std::vector<std::string> achieves;  ///< what holds at the end
  std::vector<Step> steps;            ///< in an order that the edges allow
  bool operator==(const Plan&) const = default;
};

/// Positions of steps in a plan, and who comes before whom.
class PlanOrder {
 public:
  /// Errors (kInvalid): duplicate ids, an edge from an unknown step, a cycle (which is named).
  static Result<PlanOrder> of(const Plan& plan);
  std::size_t size() const { return order_.size(); }
  std::size_t index_of(const std::string& id) const;
  /// `a` has ended before `b` is requested, in every interleaving.
  bool before(std::size_t a, std::size_t b) const {
    return (ancestors_[b * words_ + a / 64] >> (a % 64) & 1U) != 0;
  }
  /// Positions such that every step comes after those it waits for.
  const std::vector<std::size_t>& topological() const { return order_; }
  const std::vector<std::vector<std::size_t>>& predecessors() const { return predecessors_; }

 private:
  std::map<std::string, std::size_t> index_;
  std::vector<std::vector<std::size_t>> predecessors_;
  std::vector<std::size_t> order_;
  std::size_t words_ = 0;
  std::vector<std::uint64_t> ancestors_;
};

/// What `show` prints above a plan.
struct PlanSummary {
  std::size_t steps = 0;
  std::size_t edges = 0;
  std::size_t operator_steps = 0;
  std::size_t width = 0;  ///< the most steps that can run at the same time, level by level
  long critical_path_s = 0;
  std::vector<std::string> critical_path;  ///< step ids
  std::string point_of_no_return;          ///< the first irreversible step; empty if there is none
};
PlanSummary summary_of(const Plan& plan, const PlanOrder& order);

/// What its steps usually take is what `durations` says, in whole seconds, the last one begun.
void estimate_by(const Durations& durations, Plan& plan);

}  // namespace wme::model
