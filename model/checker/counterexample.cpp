#include "model/checker/counterexample.hpp"

#include <algorithm>
#include <set>

#include "model/language/interpreter.hpp"
#include "model/wme/rules.hpp"

namespace wme::model {

namespace {

/// What was wrong at the end of the run.
struct Wrong {
  State state;  ///< in which the formula is false
  std::vector<FalseLeaf> leaves;
};

Wrong wrong_at(const GroundPlan& plan, const Obligation& broken, const Trace& trace) {
  Replay replay(plan);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const bool refused = broken.kind == PropertyKind::kGuard && i + 1 == trace.size();
    if (!refused) replay.take(trace[i]);
  }
  Wrong wrong{replay.state(), {}};
  const GroundFormula* formula = formula_of(plan, broken);
  if (formula)
    wrong.leaves = false_leaves(*formula, wrong.state);
  else
    wrong.leaves.push_back({broken.variable, 0});
  return wrong;
}

std::string named(const GroundPlan& plan, std::size_t step) {
  return plan.name(step) + " (" + plan.id(step) + ")";
}

/// The closed condition in the very words with which the interpreter refuses it.
std::string guard_sentence(const GroundPlan& plan, const Obligation& broken, const State& state) {
  const GroundAction& action = plan.action(broken.step);
  std::size_t closed_before = 0;
  for (std::size_t i = 0; i < broken.index; ++i)
    if (!evaluate(action.guard[i].formula, state)) ++closed_before;
  return failures(plan.model(), action, state)[closed_before].sentence;
}

std::string sentence_of(const GroundPlan& plan, const Obligation& broken, const State& state) {
  const GroundModel& model = plan.model();
  switch (broken.kind) {
    case PropertyKind::kGuard:
      return guard_sentence(plan, broken, state);
    case PropertyKind::kStart:
    case PropertyKind::kInvariant: {
      const GroundInvariant& invariant = plan.invariants()[broken.index];
      return invariant.sentence + (invariant.about.empty() ? "" : ": " + invariant.about) + " (" +
             why_not(model, invariant.formula, state) + ")";
    }
    case PropertyKind::kGoal:
      return "every step has ended, and yet: " +
             why_not(model, plan.goals()[broken.index].formula, state);
    case PropertyKind::kMaskedEnd:
      return "whoever waits for the end of " + plan.id(broken.step) +
             " may never see it: " + model.text(broken.variable) + " is " +
             model.value_text(broken.variable, state[broken.variable]) + " again";
  }
  return "";
}

std::string headline_of(const GroundPlan& plan, const Obligation& broken, const Mend& mend) {
  switch (broken.kind) {
    case PropertyKind::kStart:
      return "the installation breaks " + plan.invariants()[broken.index].rule +
             " before the first step";
    case PropertyKind::kGuard:
      if (mend.before == broken.step) return named(plan, broken.step) + " can come too late";
      return named(plan, broken.step) + " can be requested too early";
    case PropertyKind::kInvariant:
      if (broken.step == Obligation::kNoStep)
        return "what happens by itself can break " + plan.invariants()[broken.index].rule;
      return named(plan, broken.step) + " can break " + plan.invariants()[broken.index].rule;
    case PropertyKind::kGoal:
      return "the plan can end without its goal: " + plan.goals()[broken.index].words;
    case PropertyKind::kMaskedEnd:
      return named(plan, broken.index) + " can undo the end of " + named(plan, broken.step);
  }
  return "";
}

bool takes_a_fault(const Trace& trace) { return std::ranges::any_of(trace, is_fault); }

std::string mend_text(const GroundPlan& plan, const Mend& mend, const Trace& trace) {
  switch (mend.kind) {
    case Mend::Kind::kEdge:
      return "add the edge " + plan.id(mend.before) + " → " + plan.id(mend.after) + " (" +
             mend.because + ")" + (mend.still_open == 0 ? "" : "; more than that is missing");
    case Mend::Kind::kTooEarly:
      return plan.id(mend.after) + " comes too early: it must wait for " + plan.id(mend.before) +
             " (" + mend.because + "), but the plan has it the other way round";
    case Mend::Kind::kNothing:
      if (takes_a_fault(trace)) return "no edge that was tried prevents it: it takes a fault";
      if (mend.because.empty()) return "correct the inventory or the installation";
      return "nothing in the plan brings about " + mend.because + ": plan again";
  }
  return "";
}

std::string loss_of(const GroundPlan& plan, const Obligation& broken) {
  const Rule* rule = find_rule(properties_of(plan, broken).front());
  return rule ? rule->loss : "";
}

std::vector<std::string> involved_in(const GroundPlan& plan, const Obligation& broken,
                                     const Wrong& wrong) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(name);
  };
  if (broken.kind == PropertyKind::kInvariant || broken.kind == PropertyKind::kStart)
    add(plan.invariants()[broken.index].about);
  for (const FalseLeaf& leaf : wrong.leaves)
    for (const std::string& argument : plan.model().arguments_of(leaf.variable)) add(argument);
  if (broken.step != Obligation::kNoStep)
    for (const Entity argument : plan.action(broken.step).arguments)
      add(plan.model().name(argument));
  return names;
}

class LineWriter {
 public:
  LineWriter(const GroundPlan& plan, const Trace& trace, const Wrong& wrong)
      : plan_(plan), trace_(trace) {
    for (const FalseLeaf& leaf : wrong.leaves) variables_.insert(leaf.variable);
  }

  std::vector<TraceLine> lines() {
    std::vector<TraceLine> lines;
    Replay replay(plan_);
    for (std::size_t i = 0; i < trace_.size(); ++i) {
      const bool whole = i + 1 < trace_.size() && trace_[i].kind == Happening::Kind::kRequest &&
                         trace_[i + 1] == ends(trace_[i].what);
      const State before = replay.state();
      const Happening& last = trace_[i];
      TraceLine line = line_of(last, whole);
      replay.take(trace_[i]);
      if (whole) replay.take(trace_[++i]);
      line.bears = i + 1 == trace_.size() || is_fault(last) || changes(before, replay.state());
      lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  bool changes(const State& before, const State& after) const {
    return std::ranges::any_of(variables_,
                               [&](Variable each) { return before[each] != after[each]; });
  }

  static TraceLine::Kind kind_of(const Happening& happening) {
    switch (happening.kind) {
      case Happening::Kind::kRequest:
        return TraceLine::Kind::kRequested;
      case Happening::Kind::kOutcome:
        return happening.outcome == 0 ? TraceLine::Kind::kEnded : TraceLine::Kind::kFailed;
      case Happening::Kind::kEnvironment:
        return TraceLine::Kind::kEnvironment;
      case Happening::Kind::kFoundDone:
        return TraceLine::Kind::kFoundDone;
      case Happening::Kind::kLostRequest:
        return TraceLine::Kind::kLostRequest;
      case Happening::Kind::kLostAnswer:
        return TraceLine::Kind::kLostAnswer;
      case Happening::Kind::kStaleRead:
        return TraceLine::Kind::kStaleRead;
    }
    return TraceLine::Kind::kStep;
  }

  TraceLine line_of(const Happening& happening, bool whole) const {
    const bool by_itself = happening.kind == Happening::Kind::kEnvironment;
    const GroundAction& action =
        by_itself ? plan_.environment()[happening.what] : plan_.action(happening.what);
    TraceLine line;
    line.kind = whole ? TraceLine::Kind::kStep : kind_of(happening);
    if (!by_itself) line.step = plan_.id(happening.what);
    line.action = name_of(plan_.model(), action);
    line.sentence =
        filled_in(plan_.model(), *action.action, action.arguments, action.action->imperative);
    return line;
  }

  const GroundPlan& plan_;
  const Trace& trace_;
  std::set<Variable> variables_;
};

std::string_view note_of(const TraceLine& line, bool last) {
  switch (line.kind) {
    case TraceLine::Kind::kStep:
      return "";
    case TraceLine::Kind::kRequested:
      return last ? "" : " … and it still runs";
    case TraceLine::Kind::kEnded:
      return " … ends";
    case TraceLine::Kind::kFailed:
      return " … fails";
    case TraceLine::Kind::kEnvironment:
      return " (by itself)";
    case TraceLine::Kind::kFoundDone:
      return " … is found done, or under way";
    case TraceLine::Kind::kLostRequest:
      return " … the request never arrives";
    case TraceLine::Kind::kLostAnswer:
      return " … is obeyed, but the answer is lost";
    case TraceLine::Kind::kStaleRead:
      return " … its guard was open when it was looked at";
  }
  return "";
}

}  // namespace

Counterexample tell(const GroundPlan& plan, const PossibleValues& values,
                    const std::vector<Obligation>& all_broken, Trace trace) {
  const Obligation& broken = all_broken.front();
  const Wrong wrong = wrong_at(plan, broken, trace);
  const Mend mend = mend_for(plan, values, all_broken, trace);
  Counterexample told;
  told.property = properties_of(plan, broken).front();
  told.headline = headline_of(plan, broken, mend);
  told.sentence = sentence_of(plan, broken, wrong.state);
  told.loss = loss_of(plan, broken);
  if (broken.step != Obligation::kNoStep) told.step = plan.id(broken.step);
  told.involved = involved_in(plan, broken, wrong);
  told.lines = LineWriter(plan, trace, wrong).lines();
  told.mend = mend_text(plan, mend, trace);
  if (mend.kind == Mend::Kind::kEdge) {
    told.mend_from = plan.id(mend.before);
    told.mend_to = plan.id(mend.after);
    told.mends_all = mend.still_open == 0;
  }
  told.broken = broken;
  told.trace = std::move(trace);
  return told;
}

std::vector<TraceLine> lines_of(const GroundPlan& plan, const Trace& trace,
                                const GroundFormula& wanted) {
  Replay replay(plan);
  for (const Happening& each : trace) replay.take(each);
  const Wrong wrong{replay.state(), false_leaves(wanted, replay.state())};
  return LineWriter(plan, trace, wrong).lines();
}

std::string to_text(const Counterexample& told) {
  constexpr std::size_t kShortStory = 12;
  const bool whole_story = told.lines.size() <= kShortStory;
  std::string text = "refuted: " + told.headline + "\n";
  std::size_t skipped = 0;
  const auto tell_skipped = [&] {
    if (skipped == 1) text += "     … 1 step that does not bear on it\n";
    if (skipped > 1)
      text += "     … " + std::to_string(skipped) + " steps that do not bear on it\n";
    skipped = 0;
  };
  for (std::size_t i = 0; i < told.lines.size(); ++i) {
    const TraceLine& line = told.lines[i];
    const bool last = i + 1 == told.lines.size();
    if (!whole_story && !line.bears) {
      ++skipped;
      continue;
    }
    tell_skipped();
    std::string number = last ? "then" : std::to_string(i + 1) + ".";
    number.insert(0, number.size() < 6 ? 6 - number.size() : 0, ' ');
    text += number + " " + (line.step.empty() ? "" : line.step + " ") + line.sentence +
            std::string(note_of(line, last)) + "\n";
  }
  text += "  " + told.sentence;
  text += "  [" + told.property + (told.loss.empty() ? "" : ": " + told.loss) + "]\n";
  std::string also;
  for (const std::string& property : told.also) also += (also.empty() ? "" : ", ") + property;
  if (!also.empty()) text += "  it breaks, too: " + also + "\n";
  return text + "  mend: " + told.mend + "\n";
}

}  // namespace wme::model
