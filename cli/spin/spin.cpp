#include "cli/spin/spin.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/spin/child.hpp"

namespace wme::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPackages = "apt-get install spin gcc";

/// The end of a program's output, where the reason is.
std::string last_words(std::string_view output) {
  constexpr std::size_t kBytesMax = 600;
  const std::size_t from = output.size() > kBytesMax ? output.size() - kBytesMax : 0;
  std::string text(output.substr(from));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "it said nothing" : text;
}

/// One program after the other, in one folder.
class Workshop {
 public:
  Workshop(fs::path folder, ChildLimits limits)
      : folder_(std::move(folder)), limits_(std::move(limits)) {}

  /// The output of a program that must succeed.
  Result<std::string> run(const std::vector<std::string>& words) const {
    Result<ChildEnd> end = run_child(words, folder_, limits_);
    if (!end) return end.error();
    if (end.value().status != 0)
      return Error{ErrorCode::kFailed, words.front() + " failed with status " +
                                           std::to_string(end.value().status) + ": " +
                                           last_words(end.value().output)};
    return std::move(end.value().output);
  }

  Status write(const std::string& name, std::string_view text) const {
    std::ofstream file(folder_ / name, std::ios::binary);
    file << text;
    file.close();
    if (!file)
      return Error{ErrorCode::kFailed, "the model could not be written to " +
                                           (folder_ / name).string() + ": is the disk full?"};
    return Done{};
  }

 private:
  fs::path folder_;
  ChildLimits limits_;
};

/// The number that ends right before `words` in the output.
std::optional<std::size_t> number_before(std::string_view output, std::string_view words) {
  const std::size_t at = output.find(words);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t start = output.find_last_of(" \n", at - 1) + 1;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(output.data() + start, output.data() + at, number);
  // Large numbers come rounded, as 1.2345679e+08: no use here.
  if (error != std::errc() || end != output.data() + at) return std::nullopt;
  return number;
}

/// Why the search was not complete, in SPIN's words; empty if it was.
std::string reason_to_stop(std::string_view output) {
  for (const std::string_view reason :
       {"max search depth too small", "out of memory", "reached -DMEMLIM bound",
        "Search not completed", "hash-table full"})
    if (output.find(reason) != std::string_view::npos) return "SPIN: " + std::string(reason);
  return "";
}

/// What the lines "pan:N: … (at depth N)" speak of. Error kFailed: something else than assertions.
Result<std::set<std::string>> violations_in(std::string_view output,
                                            const std::vector<std::string>& properties) {
  std::set<std::string> found;
  for (std::size_t at = output.find("pan:"); at != std::string_view::npos;
       at = output.find("pan:", at + 1)) {
    const std::string_view line = output.substr(at, output.find('\n', at) - at);
    if (line.find("(at depth") == std::string_view::npos) continue;
    constexpr std::string_view kTold = "assertion violated (told[";
    const std::size_t told = line.find(kTold);
    std::size_t number = properties.size();
    if (told != std::string_view::npos)
      std::from_chars(line.data() + told + kTold.size(), line.data() + line.size(), number);
    if (number >= properties.size()) {
      if (line.find("max search depth") != std::string_view::npos) continue;
      return Error{ErrorCode::kFailed,
                   "SPIN reports what no plan should lead to: " + std::string(line) +
                       "; a defect of the export, please report it"};
    }
    found.insert(properties[number]);
  }
  return found;
}

/// Exact: every state is stored as it is.
std::vector<std::string> compilation(const SpinOptions& options) {
  constexpr std::size_t kWorthOptimizing = 500'000;
  return {"cc",
          "-w",
          options.states_expected < kWorthOptimizing ? "-O0" : "-O2",
          "-DSAFETY",
          "-DNOREDUCE",
          "-DMEMLIM=" + std::to_string(options.megabytes_max),
          "-DVECTORSZ=16384",
          "-o",
          "pan",
          "pan.c"};
}

/// Of SPIN's hash table: about one slot for each state.
std::size_t table_bits(const SpinOptions& options) {
  constexpr std::size_t kLeast = 16;
  constexpr std::size_t kMost = 30;
  return std::clamp<std::size_t>(std::bit_width(options.states_expected), kLeast, kMost);
}

Result<SpinRun> read_run(std::string_view version, std::string_view output,
                         const std::vector<std::string>& properties) {
  SpinRun made;
  constexpr std::string_view kVersion = "Version ";
  if (const std::size_t word = version.find(kVersion); word != std::string_view::npos) {
    version.remove_prefix(word + kVersion.size());
    made.version = version.substr(0, version.find(' '));
  }
  made.stopped_by = reason_to_stop(output);
  Result<std::set<std::string>> violated = violations_in(output, properties);
  if (!violated) return violated.error();
  made.violated = std::move(violated).value();
  const std::optional<std::size_t> states = number_before(output, " states, stored");
  made.transitions = number_before(output, " transitions (");
  if (!states)
    return Error{ErrorCode::kFailed,
                 "SPIN's verifier did not say how many states it stored, or so many that it rounds "
                 "the number: " +
                     last_words(output)};
  made.states = *states;
  return made;
}

std::string listed(const std::set<std::string>& names, const std::set<std::string>& without) {
  std::string text;
  for (const std::string& name : names)
    if (!without.contains(name)) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Status check_spin_is_there() {
  std::string missing;
  for (const char* program : {"spin", "cc"})
    if (!is_program(program)) missing += (missing.empty() ? "" : " and ") + std::string(program);
  if (missing.empty()) return Done{};
  return Error{ErrorCode::kUnreachable, "--spin needs SPIN and a C compiler, and there is no " +
                                            missing + " on this machine: " + kPackages +
                                            ", or verify without --spin"};
}

Result<SpinRun> run_spin(const model::Promela& promela, const SpinOptions& options) {
  if (const Status there = check_spin_is_there(); !there) return there.error();
  const Result<PrivateFolder> folder = PrivateFolder::make();
  if (!folder) return folder.error();
  ChildLimits limits;
  limits.time_max = options.time_max;
  limits.is_interrupted = options.is_interrupted;
  const Workshop workshop(folder.value().path(), std::move(limits));
  if (const Status written = workshop.write("plan.pml", promela.text); !written)
    return written.error();
  const Result<std::string> version = workshop.run({"spin", "-V"});
  if (!version) return version.error();
  if (const auto made = workshop.run({"spin", "-a", "-o2", "plan.pml"}); !made) return made.error();
  if (const auto built = workshop.run(compilation(options)); !built) return built.error();
  const Result<std::string> searched =
      workshop.run({"./pan", "-c0", "-n", "-w" + std::to_string(table_bits(options)),
                    "-m" + std::to_string(promela.depth_max + 1)});
  if (!searched) return searched.error();
  return read_run(version.value(), searched.value(), promela.properties);
}

std::vector<std::string> differences(const model::Exploration& ours, const SpinRun& theirs) {
  std::vector<std::string> found;
  if (theirs.states != ours.states + model::kPromelaStatesBeside)
    found.push_back("SPIN reaches " + std::to_string(theirs.states) + " states, and we reach " +
                    std::to_string(ours.states) + " and the one before the start");
  // A closed guard that SPIN looks at is a transition to the same state; we take none.
  const bool closed = std::ranges::any_of(ours.violations, [](const auto& each) {
    return each.second.broken.front().kind == model::PropertyKind::kGuard;
  });
  // SPIN counts the initial state as a transition, and the one that leaves it.
  if (!closed && theirs.transitions && *theirs.transitions != ours.transitions + 2)
    found.push_back("SPIN takes " + std::to_string(*theirs.transitions) +
                    " transitions, and we take " + std::to_string(ours.transitions) +
                    " and the two at the start");
  std::set<std::string> mine;
  for (const auto& [property, reached] : ours.violations) mine.insert(property);
  if (const std::string only = listed(theirs.violated, mine); !only.empty())
    found.push_back("only SPIN finds violated: " + only);
  if (const std::string only = listed(mine, theirs.violated); !only.empty())
    found.push_back("only we find violated: " + only);
  return found;
}

}  // namespace wme::cli
