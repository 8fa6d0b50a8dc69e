#include "scenarios/campaign/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "model/english/explain.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::scenarios {

namespace {

constexpr const char* kToolVersion = "0.1.0";
constexpr std::chrono::milliseconds kBetweenLooks{100};

/// Where each step of the course stands in CampaignResult::steps.
std::vector<std::size_t> first_steps(const Course& course) {
  std::vector<std::size_t> first;
  std::size_t next = 0;
  for (const CourseAct& each : course.acts) {
    first.push_back(next);
    next += each.plan.steps.size();
  }
  return first;
}

std::vector<StepCoverage> nothing_tried(const Course& course) {
  std::vector<StepCoverage> steps;
  for (std::size_t act = 0; act < course.acts.size(); ++act)
    for (std::size_t step = 0; step < course.acts[act].plan.steps.size(); ++step)
      steps.push_back({course.name_of({act, step, {}}), {}, 0});
  const std::vector<std::size_t> first = first_steps(course);
  for (const Pair& each : course.pairs)
    steps[first[each.act] + each.step].met[std::string(facts_of(each.kind).name)] = 0;
  return steps;
}

void keep_the_first(std::vector<CampaignFailure>& failures) {
  std::ranges::sort(failures, {}, &CampaignFailure::run);
  if (failures.size() > kFailuresMax) failures.resize(kFailuresMax);
}

/// One thread's share of the result.
class Tally {
 public:
  explicit Tally(const Course& course) : course_(course), first_(first_steps(course)) {
    result.steps = nothing_tried(course);
    for (std::size_t i = 0; i < course.acts.size(); ++i)
      if (course.acts[i].act.kind == Act::Kind::kRun) last_run_ = i;
  }

  void add(std::uint64_t run, const Schedule& schedule, const TrialResult& trial) {
    ++result.held;
    const std::string end(trial.reached_goal   ? kGoal
                          : trial.stop.empty() ? kNoSafeStop
                                               : trial.stop);
    if (trial.reached_goal)
      ++result.goals;
    else
      ++result.stops[end];
    for (const Pair& each : trial.met)
      if (auto& met = result.steps[first_[each.act] + each.step].met;
          met.contains(std::string(facts_of(each.kind).name)))
        ++met[std::string(facts_of(each.kind).name)];
    for (const std::size_t step : trial.critical) ++result.steps[first_[last_run_] + step].critical;
    if (trial.reached_goal) result.took.add(trial.took);
    if (trial.rto) result.rto.add(*trial.rto);
    if (trial.rpo) result.rpo.add(*trial.rpo);
    if (trial.breaches.empty()) return;
    ++result.failed;
    std::set<std::string> properties;
    for (const Breach& each : trial.breaches) properties.insert(each.property);
    for (const std::string& each : properties) ++result.breaches[each];
    result.failures.push_back({run, schedule, end, trial.breaches});
    if (result.failures.size() > 2 * kFailuresMax) keep_the_first(result.failures);
  }

  CampaignResult result;

 private:
  const Course& course_;
  std::vector<std::size_t> first_;
  std::size_t last_run_ = 0;
};

/// What both counted; facts and shard are the caller's.
void add_to(CampaignResult& sum, const CampaignResult& part) {
  sum.held += part.held;
  sum.goals += part.goals;
  sum.failed += part.failed;
  for (const auto& [stop, count] : part.stops) sum.stops[stop] += count;
  for (const auto& [property, count] : part.breaches) sum.breaches[property] += count;
  sum.took.add(part.took);
  sum.rto.add(part.rto);
  sum.rpo.add(part.rpo);
  for (std::size_t i = 0; i < sum.steps.size(); ++i) {
    sum.steps[i].critical += part.steps[i].critical;
    for (const auto& [kind, count] : part.steps[i].met) sum.steps[i].met[kind] += count;
  }
  sum.failures.insert(sum.failures.end(), part.failures.begin(), part.failures.end());
  keep_the_first(sum.failures);
}

Error unmergeable(const std::string& name, const std::string& why) {
  return {ErrorCode::kInvalid, name + ": " + why};
}

bool same_steps(const CampaignResult& one, const CampaignResult& other) {
  return std::ranges::equal(
      one.steps, other.steps, [](const StepCoverage& a, const StepCoverage& b) {
        return a.step == b.step &&
               std::ranges::equal(a.met, b.met, {},
                                  &std::pair<const std::string, std::int64_t>::first,
                                  &std::pair<const std::string, std::int64_t>::first);
      });
}

}  // namespace

void Histogram::add(std::chrono::milliseconds value) {
  ++counts[std::chrono::ceil<std::chrono::seconds>(value).count()];
}

void Histogram::add(const Histogram& other) {
  for (const auto& [value, count] : other.counts) counts[value] += count;
}

std::int64_t Histogram::total() const {
  std::int64_t all = 0;
  for (const auto& [value, count] : counts) all += count;
  return all;
}

std::optional<std::chrono::seconds> Histogram::percentile(int percent) const {
  const std::int64_t wanted = (total() * percent + 99) / 100;
  std::int64_t so_far = 0;
  for (const auto& [value, count] : counts)
    if ((so_far += count) >= wanted) return std::chrono::seconds(value);
  return std::nullopt;
}

std::uint64_t CampaignResult::planned() const {
  const auto count = static_cast<std::uint64_t>(shard.count);
  const auto index = static_cast<std::uint64_t>(shard.index);
  return (facts.runs + count - index) / count;
}

std::size_t CampaignResult::pairs() const {
  std::size_t all = 0;
  for (const StepCoverage& each : steps) all += each.met.size();
  return all;
}

std::size_t CampaignResult::pairs_tried() const {
  std::size_t tried = 0;
  for (const StepCoverage& each : steps)
    for (const auto& [kind, count] : each.met) tried += count > 0 ? 1 : 0;
  return tried;
}

const std::vector<std::pair<std::string, std::string>>& campaign_properties() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"rules", "no rule of WME is broken through any door"},
      {"ends-well",
       "every run ends in its goal, or in a declared safe stop where a fault cannot be got over"},
      {"same-end",
       "whoever reaches the goal leaves what an undisturbed run leaves, with the same containers "
       "(INV-61) and nothing left over"},
      {"nothing-twice", "nothing takes effect twice, whatever is lost or killed"},
      {"replays", "every journal replays through the model"},
  };
  return all;
}

std::string repeat_of(const CampaignFacts& facts) {
  return facts.command + " --seed " + std::to_string(facts.seed) + " --runs " +
         std::to_string(facts.runs);
}

std::string replay_of(const CampaignFacts& facts, std::uint64_t run) {
  return facts.command + " --seed " + std::to_string(facts.seed) + " --run " + std::to_string(run);
}

CampaignFacts facts_of(const Course& course, std::uint64_t seed, std::uint64_t runs) {
  CampaignFacts facts;
  facts.tool_version = kToolVersion;
  facts.model_fingerprint = model::sha256_hex(model::model_text());
  facts.scenario = course.scenario.name;
  facts.title = course.scenario.title;
  facts.installation = course.inventory.name;
  facts.provider = std::string(to_string(course.inventory.provider));
  facts.fleet = fleet_text(course.inventory);
  facts.inventory_digest = model::sha256_hex(to_yaml(course.inventory));
  facts.durations_file = course.durations.file;
  facts.durations_digest = course.durations.digest;
  for (const CourseAct& each : course.acts)
    if (each.act.kind == Act::Kind::kRun)
      facts.plan_digests.push_back(model::sha256_hex(model::canonical_json(each.plan)));
  facts.rto_target = course.scenario.rto_target;
  facts.rpo_target = course.scenario.rpo_target;
  facts.bia_reference = course.scenario.bia_reference;
  facts.risk_reference = course.scenario.risk_reference;
  facts.seed = seed;
  facts.runs = runs;
  return facts;
}

CampaignResult hold_campaign(const Course& course, const CampaignOptions& options) {
  CampaignResult sum;
  sum.facts = options.facts;
  sum.shard = options.shard;
  sum.steps = nothing_tried(course);
  const Generator generator(course, options.facts.seed);
  std::mutex mutex;
  std::condition_variable ended;
  std::atomic<std::uint64_t> next = static_cast<std::uint64_t>(options.shard.index);
  std::atomic<std::int64_t> held = 0;
  std::atomic<std::int64_t> failed = 0;
  std::atomic<bool> stop = false;
  unsigned working = std::max(1U, options.threads);
  const auto work = [&] {
    Lane lane(course, options.planted);
    Tally tally(course);
    while (!stop) {
      const std::uint64_t run = next.fetch_add(static_cast<std::uint64_t>(options.shard.count));
      if (run > options.facts.runs) break;
      const Schedule schedule = generator.schedule(run);
      const TrialResult trial = lane.hold(schedule);
      tally.add(run, schedule, trial);
      ++held;
      if (!trial.breaches.empty()) ++failed;
    }
    const std::lock_guard lock(mutex);
    add_to(sum, tally.result);
    --working;
    ended.notify_one();
  };
  std::vector<std::jthread> threads;
  const unsigned count = working;
  for (unsigned i = 0; i < count; ++i) threads.emplace_back(work);
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, kBetweenLooks, [&] { return working == 0; })) {
    lock.unlock();
    if (options.progress && !options.progress(held, failed)) stop = true;
    lock.lock();
  }
  return sum;
}

Result<CampaignResult> merged(const std::vector<CampaignResult>& results,
                              const std::vector<std::string>& names) {
  CampaignResult sum = results.front();
  std::set<int> seen;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const CampaignResult& each = results[i];
    if (!(each.facts == sum.facts) || !same_steps(each, sum))
      return unmergeable(names[i], "it is of another campaign than " + names.front() +
                                       ": inventory, durations, procedure, seed, runs, command "
                                       "and version must be the same for all shards");
    if (each.shard.count != sum.shard.count)
      return unmergeable(names[i], "it is a part of " + std::to_string(each.shard.count) +
                                       ", and " + names.front() + " one of " +
                                       std::to_string(sum.shard.count));
    if (!each.is_complete())
      return unmergeable(names[i], "it was interrupted after " + std::to_string(each.held) +
                                       " of " + std::to_string(each.planned()) +
                                       " runs; hold this shard again");
    if (!seen.insert(each.shard.index).second)
      return unmergeable(names[i], "part " + std::to_string(each.shard.index) + " of " +
                                       std::to_string(each.shard.count) + " is there twice");
    if (i > 0) add_to(sum, each);
  }
  std::string missing;
  for (int part = 1; part <= sum.shard.count; ++part)
    if (!seen.contains(part)) missing += (missing.empty() ? "" : ", ") + std::to_string(part);
  if (!missing.empty())
    return unmergeable(names.front(), "of " + std::to_string(sum.shard.count) +
                                          " parts these are missing: " + missing +
                                          "; name the result files of all shards");
  sum.shard = {};
  return sum;
}

}  // namespace wme::scenarios
