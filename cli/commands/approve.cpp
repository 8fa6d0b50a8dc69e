#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/certificates.hpp"
#include "cli/commands/commands.hpp"
#include "model/certificate/certificate_json.hpp"
#include "model/certificate/signing.hpp"

namespace wme::cli {

namespace {

struct ApproveOptions {
  std::string certificate;
  std::string key;
  std::string name;
  std::string comment;
  std::string output;
};

std::string approval_json(const model::Certificate& certificate, const std::string& file) {
  const model::Signature& made = certificate.signatures.back();
  return nlohmann::ordered_json{{"schema", "rehydrate/approval/1"},
                                {"file", file},
                                {"certificate_sha256", certificate_digest(certificate)},
                                {"name", made.name},
                                {"key", made.key.base64()},
                                {"at", model::to_string(made.at)},
                                {"approvals", certificate.signatures.size() - 1}}
             .dump(2) +
         "\n";
}

ExitStatus run_approve(Session& session, const ApproveOptions& options) {
  Result<model::Certificate> certificate = read_certificate(options.certificate);
  if (!certificate) return session.fail(certificate.error());
  const Result<model::SigningKey> key = read_key(options.key);
  if (!key) return session.fail(key.error());
  model::Certificate& signed_one = certificate.value();
  if (Status done = model::approve(signed_one, {key.value(), options.name, options.comment}, now());
      !done)
    return session.fail({done.error().code, options.certificate + ": " + done.error().message});
  const std::string& output = options.output.empty() ? options.certificate : options.output;
  if (Status written = write_certificate(output, signed_one); !written)
    return session.fail(written.error());
  session.console.result(session.json ? approval_json(signed_one, output)
                                      : certificate_text(signed_one));
  session.console.note("Approved in " + output + ".\n");
  return ExitStatus::kDone;
}

}  // namespace

void add_approve(CLI::App& root, Session& session) {
  CLI::App* command =
      add_command(root, session, "approve", kProve,
                  "Approve a certificate: sign the same digest as its author, who cannot.",
                  "  rehydrate certificate show certificate.json\n"
                  "  rehydrate approve certificate.json --key bob.key --comment 'change 4711'");
  const auto options = std::make_shared<ApproveOptions>();
  command->add_option("CERTIFICATE", options->certificate, "What `rehydrate verify` wrote")
      ->required();
  command->add_option("--key", options->key, "Your private key")->type_name("FILE")->required();
  command
      ->add_option("--name", options->name,
                   "Who you are in the trusted keys; the key's file says it, too")
      ->type_name("NAME");
  command->add_option("--comment", options->comment, "One line that is signed with it")
      ->type_name("TEXT");
  command->add_option("-o,--output", options->output, "Write here; without, add to CERTIFICATE")
      ->type_name("FILE");
  command->callback([&session, options] {
    session.run = [&session, options] { return run_approve(session, *options); };
  });
}

}  // namespace wme::cli
