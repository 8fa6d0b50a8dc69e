#include "executor/journal/entries.hpp"

#include <utility>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {
namespace {

Entry about(TimePoint at, EntryKind kind, const StepCall& of) {
  Entry entry;
  entry.at = at;
  entry.kind = kind;
  entry.step = of.step;
  entry.action = of.call.action;
  entry.arguments = of.call.arguments;
  entry.token = of.call.token;
  return entry;
}

Entry about_the_run(TimePoint at, EntryKind kind, std::string text) {
  Entry entry;
  entry.at = at;
  entry.kind = kind;
  entry.text = std::move(text);
  return entry;
}

void add(Entry& entry, const Actor& actor) {
  for (const auto& [name, text] :
       {std::pair{"by", &actor.by}, std::pair{"host", &actor.host},
        std::pair{"process", &actor.process}, std::pair{"fence", &actor.fence}})
    if (!text->empty()) entry.details[name] = *text;
}

}  // namespace

Entry run_started(TimePoint at, const RunFacts& facts) {
  Entry entry = about_the_run(at, EntryKind::kRunStarted,
                              "Run started on installation " + facts.inventory_name);
  entry.details = {{"plan", facts.plan_digest},
                   {"inventory", facts.inventory_name},
                   {"inventory-digest", facts.inventory_digest},
                   {"model", facts.model_fingerprint},
                   {"version", facts.tool_version}};
  if (!facts.seed.empty()) entry.details["seed"] = facts.seed;
  if (!facts.run_id.empty()) entry.details["run"] = facts.run_id;
  add(entry, facts.actor);
  entry.details.insert(facts.authority.begin(), facts.authority.end());
  if (facts.authority.contains("break-glass"))
    entry.text += " WITHOUT A CERTIFICATE: " + facts.authority.at("break-glass");
  return entry;
}

Entry attachment(TimePoint at, const std::string& name, const std::string& content) {
  Entry entry = about_the_run(at, EntryKind::kAttachment, "Attached: " + name);
  entry.details = {{"name", name}, {"content", content}};
  return entry;
}

Entry resumed(TimePoint at, const Actor& actor, const std::string& version) {
  const std::string who = actor.by + (actor.host.empty() ? "" : "@" + actor.host);
  Entry entry =
      about_the_run(at, EntryKind::kResumed, who.empty() ? "Run resumed" : "Run resumed by " + who);
  entry.details = {{"version", version}};
  add(entry, actor);
  return entry;
}

Entry observation(TimePoint at, std::vector<Observation> observed, std::string text) {
  Entry entry = about_the_run(at, EntryKind::kObservation, std::move(text));
  entry.observed = std::move(observed);
  return entry;
}

Entry intent(TimePoint at, const StepCall& of, std::vector<Observation> opened_by,
             std::string text) {
  Entry entry = about(at, EntryKind::kIntent, of);
  entry.observed = std::move(opened_by);
  entry.text = std::move(text);
  return entry;
}

Entry accepted(TimePoint at, const StepCall& of, const std::string& receipt) {
  Entry entry = about(at, EntryKind::kAccepted, of);
  entry.text = "Accepted";
  entry.details = {{"receipt", receipt}};
  return entry;
}

Entry not_accepted(TimePoint at, const StepCall& of, const Error& error) {
  const bool unknown = error.code == ErrorCode::kUnknownOutcome;
  Entry entry = about(at, unknown ? EntryKind::kUnknownOutcome : EntryKind::kRefused, of);
  entry.text = error.message;
  entry.details = {{"code", std::string(to_string(error.code))}, {"error", error.message}};
  return entry;
}

Entry waiting(TimePoint at, const StepCall& of, const std::string& what, TimePoint deadline) {
  Entry entry = about(at, EntryKind::kWaiting, of);
  entry.text = "Waiting for " + what;
  entry.details = {{"for", what}, {"deadline", rfc3339(deadline)}};
  return entry;
}

Entry outcome(TimePoint at, const StepCall& of, const std::string& name,
              std::vector<Observation> shown_by) {
  Entry entry = about(at, EntryKind::kOutcome, of);
  entry.text = shown_by.empty() ? name : name + ": " + in_words(shown_by);
  entry.details = {{"outcome", name}};
  entry.observed = std::move(shown_by);
  return entry;
}

Entry surprise(TimePoint at, const StepCall& of, const std::string& expected,
               std::vector<Observation> seen) {
  Entry entry = about(at, EntryKind::kSurprise, of);
  const std::string words = in_words(seen);
  entry.text = "Expected " + expected + ", saw " + words;
  entry.details = {{"expected", expected}, {"seen", words}};
  entry.observed = std::move(seen);
  return entry;
}

Entry decision(TimePoint at, const Decision& decision) {
  Entry entry = about_the_run(at, EntryKind::kDecision, "");
  entry.step = decision.step;
  entry.text = decision.by + " decided: " + decision.what +
               (decision.step.empty() ? "" : " " + decision.step) +
               (decision.reason.empty() ? "" : ", because: " + decision.reason);
  entry.details = {{"decision", decision.what}, {"by", decision.by}, {"reason", decision.reason}};
  if (decision.request != 0) entry.details["request"] = std::to_string(decision.request);
  if (!decision.break_glass.empty()) {
    entry.details["break-glass"] = decision.break_glass;
    entry.text += "; AGAINST THE MODEL: " + decision.break_glass;
  }
  return entry;
}

Entry gate(TimePoint at, const StepCall& of, TimePoint expires, const std::string& on_expiry) {
  Entry entry = about(at, EntryKind::kGate, of);
  entry.text = "Waiting for an approval until " + rfc3339(expires) + ", then " + on_expiry;
  entry.details = {{"expires", rfc3339(expires)}, {"on-expiry", on_expiry}};
  return entry;
}

Entry turned(TimePoint at, const std::string& to, const std::string& goal,
             const std::string& plan) {
  Entry entry = about_the_run(at, EntryKind::kTurned, "Turned to " + to + ": " + goal);
  entry.details = {{"to", to}, {"goal", goal}, {"plan", plan}};
  return entry;
}

Entry run_ended(TimePoint at, const std::string& verdict, const std::string& reason) {
  Entry entry = about_the_run(
      at, EntryKind::kRunEnded,
      reason.empty() ? "Run ended: " + verdict : "Run ended: " + verdict + ": " + reason);
  entry.details = {{"verdict", verdict}, {"reason", reason}};
  return entry;
}

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kBlocked:
      return "blocked";
    case ErrorCode::kNotFound:
      return "not-found";
    case ErrorCode::kUnreachable:
      return "unreachable";
    case ErrorCode::kThrottled:
      return "throttled";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kFailed:
      return "failed";
    case ErrorCode::kUnknownOutcome:
      return "unknown-outcome";
  }
  return "?";
}

std::string in_words(const std::vector<Observation>& observed) {
  std::string words;
  for (const Observation& one : observed) {
    if (!words.empty()) words += ", ";
    words += one.variable.fluent;
    if (!one.variable.arguments.empty()) {
      words += '(';
      for (const std::string& argument : one.variable.arguments) {
        if (words.back() != '(') words += ", ";
        words += argument;
      }
      words += ')';
    }
    words += " = " + one.value.value_or("?");
  }
  return words;
}

}  // namespace wme::executor
