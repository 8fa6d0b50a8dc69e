#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "model/json/json_reader.hpp"
#include "model/trace/trace_file.hpp"

namespace wme::model {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kAgain = "write the trace again with `rehydrate verify … --traces DIR`";

constexpr std::array kEventKinds = {Happening::Kind::kRequest,     Happening::Kind::kOutcome,
                                    Happening::Kind::kEnvironment, Happening::Kind::kFoundDone,
                                    Happening::Kind::kLostRequest, Happening::Kind::kLostAnswer,
                                    Happening::Kind::kStaleRead};
constexpr std::array kPropertyKinds = {PropertyKind::kStart, PropertyKind::kGuard,
                                       PropertyKind::kInvariant, PropertyKind::kGoal,
                                       PropertyKind::kMaskedEnd};

ordered_json event_json(const TraceEvent& event) {
  ordered_json made = {{"kind", to_string(event.kind)}};
  if (!event.step.empty()) made["step"] = event.step;
  made["action"] = event.action;
  made["arguments"] = event.arguments;
  if (!event.outcome.empty()) made["outcome"] = event.outcome;
  return made;
}

ordered_json break_json(const TraceBreak& breaks) {
  ordered_json made = {{"kind", to_string(breaks.kind)}, {"property", breaks.property}};
  if (!breaks.step.empty()) {
    made["step"] = breaks.step;
    made["at"] = breaks.at_request ? "request" : "end";
  }
  made["sentence"] = breaks.sentence;
  if (!breaks.loss.empty()) made["loss"] = breaks.loss;
  return made;
}

class Reader {
 public:
  explicit Reader(std::string_view file) : reader_(file, kAgain) {}

  Result<TraceFile> read(std::string_view text) {
    const Result<json> document =
        reader_.parse(text, std::string("the file may have been cut off: ") + kAgain);
    if (!document) return document.error();
    const JsonObject whole = reader_.object(
        document.value(), "", {"plan", "headline", "events", "breaks"}, {}, kTraceSchema);
    TraceFile made;
    plan(whole, made);
    made.headline = reader_.text(whole, "headline");
    const json& events = reader_.list(whole, "events");
    for (std::size_t i = 0; i < events.size(); ++i)
      made.events.push_back(event(events[i], "/events/" + std::to_string(i)));
    if (whole.has("breaks")) made.breaks = breaks(whole.at("breaks"));
    if (reader_.failed()) return reader_.error();
    return made;
  }

 private:
  void plan(const JsonObject& whole, TraceFile& made) {
    if (!whole.has("plan")) return;
    const JsonObject object = reader_.object(whole.at("plan"), "/plan",
                                             {"procedure", "installation", "content_sha256"}, {});
    made.procedure = reader_.text(object, "procedure");
    made.installation = reader_.text(object, "installation");
    made.plan_sha256 = reader_.text(object, "content_sha256");
    const bool is_digest =
        made.plan_sha256.size() == 64 &&
        made.plan_sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (object.has("content_sha256") && !is_digest)
      reader_.fail(object.place("content_sha256"),
                   "this is no SHA-256: 64 digits from 0 to 9 and a to f", kAgain);
  }

  /// The kind whose name stands there.
  template <class Kinds>
  auto kind(const JsonObject& object, const Kinds& kinds) {
    const std::string name = reader_.text(object, "kind");
    std::vector<std::string> known;
    for (const auto each : kinds) {
      if (to_string(each) == name) return each;
      known.emplace_back(to_string(each));
    }
    if (object.has("kind"))
      reader_.fail(object.place("kind"), "'" + name + "' is unknown: it is no word of the schema",
                   suggestion(name, known));
    return kinds.front();
  }

  TraceEvent event(const json& value, const std::string& place) {
    const JsonObject object =
        reader_.object(value, place, {"kind", "action", "arguments"}, {"step", "outcome"});
    TraceEvent made;
    made.kind = kind(object, kEventKinds);
    made.action = reader_.text(object, "action");
    made.arguments = reader_.names(object, "arguments");
    const bool by_itself = made.kind == Happening::Kind::kEnvironment;
    const bool has_outcome = by_itself || made.kind == Happening::Kind::kOutcome;
    made.step = word(object, "step", !by_itself);
    made.outcome = word(object, "outcome", has_outcome);
    return made;
  }

  /// A key that events of some kinds must have, and the others must not.
  std::string word(const JsonObject& object, const std::string& key, bool wanted) {
    if (object.has(key) == wanted) return wanted ? reader_.text(object, key) : "";
    reader_.fail(object.place(key),
                 wanted ? "an event of this kind has a '" + key + "': it is missing"
                        : "an event of this kind has no '" + key + "': it would mean nothing",
                 kAgain);
    return "";
  }

  TraceBreak breaks(const json& value) {
    const JsonObject object =
        reader_.object(value, "/breaks", {"kind", "property", "sentence"}, {"step", "at", "loss"});
    TraceBreak made;
    made.kind = kind(object, kPropertyKinds);
    made.property = reader_.text(object, "property");
    made.sentence = reader_.text(object, "sentence");
    if (object.has("loss")) made.loss = reader_.text(object, "loss");
    if (object.has("step")) made.step = reader_.text(object, "step");
    if (object.has("at")) {
      const std::string at = reader_.text(object, "at");
      made.at_request = at != "end";
      if (at != "end" && at != "request")
        reader_.fail(object.place("at"), "it is neither 'request' nor 'end'", kAgain);
    }
    return made;
  }

  JsonReader reader_;
};

}  // namespace

std::string to_trace_json(const TraceFile& trace) {
  ordered_json events = ordered_json::array();
  for (const TraceEvent& each : trace.events) events.push_back(event_json(each));
  const ordered_json whole = {{"schema", kTraceSchema},
                              {"plan",
                               {{"procedure", trace.procedure},
                                {"installation", trace.installation},
                                {"content_sha256", trace.plan_sha256}}},
                              {"headline", trace.headline},
                              {"events", events},
                              {"breaks", break_json(trace.breaks)}};
  return whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<TraceFile> parse_trace(std::string_view text, std::string_view file) {
  return Reader(file).read(text);
}

}  // namespace wme::model
