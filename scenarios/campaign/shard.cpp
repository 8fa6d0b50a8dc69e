#include "scenarios/campaign/shard.hpp"

namespace wme::scenarios {

namespace {

std::optional<int> count_of(const std::string& text) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoi(text);
}

Error no_shard(const std::string& what, const std::string& why, const std::string& mend) {
  return {ErrorCode::kInvalid, what + ": " + why + "; " + mend};
}

constexpr const char* kWrite = "write --shard 2/4 for the second of four parts";

Result<Shard> checked(const std::string& what, std::optional<int> index, std::optional<int> count) {
  if (!index || !count) return no_shard(what, "these are no two whole numbers", kWrite);
  if (*count < 1 || *count > kShardsMax)
    return no_shard(what, "there can be 1 to " + std::to_string(kShardsMax) + " parts", kWrite);
  if (*index < 1 || *index > *count)
    return no_shard(what, "parts count from 1 to " + std::to_string(*count), kWrite);
  return Shard{*index, *count};
}

/// A variable that is there must be a number: a part that is held twice is worse than none.
std::optional<std::string> variable(const Variables& get, const char* name) {
  const char* text = get(name);
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string(text);
}

Result<ChosenShard> named(std::string by, const Result<Shard>& shard) {
  if (!shard) return shard.error();
  return ChosenShard{shard.value(), std::move(by)};
}

}  // namespace

Result<Shard> shard_from(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos)
    return no_shard("--shard " + text, "there is no '/' in it", kWrite);
  return checked("--shard " + text, count_of(text.substr(0, slash)),
                 count_of(text.substr(slash + 1)));
}

Result<ChosenShard> chosen_shard(const std::string& argument, const Variables& get) {
  const bool count_only = argument.starts_with('/');
  if (!argument.empty() && !count_only) return named("--shard", shard_from(argument));
  const std::optional<int> count = count_only ? count_of(argument.substr(1)) : std::optional<int>();
  if (count_only && !count) return no_shard("--shard " + argument, "it is no count", kWrite);
  const auto index_gitlab = variable(get, "CI_NODE_INDEX");
  const auto total_gitlab = variable(get, "CI_NODE_TOTAL");
  if (index_gitlab && total_gitlab)
    return named("GitLab",
                 checked("CI_NODE_INDEX=" + *index_gitlab + ", CI_NODE_TOTAL=" + *total_gitlab,
                         count_of(*index_gitlab), count ? count : count_of(*total_gitlab)));
  if (const auto task = variable(get, "SLURM_ARRAY_TASK_ID")) {
    const std::string first = variable(get, "SLURM_ARRAY_TASK_MIN").value_or("1");
    const std::string all = variable(get, "SLURM_ARRAY_TASK_COUNT").value_or("");
    std::optional<int> index = count_of(*task);
    if (const std::optional<int> least = count_of(first); index && least)
      *index += 1 - *least;
    else
      index.reset();
    return named("Slurm",
                 checked("SLURM_ARRAY_TASK_ID=" + *task + ", _MIN=" + first + ", _COUNT=" + all,
                         index, count ? count : count_of(all)));
  }
  if (const auto task = variable(get, "JOB_COMPLETION_INDEX")) {
    const std::string what = "JOB_COMPLETION_INDEX=" + *task;
    if (!count)
      return no_shard(what, "Kubernetes does not tell how many there are",
                      "give the Job's completions: --shard /4");
    std::optional<int> index = count_of(*task);
    if (index) ++*index;
    return named("Kubernetes", checked(what, index, count));
  }
  if (count_only)
    return no_shard("--shard " + argument, "nothing here says which of them this is", kWrite);
  return ChosenShard{};
}

}  // namespace wme::scenarios
