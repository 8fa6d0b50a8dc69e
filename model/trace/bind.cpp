#include <algorithm>
#include <optional>
#include <utility>

#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "model/language/interpreter.hpp"
#include "model/trace/trace_file.hpp"

namespace wme::model {

namespace {

std::string words_of(const TraceEvent& event) {
  std::string text = event.action;
  for (const std::string& each : event.arguments) text += " " + each;
  return text;
}

class Binder {
 public:
  Binder(const TraceFile& file, GroundPlan& plan, std::string_view name)
      : file_(file), plan_(plan), name_(name) {}

  Result<BoundTrace> bound() {
    if (const std::string digest = sha256_hex(canonical_json(plan_.plan()));
        digest != file_.plan_sha256)
      return invalid("/plan/content_sha256", "the trace is of another plan: it names " +
                                                 file_.plan_sha256 + ", the plan given is " +
                                                 digest);
    const bool by_itself = std::ranges::any_of(file_.events, [](const TraceEvent& each) {
      return each.kind == Happening::Kind::kEnvironment;
    });
    if (by_itself) plan_.add_environment();
    Replay run(plan_);
    for (std::size_t i = 0; i < file_.events.size(); ++i) {
      const std::string place = "/events/" + std::to_string(i);
      const Result<Happening> happening = happening_of(file_.events[i], place);
      if (!happening) return happening.error();
      if (!run.possible(happening.value()))
        return invalid(place, described(file_.events[i]) +
                                  " cannot happen here: " + why_impossible(run, happening.value()));
      const std::vector<Obligation> broken = run.take(happening.value());
      const bool refused = !broken.empty() && broken.front().kind == PropertyKind::kGuard;
      if (refused && i + 1 < file_.events.size())
        return invalid(place, described(file_.events[i]) +
                                  " is refused here, and yet the trace goes on: " +
                                  closed(happening.value().what, run.state()));
      made_.trace.push_back(happening.value());
    }
    return ended(run);
  }

 private:
  Error invalid(const std::string& place, const std::string& why) const {
    return {ErrorCode::kInvalid, std::string(name_) + ": " + place + ": " + why +
                                     "; give the plan that it was written for, or write the trace "
                                     "again with `rehydrate verify … --traces DIR`"};
  }

  static std::string described(const TraceEvent& event) {
    return std::string(to_string(event.kind)) + " of " +
           (event.step.empty() ? "" : event.step + " (") + words_of(event) +
           (event.step.empty() ? "" : ")");
  }

  Result<Happening> happening_of(const TraceEvent& event, const std::string& place) const {
    Happening made;
    made.kind = event.kind;
    const Result<std::size_t> what = event.kind == Happening::Kind::kEnvironment
                                         ? environment_of(event, place)
                                         : step_of(event, place);
    if (!what) return what.error();
    made.what = what.value();
    if (event.outcome.empty()) return made;
    const GroundAction& action = event.kind == Happening::Kind::kEnvironment
                                     ? plan_.environment()[made.what]
                                     : plan_.action(made.what);
    const std::vector<Outcome>& outcomes = action.action->outcomes;
    const auto at = std::ranges::find(outcomes, event.outcome, &Outcome::name);
    if (at == outcomes.end())
      return invalid(place + "/outcome", event.action + " has no outcome '" + event.outcome + "'");
    made.outcome = static_cast<std::size_t>(at - outcomes.begin());
    return made;
  }

  Result<std::size_t> step_of(const TraceEvent& event, const std::string& place) const {
    const std::vector<Step>& steps = plan_.plan().steps;
    const auto at = std::ranges::find(steps, event.step, &Step::id);
    if (at == steps.end())
      return invalid(place + "/step", "the plan has no step '" + event.step + "'");
    const auto step = static_cast<std::size_t>(at - steps.begin());
    if (at->action != event.action || at->arguments != event.arguments)
      return invalid(place, "step " + event.step + " of the plan is '" + plan_.name(step) +
                                "', not '" + words_of(event) + "'");
    return step;
  }

  Result<std::size_t> environment_of(const TraceEvent& event, const std::string& place) const {
    const std::vector<GroundAction>& all = plan_.environment();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (name_of(plan_.model(), all[i]) == words_of(event)) return i;
    return invalid(place,
                   "nothing like '" + words_of(event) + "' happens by itself in this installation");
  }

  std::string closed(std::size_t step, const State& state) const {
    const std::vector<Failure> failed = failures(plan_.model(), plan_.action(step), state);
    return failed.empty() ? "its guard is open" : failed.front().sentence;
  }

  std::string why_impossible(const Replay& run, const Happening& happening) const {
    const std::size_t what = happening.what;
    if (happening.kind == Happening::Kind::kEnvironment)
      return failures(plan_.model(), plan_.environment()[what], run.state()).front().sentence;
    if (happening.kind == Happening::Kind::kOutcome) {
      if (run.status(what) == Replay::Status::kWaiting) return "it was not requested";
      if (run.status(what) != Replay::Status::kRunning) return "it has ended before";
      return "what its work needs is gone: " +
             why_not(plan_.model(), plan_.action(what).lasts, run.state());
    }
    if (run.status(what) != Replay::Status::kWaiting) return "it was requested before";
    for (const std::size_t before : plan_.order().predecessors()[what])
      if (run.status(before) != Replay::Status::kDone)
        return "it waits for " + plan_.id(before) + ", which has not ended";
    if (happening.kind == Happening::Kind::kFoundDone)
      return "nothing of its work is there, or no fault has happened";
    return closed(what, run.state());
  }

  Result<BoundTrace> ended(const Replay& run) {
    // A plan whose start is wrong needs no event to be so.
    if (made_.trace.empty()) {
      made_.end = {{}, run.state(), run.state()};
      for (std::size_t i = 0; i < plan_.invariants().size(); ++i)
        if (!evaluate(plan_.invariants()[i].formula, run.state()))
          made_.end.broken.push_back({PropertyKind::kStart, Obligation::kNoStep, true, i, 0});
    } else if (std::optional<ReplayEnd> end = replayed(plan_, made_.trace)) {
      made_.end = std::move(*end);
    }
    if (file_.breaks.kind == PropertyKind::kMaskedEnd) add_masked_end();
    for (const Obligation& each : made_.end.broken)
      if (is_meant(each)) made_.broken.push_back(each);
    return std::move(made_);
  }

  /// The end of the step was there to be seen, and is not any more.
  void add_masked_end() {
    const auto at = std::ranges::find(plan_.plan().steps, file_.breaks.step, &Step::id);
    if (at == plan_.plan().steps.end() || made_.trace.empty()) return;
    const auto step = static_cast<std::size_t>(at - plan_.plan().steps.begin());
    if (std::ranges::find(made_.trace, ends(step)) == made_.trace.end()) return;
    for (const GroundEffect& effect : plan_.action(step).outcomes.front())
      if (effect.when.is_true() && made_.end.state[effect.target] != effect.value)
        made_.end.broken.push_back(
            {PropertyKind::kMaskedEnd, step, false, made_.trace.back().what, effect.target});
  }

  bool is_meant(const Obligation& broken) const {
    if (broken.kind != file_.breaks.kind) return false;
    const std::string step = broken.step == Obligation::kNoStep ? "" : plan_.id(broken.step);
    if (step != file_.breaks.step) return false;
    const std::vector<std::string> properties = properties_of(plan_, broken);
    return std::ranges::find(properties, file_.breaks.property) != properties.end();
  }

  const TraceFile& file_;
  GroundPlan& plan_;
  std::string_view name_;
  BoundTrace made_;
};

}  // namespace

Result<BoundTrace> bind_trace(const TraceFile& trace, GroundPlan& plan, std::string_view file) {
  return Binder(trace, plan, file).bound();
}

}  // namespace wme::model
