#pragma once

#include <functional>
#include <optional>
#include <string>

#include "scenarios/campaign/campaign.hpp"

namespace wme::scenarios {

/// "2/4". Error kInvalid.
Result<Shard> shard_from(const std::string& text);

using Variables = std::function<const char*(const char*)>;  ///< as std::getenv

/// A shard, and who said so: "--shard", "GitLab", "Slurm", "Kubernetes"; empty: nobody.
struct ChosenShard {
  Shard shard;
  std::string by;
};

/// The shard that `--shard` names ("2/4"; or "/4", the number alone, where the environment knows
/// the index only), else the one that the surroundings name: GitLab's `parallel:`
/// (CI_NODE_INDEX, CI_NODE_TOTAL), a Slurm array (SLURM_ARRAY_TASK_ID, _MIN, _COUNT), a Kubernetes
/// Indexed Job (JOB_COMPLETION_INDEX, from 0; it does not tell their number). Error kInvalid: what
/// they say is no shard, or not enough.
/// Source: docs.gitlab.com/ee/ci/variables, slurm.schedmd.com/job_array.html,
/// kubernetes.io/docs/concepts/workloads/controllers/job.
Result<ChosenShard> chosen_shard(const std::string& argument, const Variables& get);

}  // namespace wme::scenarios
