#include "cli/certificates.hpp"

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>

#include "cli/files.hpp"
#include "model/certificate/certificate_json.hpp"
#include "model/certificate/model_json.hpp"
#include "model/json/digest.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

constexpr std::size_t kKeyBytesMax = 1U << 16U;
constexpr std::size_t kTrustedBytesMax = 1U << 20U;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Result<std::string> usual_trusted_file() {
  if (std::string file = environment("REHYDRATE_TRUSTED_KEYS"); !file.empty()) return file;
  std::string folder = environment("XDG_CONFIG_HOME");
  if (folder.empty() && !environment("HOME").empty()) folder = environment("HOME") + "/.config";
  if (!folder.empty()) return folder + "/rehydrate/trusted-keys";
  return Error{ErrorCode::kInvalid,
               "neither REHYDRATE_TRUSTED_KEYS nor HOME is set: name the file with the trusted "
               "keys with --trusted FILE"};
}

std::string line(const std::string& label, const std::string& text) {
  std::string made = "  " + label;
  made.resize(18, ' ');
  return made + text + "\n";
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string bounds_text(const model::Certificate& certificate) {
  const std::string& text = certificate.faults;
  if (const auto& seen = certificate.exploration)
    return text + "; " + std::to_string(seen->states) + " states and " +
           std::to_string(seen->transitions) + " events explored" +
           (seen->complete ? ", all there are" : ", then a bound was met");
  return text + "; by the order of the steps alone, no states explored";
}

std::string person(const model::Signature& signature) {
  return signature.name + ", key " + signature.key.fingerprint() + ", " +
         model::to_string(signature.at) +
         (signature.comment.empty() ? "" : ": " + signature.comment);
}

}  // namespace

model::Instant now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

Result<model::SigningKey> read_key(const std::string& path) {
  struct stat about {};
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if (::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & kOthers) != 0)
    return Error{ErrorCode::kRefused, path + ": others may read this private key; chmod 600 " +
                                          path + ", or make a new one if somebody may have"};
  Result<std::string> text = read_text(path, "the private key", kKeyBytesMax);
  if (!text) return text.error();
  Result<model::SigningKey> key = model::SigningKey::from_pem(text.value(), path);
  model::wipe(text.value());
  return key;
}

Result<ReadTrusted> read_trusted(const std::string& path) {
  const Result<std::string> file = path.empty() ? usual_trusted_file() : Result<std::string>(path);
  if (!file) return file.error();
  const Result<std::string> text = read_text(file.value(), "the trusted keys", kTrustedBytesMax);
  if (!text)
    return Error{text.error().code,
                 text.error().message +
                     "; it holds the lines of FILE.pub that `rehydrate keygen` wrote, and is "
                     "named with --trusted or REHYDRATE_TRUSTED_KEYS"};
  Result<model::TrustedKeys> keys = model::parse_trusted_keys(text.value(), file.value());
  if (!keys) return keys.error();
  return ReadTrusted{file.value(), std::move(keys).value()};
}

Result<model::Certificate> read_certificate(const std::string& path) {
  const Result<std::string> text = read_text(path, "the certificate", model::kCertificateBytesMax);
  if (!text) return text.error();
  return model::parse_certificate(text.value(), path == "-" ? "stdin" : path);
}

Status write_certificate(const std::string& path, const model::Certificate& certificate) {
  const Result<std::string> text = to_certificate_json(certificate);
  if (!text) return Error{text.error().code, path + ": " + text.error().message};
  // What cannot be read back would be found out on the day when it is needed.
  if (const auto read = model::parse_certificate(text.value(), path); !read) return read.error();
  return write_whole(path, text.value());
}

model::FileDigests digests_of(const ReadPlan& plan) {
  return model::digests_of(plan.plan, plan.text);
}

Result<model::FileDigests> digests_of(const ReadInventory& inventory) {
  const Result<std::string> content = scenarios::canonical_json(inventory.inventory);
  if (!content) return content.error();
  return model::FileDigests{model::sha256_hex(content.value()), model::sha256_hex(inventory.text)};
}

Result<model::Circumstances> circumstances_of(const ReadPlan& plan, const ReadInventory& inventory,
                                              const ReadTrusted& trusted, int quorum,
                                              model::Instant at) {
  const Result<model::FileDigests> there = digests_of(inventory);
  if (!there) return there.error();
  return model::Circumstances{{plan.file, digests_of(plan)},
                              {inventory.file, there.value()},
                              model::model_digest(),
                              trusted.keys,
                              trusted.file,
                              quorum,
                              at};
}

std::string certificate_text(const model::Certificate& certificate) {
  std::string proved = counted(certificate.properties.size(), "property", "properties");
  for (const char* verdict : {"proved", "explored"}) {
    std::size_t count = 0;
    for (const model::CertifiedProperty& each : certificate.properties)
      if (each.verdict == verdict) ++count;
    if (count > 0) proved += ", " + std::to_string(count) + " " + verdict;
  }
  std::string text =
      "Certificate " + certificate_digest(certificate) + "\n" +
      line("Plan",
           certificate.procedure + " " + certificate.installation + " (" + certificate.provider +
               ", " + certificate.version +
               (certificate.target_version.empty() ? "" : " to " + certificate.target_version) +
               "), " + counted(static_cast<std::size_t>(certificate.steps), "step", "steps")) +
      line("No way back", certificate.point_of_no_return.empty()
                              ? "there is one from every step"
                              : "from step " + certificate.point_of_no_return) +
      line("Verdict", certificate.verdict + ": " + proved) +
      line("Bounds", bounds_text(certificate)) +
      line("Valid", model::to_string(certificate.issued_at) + " to " +
                        model::to_string(certificate.not_after)) +
      line("Plan file", certificate.plan.file) +
      line("Inventory file", certificate.inventory.file) + line("Model", certificate.model) +
      line("Made by", certificate.tool);
  if (!certificate.not_covered.empty())
    text += line("Not covered", counted(certificate.not_covered.size(), "rule", "rules") +
                                    " that no plan can show (--json lists them)");
  for (const std::string& each : certificate.assumed)
    text += line("Assumed", "not to happen, for no plan could help: " + each);
  for (const model::Signature& each : certificate.signatures)
    text += line(each.role == model::Role::kAuthor ? "Author" : "Approved by", person(each));
  return text;
}

}  // namespace wme::cli
