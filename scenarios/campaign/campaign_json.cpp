#include <algorithm>

#include "model/json/json_reader.hpp"
#include "scenarios/campaign/figures.hpp"

namespace wme::scenarios {

namespace {

using json = nlohmann::ordered_json;

constexpr long kCountMax = 1'000'000'000'000;

json seconds_or_null(const std::optional<std::chrono::seconds>& time) {
  return time ? json(time->count()) : json(nullptr);
}

json histogram_json(const Histogram& histogram) {
  json counts = json::array();
  for (const auto& [value, count] : histogram.counts) counts.push_back({value, count});
  return {{"measured", histogram.total()},
          {"p50_s", seconds_or_null(histogram.percentile(50))},
          {"p90_s", seconds_or_null(histogram.percentile(90))},
          {"p95_s", seconds_or_null(histogram.percentile(95))},
          {"max_s", seconds_or_null(histogram.percentile(100))},
          {"counts", std::move(counts)}};
}

json counts_json(const std::map<std::string, std::int64_t>& counts) {
  json made = json::object();
  for (const auto& [key, count] : counts) made[key] = count;
  return made;
}

json facts_json(const CampaignFacts& facts) {
  json made = {{"tool_version", facts.tool_version},
               {"model", facts.model_fingerprint},
               {"scenario", facts.scenario},
               {"title", facts.title},
               {"installation", facts.installation},
               {"provider", facts.provider},
               {"fleet", facts.fleet},
               {"inventory", facts.inventory_digest},
               {"plans", facts.plan_digests},
               {"rto_target_s", seconds_or_null(facts.rto_target)},
               {"rpo_target_s", seconds_or_null(facts.rpo_target)},
               {"command", facts.command},
               // A text: a number of 64 bits is none in JavaScript.
               {"seed", std::to_string(facts.seed)},
               {"runs", facts.runs}};
  if (!facts.durations_file.empty())
    made["durations"] = {{"file", facts.durations_file}, {"digest", facts.durations_digest}};
  if (!facts.bia_reference.empty()) made["bia"] = facts.bia_reference;
  if (!facts.risk_reference.empty()) made["risk"] = facts.risk_reference;
  return made;
}

json failure_json(const CampaignResult& result, const CampaignFailure& failure) {
  json schedule = json::array();
  for (const PlannedFault& each : failure.schedule)
    schedule.push_back({{"fault", facts_of(each.kind).name},
                        {"action", each.action},
                        {"occurrence", each.occurrence},
                        {"away_s", each.away.count()}});
  json breaches = json::array();
  for (const Breach& each : failure.breaches)
    breaches.push_back({{"property", each.property}, {"text", each.text}});
  return {{"run", failure.run},
          {"end", failure.end},
          {"schedule", std::move(schedule)},
          {"breaches", std::move(breaches)},
          {"replay", replay_of(result.facts, failure.run)}};
}

/// Reads one file; what follows from the rest is written anew, not read.
class ResultReader {
 public:
  explicit ResultReader(model::JsonReader& reader) : reader_(reader) {}

  CampaignResult read(const nlohmann::json& document) {
    const model::JsonObject root = reader_.object(
        document, "",
        {"figures", "verdict", "campaign", "part", "parts", "held", "goals", "failed", "stops",
         "breaches", "took", "rto", "rpo", "coverage", "steps", "failures"},
        {}, kCampaignSchema);
    CampaignResult made;
    if (reader_.failed()) return made;
    made.facts = facts(root.at("campaign"));
    made.shard.count = static_cast<int>(reader_.number(root, "parts", 1, kShardsMax));
    made.shard.index =
        static_cast<int>(reader_.number(root, "part", 1, std::max(1, made.shard.count)));
    made.held = reader_.number(root, "held", 0, kCountMax);
    made.goals = reader_.number(root, "goals", 0, kCountMax);
    made.failed = reader_.number(root, "failed", 0, kCountMax);
    made.stops = counts(root.at("stops"), "/stops");
    made.breaches = counts(root.at("breaches"), "/breaches");
    made.took = histogram(root.at("took"), "/took");
    made.rto = histogram(root.at("rto"), "/rto");
    made.rpo = histogram(root.at("rpo"), "/rpo");
    const nlohmann::json& steps = reader_.list(root, "steps");
    for (std::size_t i = 0; i < steps.size(); ++i)
      made.steps.push_back(step(steps[i], "/steps/" + std::to_string(i)));
    const nlohmann::json& failures = reader_.list(root, "failures");
    for (std::size_t i = 0; i < failures.size(); ++i)
      made.failures.push_back(failure(failures[i], "/failures/" + std::to_string(i)));
    return made;
  }

 private:
  CampaignFacts facts(const nlohmann::json& value) {
    const model::JsonObject object = reader_.object(
        value, "/campaign",
        {"tool_version", "model", "scenario", "title", "installation", "provider", "fleet",
         "inventory", "plans", "rto_target_s", "rpo_target_s", "command", "seed", "runs"},
        {"bia", "durations", "risk"});
    CampaignFacts made;
    made.tool_version = reader_.text(object, "tool_version");
    made.model_fingerprint = reader_.text(object, "model");
    made.scenario = reader_.text(object, "scenario");
    made.title = reader_.text(object, "title");
    made.installation = reader_.text(object, "installation");
    made.provider = reader_.text(object, "provider");
    made.fleet = reader_.text(object, "fleet");
    made.inventory_digest = reader_.text(object, "inventory");
    made.plan_digests = reader_.texts(object, "plans");
    made.rto_target = target(object, "rto_target_s");
    made.rpo_target = target(object, "rpo_target_s");
    made.command = reader_.text(object, "command");
    if (object.has("durations")) {
      const model::JsonObject durations =
          reader_.object(object.at("durations"), object.place("durations"), {"file", "digest"}, {});
      made.durations_file = reader_.text(durations, "file");
      made.durations_digest = reader_.text(durations, "digest");
    }
    if (object.has("bia")) made.bia_reference = reader_.text(object, "bia");
    if (object.has("risk")) made.risk_reference = reader_.text(object, "risk");
    const std::string seed = reader_.text(object, "seed");
    if (seed.size() > 20 || seed.find_first_not_of("0123456789") != std::string::npos)
      reader_.fail(object.place("seed"), "'" + seed + "' is no seed: it is a whole number", "");
    else if (!seed.empty())
      made.seed = std::strtoull(seed.c_str(), nullptr, 10);
    made.runs = static_cast<std::uint64_t>(reader_.number(object, "runs", 1, kCountMax));
    return made;
  }

  std::optional<std::chrono::seconds> target(const model::JsonObject& object,
                                             std::string_view key) {
    if (object.at(key).is_null()) return std::nullopt;
    return std::chrono::seconds(reader_.number(object, key, 0, kCountMax));
  }

  bool is_count(const nlohmann::json& value) {
    return value.is_number_unsigned() && value <= kCountMax;
  }

  std::map<std::string, std::int64_t> counts(const nlohmann::json& value,
                                             const std::string& place) {
    std::map<std::string, std::int64_t> made;
    if (!value.is_object()) reader_.fail(place, "it is no object: it counts by name", "");
    if (!value.is_object()) return made;
    for (const auto& [key, count] : value.items()) {
      if (!is_count(count)) reader_.fail(place + "/" + key, "it is no count", "");
      if (is_count(count)) made[key] = count.get<std::int64_t>();
    }
    return made;
  }

  Histogram histogram(const nlohmann::json& value, const std::string& place) {
    Histogram made;
    const model::JsonObject object = reader_.object(
        value, place, {"measured", "p50_s", "p90_s", "p95_s", "max_s", "counts"}, {});
    for (const nlohmann::json& each : reader_.list(object, "counts")) {
      if (!each.is_array() || each.size() != 2 || !is_count(each[0]) || !is_count(each[1])) {
        reader_.fail(object.place("counts"), "it is no list of [seconds, how often]", "");
        break;
      }
      made.counts[each[0].get<std::int64_t>()] = each[1].get<std::int64_t>();
    }
    return made;
  }

  StepCoverage step(const nlohmann::json& value, const std::string& place) {
    const model::JsonObject object =
        reader_.object(value, place, {"step", "critical", "faults"}, {});
    StepCoverage made;
    made.step = reader_.text(object, "step");
    made.critical = reader_.number(object, "critical", 0, kCountMax);
    made.met = counts(object.at("faults"), object.place("faults"));
    return made;
  }

  CampaignFailure failure(const nlohmann::json& value, const std::string& place) {
    const model::JsonObject object =
        reader_.object(value, place, {"run", "end", "schedule", "breaches", "replay"}, {});
    CampaignFailure made;
    made.run = static_cast<std::uint64_t>(reader_.number(object, "run", 1, kCountMax));
    made.end = reader_.text(object, "end");
    for (const nlohmann::json& each : reader_.list(object, "schedule"))
      made.schedule.push_back(fault(each, object.place("schedule")));
    for (const nlohmann::json& each : reader_.list(object, "breaches")) {
      const model::JsonObject breach =
          reader_.object(each, object.place("breaches"), {"property", "text"}, {});
      made.breaches.push_back({reader_.text(breach, "property"), reader_.text(breach, "text")});
    }
    return made;
  }

  PlannedFault fault(const nlohmann::json& value, const std::string& place) {
    const model::JsonObject object =
        reader_.object(value, place, {"fault", "action", "occurrence", "away_s"}, {});
    PlannedFault made;
    const std::string kind = reader_.text(object, "fault");
    const auto known = std::ranges::find(all_fault_kinds(), kind, &FaultKindFacts::name);
    if (known == all_fault_kinds().end())
      reader_.fail(object.place("fault"), "'" + kind + "' is no fault", "");
    else
      made.kind = known->kind;
    made.action = reader_.text(object, "action");
    made.occurrence = static_cast<int>(reader_.number(object, "occurrence", 1, 1'000'000));
    made.away = std::chrono::seconds(reader_.number(object, "away_s", 0, 1'000'000));
    return made;
  }

  model::JsonReader& reader_;
};

}  // namespace

std::string to_json(const CampaignResult& result) {
  json steps = json::array();
  for (const StepCoverage& each : result.steps)
    steps.push_back(
        {{"step", each.step}, {"critical", each.critical}, {"faults", counts_json(each.met)}});
  json failures = json::array();
  for (const CampaignFailure& each : result.failures)
    failures.push_back(failure_json(result, each));
  const json document = {{"schema", kCampaignSchema},
                         {"figures", "simulated"},
                         {"verdict", to_string(verdict_of(result))},
                         {"campaign", facts_json(result.facts)},
                         {"part", result.shard.index},
                         {"parts", result.shard.count},
                         {"held", result.held},
                         {"goals", result.goals},
                         {"failed", result.failed},
                         {"stops", counts_json(result.stops)},
                         {"breaches", counts_json(result.breaches)},
                         {"took", histogram_json(result.took)},
                         {"rto", histogram_json(result.rto)},
                         {"rpo", histogram_json(result.rpo)},
                         {"coverage", {{"pairs", result.pairs()}, {"tried", result.pairs_tried()}}},
                         {"steps", std::move(steps)},
                         {"failures", std::move(failures)}};
  return document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<CampaignResult> campaign_result_from(std::string_view text, const std::string& name) {
  model::JsonReader reader(name, "hold the campaign again");
  Result<nlohmann::json> document =
      reader.parse(text, "a campaign's result is what `rehydrate campaign --report DIR` writes");
  if (!document) return document.error();
  CampaignResult made = ResultReader(reader).read(document.value());
  if (reader.failed()) return reader.error();
  return made;
}

}  // namespace wme::scenarios
