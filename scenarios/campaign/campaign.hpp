#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/campaign/generator.hpp"
#include "scenarios/campaign/trial.hpp"

namespace wme::scenarios {

inline constexpr std::string_view kCampaignSchema = "rehydrate/campaign/1";

/// Which runs are whose: part `index` of `count` has every `count`-th, from `index` on.
struct Shard {
  int index = 1;
  int count = 1;
  bool operator==(const Shard&) const = default;
};

inline constexpr int kShardsMax = 100'000;

/// Where a run ended that is neither in its goal nor in a declared safe stop.
inline constexpr std::string_view kNoSafeStop = "no safe stop";

/// How often each value was measured, in whole seconds: exact, so that shards add up.
struct Histogram {
  std::map<std::int64_t, std::int64_t> counts;
  void add(std::chrono::milliseconds value);
  void add(const Histogram& other);
  std::int64_t total() const;
  /// The least value that so many percent do not exceed (nearest rank); 100: the largest. None: it
  /// was never measured.
  std::optional<std::chrono::seconds> percentile(int percent) const;
  bool operator==(const Histogram&) const = default;
};

/// A step of the course, and how often each kind of fault met it; 0: never, though it could have.
struct StepCoverage {
  std::string step;  ///< "1-restore s12 activate-container c4"
  std::map<std::string, std::int64_t> met;
  std::int64_t critical = 0;  ///< in how many runs the end had to wait for it
  bool operator==(const StepCoverage&) const = default;
};

struct CampaignFailure {
  std::uint64_t run = 0;
  Schedule schedule;
  std::string end;  ///< kGoal, the name of a safe stop, or kNoSafeStop
  std::vector<Breach> breaches;
  bool operator==(const CampaignFailure&) const = default;
};

/// What was held: equal for all shards of a campaign.
struct CampaignFacts {
  std::string tool_version;
  std::string model_fingerprint;
  std::string scenario;  ///< its name
  std::string title;
  std::string installation;
  std::string provider;
  std::string fleet;
  std::string inventory_digest;
  std::string durations_file;    ///< empty: the times are the model's
  std::string durations_digest;  ///< of what it says
  std::vector<std::string> plan_digests;
  std::optional<std::chrono::seconds> rto_target;
  std::optional<std::chrono::seconds> rpo_target;
  std::string bia_reference;   ///< for auditors: the business function behind it; may be empty
  std::string risk_reference;  ///< and the risk
  std::string command;         ///< that holds it, without shard and number of runs
  std::uint64_t seed = 1;
  std::uint64_t runs = 0;
  bool operator==(const CampaignFacts&) const = default;
};

/// What came of it. Nothing in it depends on the machine, its clock, or how many threads it had.
struct CampaignResult {
  CampaignFacts facts;
  Shard shard;
  std::int64_t held = 0;
  std::int64_t goals = 0;
  std::int64_t failed = 0;
  std::map<std::string, std::int64_t> stops;     ///< by safe stop; kNoSafeStop
  std::map<std::string, std::int64_t> breaches;  ///< by property: in how many runs
  Histogram took;
  Histogram rto;
  Histogram rpo;
  std::vector<StepCoverage> steps;
  std::vector<CampaignFailure> failures;  ///< the first kFailuresMax, in order of runs
  bool operator==(const CampaignResult&) const = default;

  std::uint64_t planned() const;  ///< runs of this shard
  bool is_complete() const { return held == static_cast<std::int64_t>(planned()); }
  std::size_t pairs() const;
  std::size_t pairs_tried() const;
};
inline constexpr std::size_t kFailuresMax = 100;

/// Every property that is judged, with what it says.
const std::vector<std::pair<std::string, std::string>>& campaign_properties();

/// The command that holds the whole campaign again, and the one that holds one run alone.
std::string repeat_of(const CampaignFacts& facts);
std::string replay_of(const CampaignFacts& facts, std::uint64_t run);

struct CampaignOptions {
  CampaignFacts facts;
  Shard shard;
  unsigned threads = 1;
  PortWrap planted;  ///< for tests
  /// From time to time, on the calling thread: how many runs were held, and how many failed. False:
  /// stop, and say what is known so far.
  std::function<bool(std::int64_t held, std::int64_t failed)> progress;
};

/// What there is to say of a course before a run was held.
CampaignFacts facts_of(const Course& course, std::uint64_t seed, std::uint64_t runs);
CampaignResult hold_campaign(const Course& course, const CampaignOptions& options);

/// The result of all shards together: what one campaign with all runs would have said. `names` are
/// how messages call them. Errors (kInvalid): they are not of one campaign, one was interrupted, or
/// a shard is missing or there twice.
Result<CampaignResult> merged(const std::vector<CampaignResult>& results,
                              const std::vector<std::string>& names);

std::string to_json(const CampaignResult& result);
/// Error kInvalid with the place. `name` is how messages call it.
Result<CampaignResult> campaign_result_from(std::string_view text, const std::string& name);

std::string campaign_junit(const CampaignResult& result);

}  // namespace wme::scenarios
