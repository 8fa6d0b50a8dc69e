#include "model/lint/lint.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"

namespace wme::cli {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kBytesMax = std::size_t{4} << 20U;

struct LintOptions {
  std::vector<std::string> files;
  std::string inventory;
  bool sarif = false;
};

struct LintedFile {
  std::string name;
  std::vector<model::LintFinding> findings;
};

std::string text_of(const std::vector<LintedFile>& files) {
  std::string text;
  std::size_t count = 0;
  for (const LintedFile& file : files)
    for (const model::LintFinding& each : file.findings) {
      ++count;
      text += file.name + ":" + std::to_string(each.line) + ":" + std::to_string(each.column) +
              ": " + each.rule->id + ": " + each.message + "\n  mend: " + each.rule->mend + "\n";
    }
  const std::string looked =
      std::to_string(files.size()) + (files.size() == 1 ? " file" : " files");
  return text + (count == 0 ? "Nothing found in " + looked + "\n"
                            : std::to_string(count) + " found in " + looked + "\n");
}

ordered_json json_of(const std::vector<LintedFile>& files) {
  ordered_json findings = ordered_json::array();
  for (const LintedFile& file : files)
    for (const model::LintFinding& each : file.findings)
      findings.push_back({{"rule", each.rule->id},
                          {"file", file.name},
                          {"line", each.line},
                          {"column", each.column},
                          {"message", each.message},
                          {"mend", each.rule->mend}});
  return {{"schema", "rehydrate/lint/1"}, {"files", files.size()}, {"findings", findings}};
}

/// SARIF 2.1.0: what code hosts and editors read.
ordered_json sarif_of(const std::vector<LintedFile>& files) {
  ordered_json rules = ordered_json::array();
  for (const model::LintRule& rule : model::lint_rules())
    rules.push_back({{"id", rule.id},
                     {"name", rule.name},
                     {"shortDescription", {{"text", rule.about}}},
                     {"help", {{"text", rule.mend + ". Source: " + rule.source}}}});
  ordered_json results = ordered_json::array();
  for (const LintedFile& file : files)
    for (const model::LintFinding& each : file.findings)
      results.push_back(
          {{"ruleId", each.rule->id},
           {"level", "warning"},
           {"message", {{"text", each.message + ". " + each.rule->mend}}},
           {"locations",
            {{{"physicalLocation",
               {{"artifactLocation", {{"uri", file.name}}},
                {"region", {{"startLine", each.line}, {"startColumn", each.column}}}}}}}}});
  const ordered_json driver = {
      {"name", "rehydrate"}, {"version", WME_VERSION}, {"rules", std::move(rules)}};
  return {{"version", "2.1.0"},
          {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
          {"runs", {{{"tool", {{"driver", driver}}}, {"results", std::move(results)}}}}};
}

ExitStatus run_lint(Session& session, const LintOptions& options) {
  model::LintContext context;
  if (!options.inventory.empty()) {
    const Result<ReadInventory> inventory = read_inventory(options.inventory);
    if (!inventory) return session.fail(inventory.error());
    context.addresses = model::addresses_in(inventory.value().text);
  }
  std::vector<LintedFile> files;
  for (const std::string& name : options.files) {
    const Result<std::string> text = read_text(name, "the file to look through", kBytesMax);
    if (!text) return session.fail(text.error());
    context.kind = model::lint_kind_of(name, text.value());
    files.push_back({name, model::lint(text.value(), context)});
  }
  const auto dumped = [](const ordered_json& made) {
    return made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  };
  session.console.result(options.sarif  ? dumped(sarif_of(files))
                         : session.json ? dumped(json_of(files))
                                        : text_of(files));
  const bool clean =
      std::ranges::all_of(files, [](const LintedFile& each) { return each.findings.empty(); });
  return clean ? ExitStatus::kDone : ExitStatus::kFailed;
}

}  // namespace

void add_lint(CLI::App& root, Session& session) {
  CLI::App* command = add_command(
      root, session, "lint", kPrepare,
      "Find the defects of the vendor's pages in fstab, scripts, runbooks, inventories.",
      "  rehydrate lint /etc/fstab runbook.md restore.sh --inventory inventory.yaml\n"
      "  rehydrate lint *.sh --sarif > lint.sarif");
  const auto options = std::make_shared<LintOptions>();
  command->add_option("FILE", options->files, "Files to look through; - for stdin")->required();
  command
      ->add_option("-i,--inventory", options->inventory,
                   "Compare addresses that are typed by hand with this")
      ->type_name("FILE");
  command->add_flag("--sarif", options->sarif, "Print SARIF 2.1.0, for code hosts and editors");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_lint(session, *options); };
  });
}

}  // namespace wme::cli
