#include "cli/certificate_gate.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/certificates.hpp"
#include "cli/commands/commands.hpp"
#include "model/certificate/certificate_json.hpp"

namespace wme::cli {

namespace {

constexpr std::size_t kReasonBytesMin = 10;  // "because" is no reason
constexpr std::size_t kReasonBytesMax = 500;

Result<Authority> broken_glass(const std::string& reason) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (reason.size() < kReasonBytesMin || reason.size() > kReasonBytesMax ||
      std::ranges::any_of(reason, is_control))
    return Error{ErrorCode::kInvalid,
                 "--break-glass: say why on one line of 10 to 500 bytes; it stands in the journal "
                 "for ever"};
  return Authority{{"break-glass", reason}};
}

Authority authority_of(const model::Certificate& certificate) {
  Authority made{{"certificate", certificate_digest(certificate)}};
  std::string approvers;
  for (const model::Signature& each : certificate.signatures) {
    const std::string person = each.name + " " + each.key.fingerprint();
    if (each.role == model::Role::kAuthor)
      made["author"] = person;
    else
      approvers += (approvers.empty() ? "" : ", ") + person;
  }
  if (!approvers.empty()) made["approvers"] = approvers;
  return made;
}

}  // namespace

void add_gate_options(CLI::App& command, GateOptions& options) {
  command
      .add_option("-c,--certificate", options.certificate,
                  "What `rehydrate verify --certificate` wrote")
      ->type_name("FILE");
  add_trust_options(command, options.trusted, options.quorum);
  command
      .add_option("--break-glass", options.break_glass,
                  "Run without a certificate; the reason goes into the journal, for ever")
      ->type_name("REASON");
}

Result<Authority> authority_for(const GateOptions& options, const ReadPlan& plan,
                                const ReadInventory& inventory) {
  if (!options.break_glass.empty() && !options.certificate.empty())
    return Error{ErrorCode::kInvalid,
                 "--break-glass is for a run without a certificate: leave one of them out"};
  if (!options.break_glass.empty()) return broken_glass(options.break_glass);
  if (options.certificate.empty())
    return Error{ErrorCode::kRefused,
                 plan.file +
                     ": a plan runs with its certificate only: make one with `rehydrate "
                     "verify " +
                     plan.file + " --inventory " + inventory.file +
                     " --certificate certificate.json --key KEY`, give it with --certificate; in "
                     "an emergency, --break-glass REASON"};
  const Result<model::Certificate> certificate = read_certificate(options.certificate);
  if (!certificate) return certificate.error();
  const Result<ReadTrusted> trusted = read_trusted(options.trusted);
  if (!trusted) return trusted.error();
  const Result<model::Circumstances> circumstances =
      circumstances_of(plan, inventory, trusted.value(), options.quorum, now());
  if (!circumstances) return circumstances.error();
  const std::vector<model::Objection> objections =
      model::check(certificate.value(), circumstances.value());
  if (!objections.empty()) return refused(options.certificate, objections);
  return authority_of(certificate.value());
}

}  // namespace wme::cli
