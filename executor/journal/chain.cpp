#include "executor/journal/chain.hpp"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {
namespace {

using nlohmann::json;

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  // Fails only where the process cannot go on anyway: no memory, or OpenSSL without SHA-256.
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("journal: OpenSSL cannot compute SHA-256");
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += kDigits[digest[i] >> 4U];
    hex += kDigits[digest[i] & 15U];
  }
  return hex;
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Valid UTF-8 without NUL.
std::string clean(const std::string& text) {
  bool plain = true;
  for (const char c : text) plain = plain && c >= ' ' && c <= '~';
  if (plain) return text;
  std::string valid = json::parse(dump(json(text))).get<std::string>();
  for (std::size_t at = valid.find('\0'); at != std::string::npos; at = valid.find('\0', at))
    valid.replace(at, 1, "\xEF\xBF\xBD");
  return valid;
}

json cleaned(const std::vector<std::string>& texts) {
  json array = json::array();
  for (const std::string& text : texts) array.push_back(clean(text));
  return array;
}

json to_json(const std::vector<Observation>& observed) {
  json array = json::array();
  for (const Observation& one : observed)
    array.push_back({{"fluent", clean(one.variable.fluent)},
                     {"arguments", cleaned(one.variable.arguments)},
                     {"value", one.value ? json(clean(*one.value)) : json(nullptr)},
                     {"detail", clean(one.detail)}});
  return array;
}

json to_json(const std::map<std::string, std::string>& details) {
  json object = json::object();
  for (const auto& [name, value] : details) object[clean(name)] = clean(value);
  return object;
}

std::string chained(const std::string& previous_hash, const Row& row) {
  return sha256(previous_hash + '\n' + canonical_line(row));
}

std::string sealed(const Row& row) { return sha256(row.hash + '\n' + row.wall_clock); }

Error damage(const Row& row, const std::string& what) {
  return {ErrorCode::kFailed,
          "journal: the chain breaks at entry " + std::to_string(row.sequence) + ": " + what};
}

bool all_strings(const json& values) {
  bool strings = true;
  for (const json& value : values) strings = strings && value.is_string();
  return strings;
}

bool is_observation(const json& value) {
  if (!value.is_object() || value.size() != 4) return false;
  for (const char* key : {"arguments", "detail", "fluent", "value"})
    if (!value.contains(key)) return false;
  const json& read = value["value"];
  return value["fluent"].is_string() && value["detail"].is_string() &&
         (read.is_string() || read.is_null()) && value["arguments"].is_array() &&
         all_strings(value["arguments"]);
}

/// The column as JSON, if it is written exactly as `dump` writes it: of two spellings of one value
/// the hash would vouch for only one.
std::optional<json> canonical(const std::string& column) {
  json value = json::parse(column, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded() || dump(value) != column) return std::nullopt;
  return value;
}

}  // namespace

std::string genesis_hash() { return sha256(kJournalSchema); }

std::string canonical_line(const Row& row) {
  const auto quoted = [](const std::string& text) { return dump(json(text)); };
  return "{\"sequence\":" + std::to_string(row.sequence) + ",\"at\":" + quoted(row.at) +
         ",\"kind\":" + quoted(row.kind) + ",\"step\":" + quoted(row.step) +
         ",\"action\":" + quoted(row.action) + ",\"arguments\":" + row.arguments +
         ",\"token\":" + quoted(row.token) + ",\"text\":" + quoted(row.text) +
         ",\"observed\":" + row.observed + ",\"details\":" + row.details + "}";
}

Row encode(long long sequence, const std::string& previous_hash, const Entry& entry,
           TimePoint wall_clock) {
  Row row;
  row.sequence = sequence;
  row.at = rfc3339(entry.at);
  row.kind = to_string(entry.kind);
  row.step = clean(entry.step);
  row.action = clean(entry.action);
  row.arguments = dump(cleaned(entry.arguments));
  row.token = clean(entry.token);
  row.text = clean(entry.text);
  row.observed = dump(to_json(entry.observed));
  row.details = dump(to_json(entry.details));
  row.hash = chained(previous_hash, row);
  row.wall_clock = rfc3339(wall_clock);
  row.wall_seal = sealed(row);
  return row;
}

Result<Entry> decode(const Row& row) {
  const auto at = time_from_rfc3339(row.at);
  if (!at) return damage(row, "its time is no RFC 3339 time: " + row.at);
  if (!time_from_rfc3339(row.wall_clock))
    return damage(row, "its wall clock is no RFC 3339 time: " + row.wall_clock);
  const auto kind = entry_kind_from(row.kind);
  if (!kind) return damage(row, "its kind is unknown: " + row.kind);
  const auto arguments = canonical(row.arguments);
  if (!arguments || !arguments->is_array() || !all_strings(*arguments))
    return damage(row, "its arguments are no JSON array of strings");
  const auto details = canonical(row.details);
  if (!details || !details->is_object() || !all_strings(*details))
    return damage(row, "its details are no JSON object of strings");
  const auto observed = canonical(row.observed);
  if (!observed || !observed->is_array()) return damage(row, "its observations are no JSON array");
  Entry entry{*at, *kind, row.step, row.action, *arguments, row.token, row.text, {}, *details};
  for (const json& one : *observed) {
    if (!is_observation(one)) return damage(row, "one of its observations has another form");
    Observation observation{{one["fluent"], one["arguments"]}, std::nullopt, one["detail"]};
    if (one["value"].is_string()) observation.value = one["value"].get<std::string>();
    entry.observed.push_back(std::move(observation));
  }
  return entry;
}

Result<ChainEnd> verify(const std::vector<Row>& rows) {
  ChainEnd end{0, genesis_hash()};
  for (const Row& row : rows) {
    if (row.sequence != end.entries + 1)
      return damage(row, "entry " + std::to_string(end.entries + 1) + " should stand here");
    if (row.hash != chained(end.hash, row))
      return damage(row, "its content, or the hash of the entry before it, was changed");
    if (row.wall_seal != sealed(row)) return damage(row, "its wall clock was changed");
    if (const auto entry = decode(row); !entry) return entry.error();
    end = {row.sequence, row.hash};
  }
  return end;
}

}  // namespace wme::executor
