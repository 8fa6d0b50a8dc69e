#include "model/checker/promela.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "model/checker/independence.hpp"
#include "model/checker/promela_expression.hpp"
#include "model/checker/promela_words.hpp"
#include "model/checker/property.hpp"
#include "model/language/interpreter.hpp"

namespace wme::model {

namespace {

using promela::all_of;
using promela::any_of;
using promela::comment;
using promela::equals;
using promela::kFalse;
using promela::kTrue;
using promela::negated;

/// One thing that can happen, before it is written down.
struct Event {
  std::string about;              ///< for people
  std::vector<std::string> when;  ///< all of them
  std::vector<std::string> sets;  ///< what changes beside the installation: "step_s3 = RUNNING"
  std::vector<GroundEffect> effects;
  std::string by;        ///< of the environment: " by machine-lost studio-1"
  bool may_end = false;  ///< after it every step may be done
  bool alone = false;    ///< taken as soon as it is possible, and nothing else then
};

/// An event in Promela.
struct Option {
  std::string about;
  std::string when;
  std::string body;
};

class Writer {
 public:
  /// `independent`: PlanEvents that are taken alone; empty: none is.
  Writer(const GroundPlan& plan, const FaultBudget& budget, std::vector<bool> independent)
      : plan_(plan),
        words_(plan, budget),
        independent_(std::move(independent)),
        not_last_(plan.size(), false) {
    for (const std::vector<std::size_t>& before : plan.order().predecessors())
      for (const std::size_t each : before) not_last_[each] = true;
  }

  Promela run() {
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      add_step(step);
      if (words_.has_faults()) add_policy(step);
    }
    add_environment();
    add_closed_guards();
    add_alone();
    if (options_.empty()) options_ = "  :: false -> skip\n";
    const std::string goals = goals_judged();
    const std::string start = at_the_start();
    made_.text = heading() + "\n" + words_.definitions() + "\n" +
                 words_.declarations(made_.properties.size()) + "\n" + kBreaks + goals +
                 choice_of_alone() + "\nactive proctype plan() {\n" + start + "end:\n  do\n" +
                 options_ + "  od\n}\n";
    made_.depth_max = 2 * plan_.size() + kPromelaStatesBeside;
    for (const FaultBudget::Line& line : words_.lines())
      made_.depth_max += static_cast<std::size_t>(line.count);
    return std::move(made_);
  }

 private:
  static constexpr const char* kBreaks =
      "inline breaks(property) {\n"
      "  if :: (told[property] == 0) -> told[property] = 1; assert(told[property] == 0)\n"
      "     :: else fi\n"
      "}\n";

  // --- What can happen ---

  std::string unfaulted() const { return words_.has_faults() ? "!faulted" : kTrue; }
  bool has_stale_reads() const { return words_.line_of(fault::kStaleRead).has_value(); }
  /// `step`'s request goes out whatever its guard says, for it has been looked at.
  std::string is_committed(std::size_t step) const {
    return has_stale_reads() ? equals("committed", std::to_string(step + 1)) : kFalse;
  }
  std::string nobody_is_committed() const {
    return has_stale_reads() ? equals("committed", "0") : kTrue;
  }

  void take_of(std::size_t line, Event& event) const {
    event.when.push_back("(" + words_.used(line) + " < " +
                         std::to_string(words_.lines()[line].count) + ")");
    event.sets.push_back(words_.used(line) + " = " + words_.used(line) + " + 1");
  }

  Event event_of(std::size_t step, const std::string& what) const {
    Event made;
    made.about = plan_.id(step) + ", " + plan_.name(step) + ": " + what;
    return made;
  }

  void add_step(std::size_t step) {
    const GroundAction& action = plan_.action(step);
    Event request = event_of(step, "requested");
    request.when = {words_.ready(step), negated(is_committed(step)), words_.open(step)};
    request.sets = {words_.status(step) + " = RUNNING"};
    request.effects = action.request;
    request.alone = is_alone(request_of(step));
    write(request);
    for (std::size_t o = 0; o < words_.outcomes_of(action); ++o) {
      Event end = event_of(step, action.action->outcomes[o].name);
      end.when = {equals(words_.status(step), "RUNNING")};
      if (o == 0)
        end.when.push_back(words_.text(action.lasts));
      else
        take_of(*words_.line_of(fault::kFailedOutcome), end);
      end.sets.push_back(words_.status(step) + (o == 0 ? " = DONE" : " = FAILED"));
      if (o > 0) end.sets.emplace_back("is_stopped = 1");
      end.effects = action.outcomes[o];
      end.may_end = o == 0 && !not_last_[step];
      end.alone = o == 0 && is_alone(end_event_of(step));
      write(end);
    }
  }

  /// What the executor makes of faults between it and the step's system.
  void add_policy(std::size_t step) {
    const GroundAction& action = plan_.action(step);
    Event found = event_of(step, "found done, or under way");
    found.when = {words_.ready(step), negated(is_committed(step)),
                  plan_.is_weakened(step) ? kTrue : negated(words_.open(step)),
                  words_.text(plan_.visible_work(step))};
    found.sets = {words_.status(step) + " = RUNNING"};
    write(found);
    // Killed before the request went out, or after: the executor that is resumed knows no more than
    // after a lost request, or a lost answer.
    for (const std::string_view kind : {fault::kLostRequest, fault::kLostAnswer}) {
      std::optional<std::size_t> written;
      for (const std::string_view cause : {kind, fault::kExecutorKilled}) {
        const std::optional<std::size_t> line = words_.line_of(cause);
        if (!line || line == written) continue;
        Event lost = event_of(step, std::string(kind));
        lost.when = {words_.ready(step), nobody_is_committed(), words_.open(step)};
        take_of(*line, lost);
        if (kind == fault::kLostAnswer) lost.effects = action.request;
        write(lost);
        written = line;
      }
    }
    if (has_stale_reads()) add_stale_read(step);
  }

  void add_stale_read(std::size_t step) {
    Event looked = event_of(step, "its guard was looked at");
    looked.when = {words_.ready(step), nobody_is_committed(), words_.open(step)};
    take_of(*words_.line_of(fault::kStaleRead), looked);
    looked.sets.push_back("committed = " + std::to_string(step + 1));
    write(looked);
    Event sent = event_of(step, "requested without another look");
    sent.when = {words_.ready(step), is_committed(step)};
    for (std::size_t i = 0; i < words_.conditions(step).size(); ++i)
      if (plan_.action(step).guard[i].condition->enforcer == Enforcer::kSystem)
        sent.when.push_back(words_.conditions(step)[i]);
    sent.sets = {words_.status(step) + " = RUNNING", "committed = 0"};
    sent.effects = plan_.action(step).request;
    write(sent);
  }

  void add_environment() {
    for (const GroundAction& action : plan_.environment()) {
      const std::optional<std::size_t> line = words_.line_of(action.action->fault);
      if (!line) continue;
      Event event;
      event.about = name_of(plan_.model(), action);
      event.by = " by " + event.about;
      take_of(*line, event);
      for (const GroundCondition& each : action.guard)
        event.when.push_back(words_.text(each.formula));
      event.effects = PromelaWords::effects_of(action);
      write(event);
    }
  }

  // --- How an event is written ---

  void write(const Event& event) {
    Option option{event.about, all_of(event.when), ""};
    if (option.when == kFalse) return;
    std::vector<std::string> conditions;
    const std::vector<PromelaAssignment> made = assignments(event.effects, conditions);
    for (std::size_t i = 0; i < conditions.size(); ++i)
      option.body += "      " + words_.condition(i) + " = " + conditions[i] + ";\n";
    option.body += judged(event, made);
    for (const std::string& each : event.sets) option.body += "      " + each + ";\n";
    for (const PromelaAssignment& each : made) {
      const std::string change = words_.assigned(each);
      option.body += each.when == kTrue
                         ? "      " + change + ";\n"
                         : "      if :: " + each.when + " -> " + change + " :: else fi;\n";
    }
    if (event.may_end)
      option.body +=
          "      if :: " + all_of({unfaulted(), "all_done"}) + " -> judge_goals() :: else fi;\n";
    const bool is_end = event.sets.front().ends_with("DONE");
    if (event.alone)
      (is_end ? ends_alone_ : requests_alone_).push_back(std::move(option));
    else
      add(option);
  }

  void add(const Option& option) {
    options_ += "  /* " + comment(option.about) + " */\n  :: d_step {\n      " +
                all_of({nothing_alone(), option.when}) + " ->\n" + option.body + choose_alone() +
                "    }\n";
  }

  // --- Independent events ---

  bool is_alone(PlanEvent event) const { return !independent_.empty() && independent_[event]; }
  std::string nothing_alone() const { return independent_.empty() ? kTrue : equals("alone", "0"); }
  std::string choose_alone() const { return independent_.empty() ? "" : "      choose_alone();\n"; }

  /// As the explorer chooses: the first step that may end, else the first that may be requested.
  std::vector<Option> in_order_of_choice() const {
    std::vector<Option> made = ends_alone_;
    made.insert(made.end(), requests_alone_.begin(), requests_alone_.end());
    return made;
  }

  void add_alone() {
    const std::vector<Option> alone = in_order_of_choice();
    if (alone.empty()) return;
    options_ +=
        "  /* what is independent of all else */\n  :: d_step {\n      (alone != 0) ->\n      if\n";
    for (std::size_t i = 0; i < alone.size(); ++i)
      options_ += "      /* " + comment(alone[i].about) +
                  " */\n      :: " + equals("alone", std::to_string(i + 1)) + " ->\n" +
                  alone[i].body;
    options_ += "      fi;\n" + choose_alone() + "    }\n";
  }

  std::string choice_of_alone() const {
    if (independent_.empty()) return "";
    std::string chosen = "0";
    const std::vector<Option> alone = in_order_of_choice();
    for (std::size_t i = alone.size(); i > 0; --i)
      chosen = "(" + alone[i - 1].when + " -> " + std::to_string(i) + " :\n    " + chosen + ")";
    return "\nshort alone = 0;\ninline choose_alone() {\n    alone = " + chosen + "\n}\n";
  }

  /// In their order, without those that a later one undoes in any case. What decides about the rest
  /// is evaluated first: the effects of one event are judged on the state before any of them.
  std::vector<PromelaAssignment> assignments(const std::vector<GroundEffect>& effects,
                                             std::vector<std::string>& conditions) {
    std::vector<PromelaAssignment> kept;
    for (const GroundEffect& effect : effects) {
      const std::string when = words_.text(effect.when);
      if (when == kFalse) continue;
      if (when == kTrue) {
        std::erase_if(kept,
                      [&](const PromelaAssignment& each) { return each.target == effect.target; });
        kept.push_back({effect.target, effect.value, kTrue});
        continue;
      }
      kept.push_back({effect.target, effect.value, when});
    }
    for (PromelaAssignment& each : kept) {
      if (each.when == kTrue) continue;
      auto at = std::ranges::find(conditions, each.when);
      if (at == conditions.end()) at = conditions.insert(at, each.when);
      each.when = words_.condition(static_cast<std::size_t>(at - conditions.begin()));
    }
    return kept;
  }

  /// The state properties that the assignments break, property by property.
  std::string judged(const Event& event, const std::vector<PromelaAssignment>& made) {
    std::vector<std::uint32_t> touched;
    for (const PromelaAssignment& each : made) {
      const auto about = plan_.invariants_about(each.target);
      touched.insert(touched.end(), about.begin(), about.end());
    }
    std::ranges::sort(touched);
    const auto repeated = std::ranges::unique(touched);
    touched.erase(repeated.begin(), repeated.end());
    std::map<std::size_t, std::vector<std::string>> broken;  // by number
    for (const std::uint32_t i : touched) {
      const std::string breaks = all_of({words_.holds(i), negated(kept_by(made, i))});
      if (breaks != kFalse) broken[number_of(key(i, event.by))].push_back(breaks);
    }
    std::string lines;
    for (const auto& [number, ways] : broken) lines += judgement(any_of(ways), number);
    return lines;
  }

  std::string judgement(const std::string& broken, std::size_t number) const {
    return "      if :: " + broken + " -> breaks(" + std::to_string(number) + ") :: else fi;\n";
  }

  /// Of a conjunction that holds, only what is written can break.
  std::string kept_by(const std::vector<PromelaAssignment>& made, std::uint32_t invariant) const {
    const GroundFormula& formula = plan_.invariants()[invariant].formula;
    if (formula.kind != GroundFormula::Kind::kAnd) return words_.text_before(formula, made);
    std::vector<std::string> parts;
    for (const GroundFormula& part : formula.parts) {
      std::vector<Variable> read;
      collect_variables(part, read);
      if (std::ranges::any_of(made, [&](const PromelaAssignment& each) {
            return std::ranges::find(read, each.target) != read.end();
          }))
        parts.push_back(words_.text_before(part, made));
    }
    return all_of(parts);
  }

  /// As the explorer calls it.
  std::string key(std::uint32_t invariant, const std::string& by) const {
    const GroundInvariant& broken = plan_.invariants()[invariant];
    if (by.empty()) return broken.rule;
    return broken.rule + (broken.about.empty() ? "" : " of " + broken.about) + by;
  }

  std::size_t number_of(const std::string& property) {
    const auto [at, is_new] = numbers_.emplace(property, made_.properties.size());
    if (is_new) made_.properties.push_back(property);
    return at->second;
  }

  // --- What is judged beside events ---

  /// While no fault has happened, a step that may be requested and must not be is a violation. The
  /// state stays as it is.
  void add_closed_guards() {
    std::vector<std::string> closed;
    std::map<std::size_t, std::vector<std::string>> broken;  // by number
    for (std::size_t step = 0; step < plan_.size(); ++step) {
      if (words_.open(step) == kTrue) continue;
      closed.push_back(all_of({words_.ready(step), negated(words_.open(step))}));
      for (std::size_t i = 0; i < words_.conditions(step).size(); ++i)
        for (const std::string& property :
             properties_of(plan_, {PropertyKind::kGuard, step, true, i, 0}))
          if (words_.conditions(step)[i] != kTrue)
            broken[number_of(property)].push_back(
                all_of({words_.ready(step), negated(words_.conditions(step)[i])}));
    }
    if (closed.empty()) return;
    options_ += "  /* a guard is closed though nothing has gone wrong */\n  :: d_step {\n      " +
                all_of({nothing_alone(), unfaulted(), any_of(closed)}) + " ->\n";
    for (const auto& [number, ways] : broken) options_ += judgement(any_of(ways), number);
    options_ += "    }\n";
  }

  std::string at_the_start() {
    std::map<std::size_t, std::vector<std::string>> broken;
    for (std::uint32_t i = 0; i < plan_.invariants().size(); ++i)
      if (words_.holds(i) != kTrue)
        broken[number_of(key(i, ""))].push_back(negated(words_.holds(i)));
    std::string text = "  /* as the installation is found */\n  d_step {\n      skip;\n";
    for (const auto& [number, ways] : broken) text += judgement(any_of(ways), number);
    if (plan_.size() == 0) text += "      judge_goals();\n";
    return text + choose_alone() + "  };\n";
  }

  std::string goals_judged() {
    std::string text = "inline judge_goals() {\n      skip;\n";
    for (const GroundGoal& goal : plan_.goals())
      if (const std::string missed = negated(words_.text(goal.formula)); missed != kFalse)
        text += judgement(missed, number_of(goal_property(goal.words)));
    return text + "}\n";
  }

  std::string heading() const {
    std::string text = "/* Every run of a plan: each event is one d_step.\n   " +
                       comment(plan_.plan().procedure) + " " + comment(plan_.plan().installation) +
                       ", " + std::to_string(plan_.size()) +
                       " steps.\n   spin -a -o2 keeps variables that are only written: they are "
                       "part of a state, too.\n"
                       "   An assertion that fails speaks of told(N), what is broken:\n";
    for (std::size_t i = 0; i < made_.properties.size(); ++i)
      text += "   " + std::to_string(i) + "  " + comment(made_.properties[i]) + "\n";
    return text + "*/\n";
  }

  const GroundPlan& plan_;
  PromelaWords words_;
  std::vector<bool> independent_;  ///< by PlanEvent
  std::vector<Option> ends_alone_;
  std::vector<Option> requests_alone_;
  std::vector<bool> not_last_;  ///< by step: another one waits for it
  std::map<std::string, std::size_t> numbers_;
  std::string options_;
  Promela made_;
};

}  // namespace

Promela to_promela(const GroundPlan& plan, const FaultBudget& budget) {
  return Writer(plan, budget, {}).run();
}

Promela to_reduced_promela(const GroundPlan& plan) {
  return Writer(plan, FaultBudget(), independent_events(plan)).run();
}

}  // namespace wme::model
