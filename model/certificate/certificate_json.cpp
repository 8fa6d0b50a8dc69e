#include "model/certificate/certificate_json.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/json/digest.hpp"
#include "model/json/jcs.hpp"
#include "model/json/json_reader.hpp"

namespace wme::model {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kAgain = "make the certificate again with `rehydrate verify --certificate`";
constexpr long kCountMax = 1L << 53U;  // what every reader of JSON can hold

// ---------------------------------------------------------------------------------- writing

ordered_json json_of(const FileDigests& digests) {
  return {{"content_sha256", digests.content}, {"file_sha256", digests.file}};
}

ordered_json bounds_json(const Certificate& certificate) {
  ordered_json made = {{"faults", certificate.faults}, {"states_max", certificate.states_max}};
  if (const auto& seen = certificate.exploration)
    made["exploration"] = {{"states", seen->states},
                           {"transitions", seen->transitions},
                           {"depth", seen->depth},
                           {"complete", seen->complete}};
  return made;
}

ordered_json properties_json(const Certificate& certificate) {
  ordered_json made = ordered_json::array();
  for (const CertifiedProperty& each : certificate.properties)
    made.push_back({{"id", each.id},
                    {"statement", each.statement},
                    {"verdict", each.verdict},
                    {"how", each.how},
                    {"checks", each.checks}});
  return made;
}

ordered_json body_json(const Certificate& certificate) {
  ordered_json made = {{"tool", certificate.tool},
                       {"issued_at", to_string(certificate.issued_at)},
                       {"not_after", to_string(certificate.not_after)},
                       {"procedure", certificate.procedure},
                       {"installation", certificate.installation},
                       {"provider", certificate.provider},
                       {"version", certificate.version}};
  if (!certificate.target_version.empty()) made["target_version"] = certificate.target_version;
  made["steps"] = certificate.steps;
  if (!certificate.point_of_no_return.empty())
    made["point_of_no_return"] = certificate.point_of_no_return;
  made["plan"] = json_of(certificate.plan);
  made["inventory"] = json_of(certificate.inventory);
  made["model"] = {{"content_sha256", certificate.model}};
  made["verdict"] = certificate.verdict;
  made["bounds"] = bounds_json(certificate);
  made["properties"] = properties_json(certificate);
  made["not_covered"] = ordered_json::array();
  for (const CertifiedGap& each : certificate.not_covered)
    made["not_covered"].push_back({{"rule", each.rule}, {"why", each.why}});
  made["assumed"] = certificate.assumed;
  return made;
}

/// What is signed, less the digest of the certificate and the signature itself.
ordered_json signer_json(const Signature& signature) {
  ordered_json made = {{"role", to_string(signature.role)},
                       {"name", signature.name},
                       {"key", signature.key.base64()},
                       {"at", to_string(signature.at)}};
  if (!signature.comment.empty()) made["comment"] = signature.comment;
  return made;
}

ordered_json signatures_json(const Certificate& certificate) {
  ordered_json made = ordered_json::array();
  for (const Signature& each : certificate.signatures) {
    made.push_back(signer_json(each));
    made.back()["signature"] = to_base64(each.bytes);
  }
  return made;
}

/// Of certificates that were parsed or written: jcs has no objection to them any more.
std::string canonical(const ordered_json& value) {
  const Result<std::string> text = jcs(json(value));
  if (text) return text.value();
  std::cerr << "rehydrate: a certificate without a canonical form: " << text.error().message
            << "\n";
  std::abort();
}

// ---------------------------------------------------------------------------------- reading

bool is_digest(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Reads the parts of one file; what is wrong goes to the reader.
class Parts {
 public:
  explicit Parts(JsonReader& reader) : reader_(reader) {}

  Certificate body(const JsonObject& object);
  std::vector<Signature> signatures(const JsonObject& object);

 private:
  JsonObject inner(const JsonObject& object, std::string_view key,
                   const std::vector<std::string>& required,
                   const std::vector<std::string>& optional = {}) {
    return reader_.object(object.at(key), object.place(key), required, optional);
  }
  long count(const JsonObject& object, std::string_view key) {
    return reader_.number(object, key, 0, kCountMax);
  }
  std::string digest(const JsonObject& object, std::string_view key);
  Instant instant(const JsonObject& object, std::string_view key);
  std::string verdict(const JsonObject& object);
  FileDigests digests(const JsonObject& object, std::string_view key);
  void bounds(const JsonObject& object, Certificate& made);
  void properties(const JsonObject& object, Certificate& made);
  Signature signature(const json& value, const std::string& place);

  JsonReader& reader_;
};

std::string Parts::digest(const JsonObject& object, std::string_view key) {
  std::string text = reader_.text(object, key);
  if (object.has(key) && !is_digest(text))
    reader_.fail(object.place(key), "this is no SHA-256: 64 hexadecimal digits, in lower case",
                 kAgain);
  return text;
}

Instant Parts::instant(const JsonObject& object, std::string_view key) {
  const auto at = instant_from(reader_.text(object, key));
  if (!at && object.has(key))
    reader_.fail(object.place(key), "this is no time such as 2026-11-22T02:00:00Z", kAgain);
  return at.value_or(Instant{});
}

/// Nothing but these two was ever certified.
std::string Parts::verdict(const JsonObject& object) {
  std::string text = reader_.text(object, "verdict");
  if (object.has("verdict") && text != to_string(Verdict::kProved) &&
      text != to_string(Verdict::kExplored))
    reader_.fail(object.place("verdict"), "the verdict is neither 'proved' nor 'explored'", kAgain);
  return text;
}

FileDigests Parts::digests(const JsonObject& object, std::string_view key) {
  const JsonObject found = inner(object, key, {"content_sha256", "file_sha256"});
  return {digest(found, "content_sha256"), digest(found, "file_sha256")};
}

void Parts::bounds(const JsonObject& object, Certificate& made) {
  const JsonObject found = inner(object, "bounds", {"faults", "states_max"}, {"exploration"});
  made.faults = reader_.text(found, "faults");
  made.states_max = count(found, "states_max");
  if (!found.has("exploration")) return;
  const JsonObject seen =
      inner(found, "exploration", {"states", "transitions", "depth", "complete"});
  const json& complete = seen.at("complete");
  if (seen.has("complete") && !complete.is_boolean())
    reader_.fail(seen.place("complete"), "this has to be true or false", kAgain);
  made.exploration =
      CertifiedExploration{count(seen, "states"), count(seen, "transitions"), count(seen, "depth"),
                           complete.is_boolean() && complete.get<bool>()};
}

void Parts::properties(const JsonObject& object, Certificate& made) {
  for (const json& value : reader_.list(object, "properties")) {
    const JsonObject found = reader_.object(
        value, object.place("properties") + "/" + std::to_string(made.properties.size()),
        {"id", "statement", "verdict", "how", "checks"}, {});
    made.properties.push_back({reader_.text(found, "id"), reader_.text(found, "statement"),
                               verdict(found), reader_.text(found, "how", JsonReader::kMayBeEmpty),
                               count(found, "checks")});
  }
  for (const json& value : reader_.list(object, "not_covered")) {
    const JsonObject found = reader_.object(
        value, object.place("not_covered") + "/" + std::to_string(made.not_covered.size()),
        {"rule", "why"}, {});
    made.not_covered.push_back({reader_.text(found, "rule"), reader_.text(found, "why")});
  }
  made.assumed = reader_.texts(object, "assumed");
}

Certificate Parts::body(const JsonObject& object) {
  Certificate made;
  made.tool = reader_.text(object, "tool");
  made.issued_at = instant(object, "issued_at");
  made.not_after = instant(object, "not_after");
  made.procedure = reader_.text(object, "procedure");
  made.installation = reader_.text(object, "installation");
  made.provider = reader_.text(object, "provider");
  made.version = reader_.text(object, "version");
  made.target_version = reader_.text(object, "target_version");
  made.steps = count(object, "steps");
  made.point_of_no_return = reader_.text(object, "point_of_no_return");
  made.plan = digests(object, "plan");
  made.inventory = digests(object, "inventory");
  made.model = digest(inner(object, "model", {"content_sha256"}), "content_sha256");
  made.verdict = verdict(object);
  bounds(object, made);
  properties(object, made);
  return made;
}

Signature Parts::signature(const json& value, const std::string& place) {
  const JsonObject found =
      reader_.object(value, place, {"role", "name", "key", "at", "signature"}, {"comment"});
  Signature made;
  const std::string role = reader_.text(found, "role");
  if (role == to_string(Role::kApprover))
    made.role = Role::kApprover;
  else if (found.has("role") && role != to_string(Role::kAuthor))
    reader_.fail(found.place("role"), "the role is neither 'author' nor 'approver'", kAgain);
  made.name = reader_.text(found, "name");
  if (found.has("name") && !is_person(made.name))
    reader_.fail(found.place("name"), "this is no name: " + std::string(kPersonForm), kAgain);
  const auto key = public_key_from(reader_.text(found, "key"));
  if (found.has("key") && !key)
    reader_.fail(found.place("key"), "this is no Ed25519 key: 32 bytes in base64", kAgain);
  if (key) made.key = *key;
  made.at = instant(found, "at");
  made.comment = reader_.text(found, "comment");
  if (made.comment.size() > kCommentBytesMax)
    reader_.fail(found.place("comment"), "the comment is too long", kAgain);
  const auto bytes = from_base64(reader_.text(found, "signature"));
  if (found.has("signature") && (!bytes || bytes->size() != 64))
    reader_.fail(found.place("signature"), "this is no signature: 64 bytes in base64", kAgain);
  made.bytes = bytes.value_or("");
  return made;
}

std::vector<Signature> Parts::signatures(const JsonObject& object) {
  const json& list = reader_.list(object, "signatures");
  std::vector<Signature> made;
  if (list.size() > kSignaturesMax) {
    reader_.fail(object.place("signatures"), "there are more than 100 signatures", kAgain);
    return made;
  }
  for (const json& value : list)
    made.push_back(
        signature(value, object.place("signatures") + "/" + std::to_string(made.size())));
  const auto authors = std::ranges::count(made, Role::kAuthor, &Signature::role);
  if (object.has("signatures") && (authors != 1 || made.front().role != Role::kAuthor))
    reader_.fail(object.place("signatures"),
                 "there has to be one author, and it has to come first: there are " +
                     std::to_string(authors),
                 kAgain);
  return made;
}

/// "LINE:COLUMN" of the first byte in which the texts differ.
std::string first_difference(std::string_view text, std::string_view other) {
  const auto [at, _] = std::ranges::mismatch(text, other);
  const std::string_view before = text.substr(0, static_cast<std::size_t>(at - text.begin()));
  const std::size_t start = before.rfind('\n');
  return std::to_string(std::ranges::count(before, '\n') + 1) + ":" +
         std::to_string(start == std::string_view::npos ? before.size() + 1
                                                        : before.size() - start);
}

std::string guess(std::string_view text) {
  if (text.find("rehydrate/inventory/") != std::string_view::npos)
    return "this looks like an inventory: give the certificate";
  return std::string("the file may have been cut off or changed by hand: ") + kAgain;
}

}  // namespace

Result<std::string> to_certificate_json(const Certificate& certificate) {
  const ordered_json whole = {{"schema", kCertificateSchema},
                              {"body", body_json(certificate)},
                              {"signatures", signatures_json(certificate)}};
  if (const Result<std::string> sound = jcs(json(whole)); !sound)
    return Error{sound.error().code, "certificate: " + sound.error().message};
  return whole.dump(2) + "\n";
}

std::string certificate_digest(const Certificate& certificate) {
  return sha256_hex(canonical({{"schema", kCertificateSchema}, {"body", body_json(certificate)}}));
}

std::string signed_message(const std::string& digest, const Signature& signature) {
  ordered_json message = signer_json(signature);
  message["schema"] = kSignatureSchema;
  message["certificate_sha256"] = digest;
  return canonical(message);
}

Result<Certificate> parse_certificate(std::string_view text, std::string_view file) {
  JsonReader reader(file, kAgain);
  const Result<json> document = reader.parse(text, guess(text));
  if (!document) return document.error();
  const JsonObject whole =
      reader.object(document.value(), "", {"schema", "body", "signatures"}, {}, kCertificateSchema);
  if (reader.failed()) return reader.error();
  const JsonObject body =
      reader.object(whole.at("body"), "/body",
                    {"tool", "issued_at", "not_after", "procedure", "installation", "provider",
                     "version", "steps", "plan", "inventory", "model", "verdict", "bounds",
                     "properties", "not_covered", "assumed"},
                    {"target_version", "point_of_no_return"});
  if (reader.failed()) return reader.error();
  Parts parts(reader);
  Certificate made = parts.body(body);
  made.signatures = parts.signatures(whole);
  if (reader.failed()) return reader.error();
  const Result<std::string> rewritten = to_certificate_json(made);
  if (!rewritten)
    return Error{ErrorCode::kInvalid, std::string(file) + ": " + rewritten.error().message};
  if (rewritten.value() != text)
    return Error{ErrorCode::kInvalid,
                 std::string(file) + ":" + first_difference(text, rewritten.value()) +
                     ": the file is not as `rehydrate` writes it from here on: white space, order "
                     "or spelling was changed; get the file again from whoever signed it"};
  return made;
}

}  // namespace wme::model
