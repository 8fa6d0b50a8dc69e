#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/certificates.hpp"
#include "cli/commands/commands.hpp"
#include "cli/files.hpp"
#include "model/certificate/certificate_json.hpp"
#include "model/certificate/model_json.hpp"
#include "model/json/plan_json.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

using nlohmann::ordered_json;

struct CertificateOptions {
  std::string certificate;
  std::string plan;
  std::string inventory;
  std::string trusted;
  std::string at;
  int quorum = 0;
};

ExitStatus run_show(Session& session, const CertificateOptions& options) {
  const Result<model::Certificate> read = read_certificate(options.certificate);
  if (!read) return session.fail(read.error());
  if (!session.json) {
    session.console.result(certificate_text(read.value()));
    session.console.note("Shown, not checked: rehydrate certificate check\n");
    return ExitStatus::kDone;
  }
  const Result<std::string> text = to_certificate_json(read.value());
  if (!text) return session.fail(text.error());
  session.console.result(ordered_json{{"schema", "rehydrate/certificate-shown/1"},
                                      {"certificate_sha256", certificate_digest(read.value())},
                                      {"certificate", ordered_json::parse(text.value())}}
                             .dump(2) +
                         "\n");
  return ExitStatus::kDone;
}

std::string check_json(const model::Certificate& certificate,
                       const std::vector<model::Objection>& objections, model::Instant at) {
  ordered_json reasons = ordered_json::array();
  for (const model::Objection& each : objections)
    reasons.push_back({{"reason", to_string(each.refusal)}, {"sentence", each.sentence}});
  ordered_json people = ordered_json::array();
  for (const model::Signature& each : certificate.signatures)
    people.push_back({{"role", to_string(each.role)},
                      {"name", each.name},
                      {"key", each.key.base64()},
                      {"at", model::to_string(each.at)}});
  return ordered_json{{"schema", "rehydrate/certificate-check/1"},
                      {"valid", objections.empty()},
                      {"at", model::to_string(at)},
                      {"certificate_sha256", certificate_digest(certificate)},
                      {"not_after", model::to_string(certificate.not_after)},
                      {"objections", reasons},
                      {"signatures", people}}
             .dump(2) +
         "\n";
}

ExitStatus tell_check(Session& session, const CertificateOptions& options,
                      const model::Certificate& certificate,
                      const std::vector<model::Objection>& objections, model::Instant at) {
  if (!objections.empty()) session.console.error(refused(options.certificate, objections));
  if (session.json)
    session.console.result(check_json(certificate, objections, at));
  else if (objections.empty())
    session.console.result(session.console.toned(Console::Tone::kGood, "VALID") + "  at " +
                           model::to_string(at) + "\n" + certificate_text(certificate));
  return objections.empty() ? ExitStatus::kDone : ExitStatus::kRefused;
}

ExitStatus run_check(Session& session, const CertificateOptions& options) {
  const auto at = options.at.empty() ? std::optional(now()) : model::instant_from(options.at);
  if (!at)
    return session.fail(
        {ErrorCode::kInvalid, "--at '" + options.at + "' is no time such as 2026-11-22T02:00:00Z"});
  const Result<model::Certificate> certificate = read_certificate(options.certificate);
  if (!certificate) return session.fail(certificate.error());
  const Result<ReadPlan> plan = read_plan(options.plan);
  if (!plan) return session.fail(plan.error());
  const Result<ReadInventory> inventory = read_inventory(options.inventory);
  if (!inventory) return session.fail(inventory.error());
  const Result<ReadTrusted> trusted = read_trusted(options.trusted);
  if (!trusted) return session.fail(trusted.error());
  const Result<model::Circumstances> circumstances =
      circumstances_of(plan.value(), inventory.value(), trusted.value(), options.quorum, *at);
  if (!circumstances) return session.fail(circumstances.error());
  return tell_check(session, options, certificate.value(),
                    model::check(certificate.value(), circumstances.value()), *at);
}

/// What a digest is taken of, byte for byte, for whoever wants to take it himself.
Result<std::string> canonical_text(const std::string& what, const std::string& file) {
  if (what == "model") return model::model_json();
  if (file.empty())
    return Error{ErrorCode::kInvalid, "canonical " + what + ": name the file of the " + what};
  if (what == "plan") {
    const Result<ReadPlan> plan = read_plan(file);
    if (!plan) return plan.error();
    return model::canonical_json(plan.value().plan);
  }
  const Result<ReadInventory> inventory = read_inventory(file);
  if (!inventory) return inventory.error();
  return scenarios::canonical_json(inventory.value().inventory);
}

void add_show_certificate(CLI::App& family, Session& session) {
  CLI::App* command =
      add_command(family, session, "show", "Commands", "Print what a certificate says.",
                  "  rehydrate certificate show certificate.json");
  const auto options = std::make_shared<CertificateOptions>();
  command->add_option("CERTIFICATE", options->certificate, "What `rehydrate verify` wrote")
      ->required();
  command->callback([&session, options] {
    session.run = [&session, options] { return run_show(session, *options); };
  });
}

void add_check_certificate(CLI::App& family, Session& session) {
  CLI::App* command = add_command(
      family, session, "check", "Commands",
      "Check digests, signatures, validity and approvals. Needs no network.",
      "  rehydrate certificate check certificate.json --plan plan.json --inventory inventory.yaml");
  const auto options = std::make_shared<CertificateOptions>();
  command->add_option("CERTIFICATE", options->certificate, "What `rehydrate verify` wrote")
      ->required();
  command->add_option("--plan", options->plan, "The plan that shall run")
      ->type_name("FILE")
      ->required();
  command->add_option("-i,--inventory", options->inventory, "The inventory it shall run with")
      ->type_name("FILE")
      ->required();
  add_trust_options(*command, options->trusted, options->quorum);
  command->add_option("--at", options->at, "As of this time, 2026-11-22T02:00:00Z; now without")
      ->type_name("TIME");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_check(session, *options); };
  });
}

void add_canonical(CLI::App& family, Session& session) {
  CLI::App* command = add_command(family, session, "canonical", "Commands",
                                  "Print the canonical JSON that a content digest is taken of.",
                                  "  rehydrate certificate canonical plan plan.json | sha256sum\n"
                                  "  rehydrate certificate canonical model | sha256sum");
  const auto what = std::make_shared<std::string>();
  const auto file = std::make_shared<std::string>();
  command->add_option("WHAT", *what, "plan, inventory or model")
      ->required()
      ->check(CLI::IsMember({"plan", "inventory", "model"}));
  command->add_option("FILE", *file, "Of the plan or inventory");
  command->callback([&session, what, file] {
    session.run = [&session, what, file] {
      const Result<std::string> text = canonical_text(*what, *file);
      if (!text) return session.fail(text.error());
      session.console.result(text.value());
      return ExitStatus::kDone;
    };
  });
}

}  // namespace

void add_trust_options(CLI::App& command, std::string& trusted, int& quorum) {
  command
      .add_option("--trusted", trusted,
                  "The keys that count; else REHYDRATE_TRUSTED_KEYS, else "
                  "~/.config/rehydrate/trusted-keys")
      ->type_name("FILE");
  command
      .add_option("--quorum", quorum,
                  "At least so many approvals; the trusted keys may ask for more")
      ->type_name("N")
      ->check(CLI::Range(0, model::kQuorumMax));
}

void add_certificate(CLI::App& root, Session& session) {
  CLI::App* family = add_family(
      root, "certificate", kProve, "Show or check the certificate of a plan.",
      "  rehydrate certificate show certificate.json\n"
      "  rehydrate certificate check certificate.json --plan plan.json --inventory inventory.yaml");
  add_show_certificate(*family, session);
  add_check_certificate(*family, session);
  add_canonical(*family, session);
}

}  // namespace wme::cli
