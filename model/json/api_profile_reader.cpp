#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>
#include <utility>

#include "model/json/api_profile.hpp"
#include "model/json/strict_json.hpp"

namespace wme::model {

namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "rehydrate/api-profile/1";

/// Where in the document we are, and what went wrong first. Reading goes on with empty values after
/// an error, so that the code below need not ask at every line.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  void fail(const std::string& place, const std::string& reason_and_mend) {
    if (error_.empty()) error_ = file_ + ": " + place + ": " + reason_and_mend;
  }
  const std::string& error() const { return error_; }

  /// The object `at`, which may have no keys but `known`.
  json object(const json& at, const std::string& place, const std::set<std::string>& known) {
    if (!at.is_object()) {
      fail(place, "is not an object; write { ... }");
      return json::object();
    }
    for (const auto& [key, value] : at.items())
      if (!known.contains(key)) fail(place, "unknown key \"" + key + "\"; remove it");
    return at;
  }

  std::string text(const json& object_at, const char* key, const std::string& place) {
    const auto at = object_at.find(key);
    if (at == object_at.end()) {
      fail(place, std::string("\"") + key + "\" is missing; add it");
    } else if (!at->is_string() || at->get_ref<const std::string&>().empty()) {
      fail(place + "/" + key, "is not a text, or empty; write a text");
    } else {
      return at->get<std::string>();
    }
    return "";
  }

  std::vector<std::string> texts(const json& object_at, const char* key, const std::string& place) {
    const auto at = object_at.find(key);
    std::vector<std::string> found;
    if (at == object_at.end()) return found;
    if (!at->is_array()) fail(place + "/" + key, "is not a list; write [ ... ]");
    for (const json& one : *at) {
      if (one.is_string())
        found.push_back(one.get<std::string>());
      else
        fail(place + "/" + key, "holds something that is not a text; write texts only");
    }
    return found;
  }

  Arguments arguments(const json& object_at, const char* key, const std::string& place) {
    Arguments found;
    const auto at = object_at.find(key);
    if (at == object_at.end()) return found;
    if (!at->is_object()) {
      fail(place + "/" + key, "is not an object; write { \"our word\": \"name in the query\" }");
      return found;
    }
    for (const auto& [word, name] : at->items())
      found.emplace(word, text(*at, word.c_str(), place + "/" + key));
    return found;
  }

 private:
  std::string file_;
  std::string error_;
};

Operation read_operation(Reader& reader, const json& at, const std::string& place) {
  const json entry = reader.object(at, place, {"method", "path", "query", "provenance"});
  Operation operation{reader.text(entry, "method", place), reader.text(entry, "path", place),
                      reader.arguments(entry, "query", place),
                      reader.text(entry, "provenance", place)};
  static const std::set<std::string> methods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  if (!methods.contains(operation.method))
    reader.fail(place + "/method", "is no method; write GET, POST, PUT, PATCH or DELETE");
  if (!operation.path.starts_with('/') || operation.path.ends_with('/') ||
      operation.path.find_first_of("?# ") != std::string::npos ||
      operation.path.find("//") != std::string::npos)
    reader.fail(place + "/path", "is no path; write /like/{this}, the query under \"query\"");
  return operation;
}

Field read_field(Reader& reader, const json& at, const std::string& place) {
  const json entry = reader.object(at, place, {"name", "provenance"});
  return {reader.text(entry, "name", place), reader.text(entry, "provenance", place)};
}

Word read_word(Reader& reader, const json& at, const std::string& place) {
  const json entry = reader.object(at, place, {"text", "also", "provenance"});
  return {reader.text(entry, "text", place), reader.texts(entry, "also", place),
          reader.text(entry, "provenance", place)};
}

Number read_number(Reader& reader, const json& at, const std::string& place) {
  const json entry = reader.object(at, place, {"value", "provenance"});
  const auto value = entry.find("value");
  constexpr unsigned kMax = 1'000'000;
  if (value == entry.end() || !value->is_number_unsigned() || *value > kMax) {
    reader.fail(place + "/value", "is not a whole number from 0 to " + std::to_string(kMax));
    return {};
  }
  return {value->get<int>(), reader.text(entry, "provenance", place)};
}

Choice read_choice(Reader& reader, const json& at, const std::string& place) {
  const json entry = reader.object(at, place, {"value", "of", "provenance"});
  Choice choice{reader.text(entry, "value", place), reader.texts(entry, "of", place),
                reader.text(entry, "provenance", place)};
  if (std::ranges::find(choice.of, choice.value) == choice.of.end())
    reader.fail(place + "/value", "is none of the words under \"of\"; choose one of them");
  return choice;
}

template <class Entry, class ReadEntry>
std::map<std::string, Entry, std::less<>> read_section(Reader& reader, const json& system,
                                                       const char* section,
                                                       const std::string& place, ReadEntry read) {
  std::map<std::string, Entry, std::less<>> entries;
  const std::string here = place + "/" + section;
  const auto at = system.find(section);
  if (at == system.end() || !at->is_object()) {
    reader.fail(here, "is missing, or not an object; write { ... }");
    return entries;
  }
  for (const auto& [key, value] : at->items())
    entries.emplace(key, read(reader, value, here + "/" + key));
  return entries;
}

SystemProfile read_system(Reader& reader, const json& systems, const char* name) {
  const std::string place = std::string("/systems/") + name;
  const auto at = systems.find(name);
  if (at == systems.end()) {
    reader.fail("/systems", std::string("\"") + name + "\" is missing; add it");
    return {};
  }
  const json system =
      reader.object(*at, place, {"operations", "fields", "words", "numbers", "choices"});
  SystemProfile profile;
  profile.operations = read_section<Operation>(reader, system, "operations", place, read_operation);
  profile.fields = read_section<Field>(reader, system, "fields", place, read_field);
  profile.words = read_section<Word>(reader, system, "words", place, read_word);
  profile.numbers = read_section<Number>(reader, system, "numbers", place, read_number);
  profile.choices = read_section<Choice>(reader, system, "choices", place, read_choice);
  return profile;
}

ApiProfile read_profile(Reader& reader, const json& document) {
  const json top = reader.object(document, "/", {"schema", "name", "systems"});
  const std::string schema = reader.text(top, "schema", "/");
  if (schema != kSchema)
    reader.fail("/schema",
                "is \"" + schema + "\"; this program reads \"" + std::string(kSchema) + "\"");
  ApiProfile profile;
  profile.name = reader.text(top, "name", "/");
  if (!top.contains("systems")) reader.fail("/", "\"systems\" is missing; add it");
  const json systems = reader.object(top.value("systems", json::object()), "/systems",
                                     {"launchpad", "licenseService", "configWizard"});
  profile.launchpad = read_system(reader, systems, "launchpad");
  profile.license_service = read_system(reader, systems, "licenseService");
  profile.config_wizard = read_system(reader, systems, "configWizard");
  return profile;
}

template <class Entry>
void same_keys(Reader& reader, const std::string& place,
               const std::map<std::string, Entry, std::less<>>& given,
               const std::map<std::string, Entry, std::less<>>& built_in) {
  for (const auto& [key, entry] : given)
    if (!built_in.contains(key))
      reader.fail(place + "/" + key, "is an entry that nothing reads; remove it");
  for (const auto& [key, entry] : built_in)
    if (!given.contains(key))
      reader.fail(place, "\"" + key + "\" is missing; take it from the built-in profile");
}

std::set<std::string> placeholders(const Operation& operation) {
  std::set<std::string> found;
  for (std::size_t open = operation.path.find('{'); open != std::string::npos;
       open = operation.path.find('{', open + 1))
    found.insert(operation.path.substr(open, operation.path.find('}', open) - open + 1));
  return found;
}

void same_arguments(Reader& reader, const std::string& place, const Operation& given,
                    const Operation& built_in) {
  if (placeholders(given) != placeholders(built_in))
    reader.fail(place + "/path", "has not the placeholders of the built-in " + built_in.path +
                                     "; use each of them, and no other");
  const auto words = [](const Operation& operation) {
    std::set<std::string> found;
    for (const auto& [word, name] : operation.query) found.insert(word);
    return found;
  };
  if (words(given) != words(built_in))
    reader.fail(place + "/query", "has not the words of the built-in entry; use the same ones");
}

void same_shape(Reader& reader, const std::string& name, const SystemProfile& given,
                const SystemProfile& built_in) {
  const std::string place = "/systems/" + name;
  same_keys(reader, place + "/operations", given.operations, built_in.operations);
  same_keys(reader, place + "/fields", given.fields, built_in.fields);
  same_keys(reader, place + "/words", given.words, built_in.words);
  same_keys(reader, place + "/numbers", given.numbers, built_in.numbers);
  same_keys(reader, place + "/choices", given.choices, built_in.choices);
  if (!reader.error().empty()) return;
  for (const auto& [key, operation] : given.operations)
    same_arguments(reader, place + "/operations/" + key, operation, built_in.operation(key));
  for (const auto& [key, choice] : given.choices)
    if (choice.of != built_in.choices.find(key)->second.of)
      reader.fail(place + "/choices/" + key + "/of", "is not the built-in list; copy that one");
}

/// A word with two meanings could not be read back.
void unambiguous(Reader& reader, const std::string& name, const SystemProfile& profile) {
  for (const auto& [key, word] : profile.words) {
    const std::string kind = key.substr(0, key.find('.'));
    std::vector<std::string> texts = word.also;
    texts.push_back(word.text);
    for (const std::string& text : texts)
      if (kind + "." + profile.meaning(kind, text).value_or("") != key)
        reader.fail("/systems/" + name + "/words/" + key,
                    "\"" + text + "\" means something else already; choose another word");
  }
}

Result<ApiProfile> read(std::string_view text, std::string_view name, const ApiProfile* built_in) {
  Result<json> document = parse_strict_json(text, name);
  if (!document) return document.error();
  Reader reader{name};
  ApiProfile profile = read_profile(reader, document.value());
  if (reader.error().empty() && built_in != nullptr) {
    same_shape(reader, "launchpad", profile.launchpad, built_in->launchpad);
    same_shape(reader, "licenseService", profile.license_service, built_in->license_service);
    same_shape(reader, "configWizard", profile.config_wizard, built_in->config_wizard);
  }
  if (reader.error().empty()) {
    unambiguous(reader, "launchpad", profile.launchpad);
    unambiguous(reader, "configWizard", profile.config_wizard);
  }
  if (!reader.error().empty()) return Error{ErrorCode::kInvalid, reader.error()};
  return profile;
}

}  // namespace

const ApiProfile& built_in_api_profile() {
  static const ApiProfile profile = [] {
    Result<ApiProfile> parsed = read(built_in_api_profile_text(), "built-in profile", nullptr);
    if (!parsed) {
      std::cerr << parsed.error().message << '\n';
      std::abort();
    }
    return std::move(parsed).value();
  }();
  return profile;
}

Result<ApiProfile> parse_api_profile(std::string_view text, std::string_view name) {
  return read(text, name, &built_in_api_profile());
}

}  // namespace wme::model
