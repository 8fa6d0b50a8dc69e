#include "model/json/json_reader.hpp"

#include <algorithm>
#include <utility>

#include "model/json/strict_json.hpp"

namespace wme::model {

namespace {

using nlohmann::json;

const json kNothing;
const json kNoList = json::array();
const json kNoObject = json::object();

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// What a file says, fit for a message: short, and harmless to a terminal.
std::string in_quotes(std::string_view text) {
  constexpr std::size_t kBytesMax = 60;
  std::size_t length = std::min(text.size(), kBytesMax);
  while (length < text.size() && length > 0 &&
         (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length;  // not in the middle of a character
  std::string shown(text.substr(0, length));
  std::ranges::replace_if(shown, is_control, '?');
  return "'" + shown + (length < text.size() ? "...'" : "'");
}

const char* kind_of(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "nothing";
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "a list";
    case json::value_t::string:
      return "a text";
    case json::value_t::boolean:
      return "a truth value";
    default:
      return "a number";
  }
}

bool is_name(std::string_view text) {
  constexpr std::size_t kLettersMax = 127;
  const auto alphanumeric = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return !text.empty() && text.size() <= kLettersMax && alphanumeric(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

std::string pointer_token(std::string_view key) {
  std::string token;
  for (const char c : key) {
    if (c == '~')
      token += "~0";
    else if (c == '/')
      token += "~1";
    else
      token += is_control(c) ? '?' : c;
  }
  return token;
}

}  // namespace

bool JsonObject::has(std::string_view key) const {
  return value_->find(std::string(key)) != value_->end();
}

const json& JsonObject::at(std::string_view key) const {
  const auto found = value_->find(std::string(key));
  return found == value_->end() ? kNothing : *found;
}

std::string JsonObject::place(std::string_view key) const {
  return place_ + "/" + pointer_token(key);
}

Result<json> JsonReader::parse(std::string_view text, const std::string& guess) const {
  if (std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\n' || c == '\r'; }))
    return Error{ErrorCode::kInvalid,
                 file_ + ": the file is empty: whatever wrote it did not get that far; " + mend_};
  Result<json> document = parse_strict_json(text, file_);
  if (document) return document;
  return Error{document.error().code, document.error().message + "; " + guess};
}

JsonObject JsonReader::object(const json& value, const std::string& place,
                              const std::vector<std::string>& required,
                              const std::vector<std::string>& optional, std::string_view schema) {
  if (!value.is_object()) {
    fail(place, "this is " + std::string(kind_of(value)) + ": it has to be an object", mend_);
    return {&kNoObject, place};
  }
  const JsonObject made(&value, place);
  if (!schema.empty()) {
    const json& found = made.at("schema");
    if (!found.is_string() || found.get_ref<const std::string&>() != schema) {
      fail(made.place("schema"),
           (found.is_string() ? "the schema is " + in_quotes(found.get_ref<const std::string&>())
                              : "the file does not name its schema") +
               ": only '" + std::string(schema) + "' is read here",
           mend_ + ", or use the version of rehydrate that wrote it");
      return {&kNoObject, place};
    }
  }
  std::vector<std::string> known = required;
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [key, part] : value.items())
    if (std::ranges::find(known, key) == known.end() && (key != "schema" || schema.empty()))
      fail(made.place(key),
           "unknown key " + in_quotes(key) + ": a key that nobody reads would be a silent mistake",
           suggestion(key, known));
  for (const std::string& key : required)
    if (!made.has(key)) fail(place, "there is no '" + key + "': it is required", mend_);
  return made;
}

std::string JsonReader::text_of(const json& value, const std::string& place, bool may_be_empty) {
  if (!value.is_string()) {
    fail(place, "this is " + std::string(kind_of(value)) + ": it has to be a text", mend_);
    return "";
  }
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty() && !may_be_empty)
    fail(place, "the text is empty: it has to say something", mend_);
  if (std::ranges::any_of(text, is_control)) {
    fail(place, in_quotes(text) + " holds a control character: a terminal may obey it", mend_);
    return "";
  }
  return text;
}

std::string JsonReader::name_of(const json& value, const std::string& place) {
  const std::size_t before = failures_;
  const std::string text = text_of(value, place, false);
  if (failures_ != before || is_name(text)) return text;
  fail(
      place,
      in_quotes(text) +
          " is no name: names are letters, digits, '.', '_' and '-', 127 at most, and start with a "
          "letter or a digit",
      mend_);
  return "";
}

std::string JsonReader::text(const JsonObject& object, std::string_view key, bool may_be_empty) {
  return object.has(key) ? text_of(object.at(key), object.place(key), may_be_empty) : "";
}

std::string JsonReader::name(const JsonObject& object, std::string_view key) {
  return object.has(key) ? name_of(object.at(key), object.place(key)) : "";
}

std::vector<std::string> JsonReader::texts(const JsonObject& object, std::string_view key) {
  std::vector<std::string> found;
  for (const json& one : list(object, key))
    found.push_back(text_of(one, object.place(key) + "/" + std::to_string(found.size()), false));
  return found;
}

std::vector<std::string> JsonReader::names(const JsonObject& object, std::string_view key) {
  std::vector<std::string> found;
  for (const json& one : list(object, key))
    found.push_back(name_of(one, object.place(key) + "/" + std::to_string(found.size())));
  return found;
}

long JsonReader::number(const JsonObject& object, std::string_view key, long min, long max) {
  if (!object.has(key)) return min;
  const json& value = object.at(key);
  // An unsigned number may be too large for a long: the library would wrap it around.
  const bool fits = value.is_number_integer() &&
                    (!value.is_number_unsigned() ||
                     value.get<json::number_unsigned_t>() <= static_cast<unsigned long>(max)) &&
                    value.get<long>() >= min && value.get<long>() <= max;
  if (fits) return value.get<long>();
  fail(object.place(key),
       (value.is_number() ? "the number " + value.dump() + " does not fit"
                          : "this is " + std::string(kind_of(value))) +
           ": it has to be a whole number from " + std::to_string(min) + " to " +
           std::to_string(max),
       mend_);
  return min;
}

const json& JsonReader::list(const JsonObject& object, std::string_view key) {
  if (!object.has(key)) return kNoList;
  const json& value = object.at(key);
  if (value.is_array()) return value;
  fail(object.place(key), "this is " + std::string(kind_of(value)) + ": it has to be a list",
       mend_);
  return kNoList;
}

void JsonReader::fail(const std::string& place, const std::string& what_and_why,
                      const std::string& mend) {
  if (++failures_ > kShownMax) return;
  messages_ += (messages_.empty() ? "" : "\n") + file_ + ": " + (place.empty() ? "/" : place) +
               ": " + what_and_why + (mend.empty() ? "" : "; " + mend);
}

Error JsonReader::error() const {
  std::string message = messages_;
  if (failures_ > kShownMax)
    message += "\n" + file_ + ": and " + std::to_string(failures_ - kShownMax) + " more";
  return {ErrorCode::kInvalid, message};
}

}  // namespace wme::model
