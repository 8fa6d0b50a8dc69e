#include <CLI/CLI.hpp>
#include <memory>

#include "cli/campaign_output.hpp"
#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "scenarios/campaign/page/page.hpp"

namespace wme::cli {

namespace {

constexpr std::size_t kResultBytesMax = 256U << 20U;

struct MergeOptions {
  std::vector<std::string> results;
  std::string output;
  std::string junit;
  std::string html;
};

ExitStatus run_merge(Session& session, const MergeOptions& options) {
  std::vector<scenarios::CampaignResult> parts;
  for (const std::string& each : options.results) {
    const Result<std::string> text = read_text(each, "a campaign's result", kResultBytesMax);
    if (!text) return session.fail_unwritten(text.error(), options.output);
    Result<scenarios::CampaignResult> part = scenarios::campaign_result_from(text.value(), each);
    if (!part) return session.fail_unwritten(part.error(), options.output);
    parts.push_back(std::move(part).value());
  }
  const Result<scenarios::CampaignResult> whole = scenarios::merged(parts, options.results);
  if (!whole) return session.fail_unwritten(whole.error(), options.output);
  const std::string text = scenarios::to_json(whole.value());
  const bool to_stdout = options.output == "-";
  if (!options.output.empty() && !to_stdout)
    if (Status written = write_whole(options.output, text); !written)
      return session.fail(written.error());
  if (!options.junit.empty())
    if (Status written = write_whole(options.junit, scenarios::campaign_junit(whole.value()));
        !written)
      return session.fail(written.error());
  if (!options.html.empty())
    if (Status written = write_whole(options.html, scenarios::campaign_html(whole.value(), {}));
        !written)
      return session.fail(written.error());
  session.console.result(
      session.json || to_stdout ? text : campaign_text(session.console, whole.value(), {}));
  return whole.value().failed == 0 ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void add_merge(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "merge", kProve,
      "Add up the results of a campaign's shards: what the whole would have said, byte for byte.",
      "  rehydrate merge out/*/campaign-*-of-4.json -o campaign.json --html campaign.html");
  const auto options = std::make_shared<MergeOptions>();
  command->add_option("RESULT", options->results, "The result of each shard")->required();
  command->add_option("-o,--output", options->output, "Where the whole result goes; -: stdout")
      ->type_name("FILE");
  command->add_option("--junit", options->junit, "Write a JUnit report here")->type_name("FILE");
  command->add_option("--html", options->html, "Write the page here")->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_merge(session, *options); };
  });
}

}  // namespace wme::cli
