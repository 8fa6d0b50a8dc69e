#include "scenarios/inventory/reader.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "model/english/words.hpp"
#include "scenarios/inventory/inventory_file.hpp"
#include "scenarios/inventory/rows.hpp"
#include "scenarios/inventory/yaml_error.hpp"
#include "scenarios/inventory/yaml_keys.hpp"

namespace wme::scenarios {

namespace {

using YAML::Node;
using Entries = std::map<std::string, Node, std::less<>>;

constexpr std::size_t kTextMax = 4096;
constexpr std::size_t kInstancesMax = 10'000;

/// "instances[3].address" as people read it; the line tells which one.
std::string shown(std::string_view path) {
  std::string text;
  for (const char c : path)
    if (c == ']')
      text.resize(text.rfind('['));
    else
      text += c;
  return text.empty() ? "the file" : text;
}

bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

bool is_truth(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"true", "false", "yes", "no", "on", "off"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

/// What a value is, in words.
std::string_view kind_of(const Node& node) {
  if (!node.IsDefined() || node.IsNull()) return "nothing";
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  const bool plain = node.Tag() == "?";
  if (plain && is_number(node.Scalar())) return "a number";
  if (plain && is_truth(node.Scalar())) return "a truth value";
  return "a text";
}

bool is_secret_reference(std::string_view text) {
  if (text.starts_with("file:")) return text.size() > 5;
  if (text.starts_with("credential:"))
    return text.size() > 11 && text.find('/') == std::string_view::npos && text != "credential:." &&
           text != "credential:..";
  if (!text.starts_with("env:") || text.size() == 4) return false;
  text.remove_prefix(4);
  return !std::isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

/// A wrong value as messages repeat it: not when it may hold "user:password@host".
std::string repeated(const std::string& text) {
  return text.find('@') == std::string::npos ? " '" + text + "'" : "";
}

template <class Owner>
std::vector<std::string> keys_of(const Fields<Owner>& fields) {
  std::vector<std::string> keys;
  for (const Field<Owner>& field : fields) keys.emplace_back(field.key);
  return keys;
}

class Reader {
 public:
  /// `end`: where the file ends, and with it what was cut off.
  Reader(Diagnostics& diagnostics, Place end) : diagnostics_(diagnostics), end_(end) {}

  ReadInventory read(const Node& root);

 private:
  /// What a field asks of its value.
  struct Limits {
    const Form* form = nullptr;
    int least = 0;
    int most = 0;
  };

  void wrong_kind(const Node& node, const std::string& path, std::string_view expected) {
    const std::string_view kind = kind_of(node);
    std::string mend = "correct it";
    if (expected.starts_with("a list")) mend = "write one line with '- ' for each entry";
    if (expected.starts_with("a map")) mend = "write 'key: value' lines, indented, without '- '";
    if (kind == "nothing") mend = "write one behind the key";
    if ((kind == "a number" || kind == "a truth value") && expected == "a text")
      mend = "put it in quotes if it is meant so";
    diagnostics_.add(
        place_of(node),
        shown(path) + (kind == "nothing" ? " has no value" : " is " + std::string(kind)),
        "it has to be " + std::string(expected), mend);
  }

  /// The keys of a map with their values, each key known and there once.
  std::optional<Entries> entries(const Node& node, const std::string& path,
                                 const std::vector<std::string>& known) {
    if (!node.IsMap()) {
      wrong_kind(node, path, "a map of keys and values");
      return std::nullopt;
    }
    Entries found;
    misspelt_.clear();
    for (const auto& entry : node) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
      const Place place = place_of(entry.first);
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        misspelt_.insert(model::nearest_word(key, known).value_or(""));
        diagnostics_.add(place, "unknown key '" + key + "' in " + shown(path),
                         "a key that nobody reads would be a silent mistake",
                         model::suggestion(key, known));
      } else if (!found.emplace(key, entry.second).second)
        diagnostics_.add(place, "key '" + key + "' is there twice in " + shown(path),
                         "only one of the values could count", "remove one of them");
      else
        read_.places.note(path.empty() ? key : path + "." + key, place_of(entry.second));
    }
    return found;
  }

  template <class Owner>
  void read_map(const Node& node, const std::string& path, const Fields<Owner>& fields,
                Owner& owner) {
    const auto found = entries(node, path, keys_of(fields));
    if (!found) return;
    const std::set<std::string, std::less<>> misspelt = misspelt_;
    for (const Field<Owner>& field : fields) {
      const auto entry = found->find(field.key);
      if (entry == found->end()) {
        if (field.need == Need::kRequired && !misspelt.contains(field.key))
          missing(node, path, field.key, field.form);
        continue;
      }
      const std::string inner = path + "." + std::string(field.key);
      const Limits limits{field.form, field.least, field.most};
      std::visit([&](auto member) { read_value(entry->second, inner, limits, owner.*member); },
                 field.member);
    }
  }

  void missing(const Node& node, const std::string& path, std::string_view key, const Form* form) {
    diagnostics_.add(place_of(node), shown(path) + " has no '" + std::string(key) + "'",
                     "it is required",
                     "add it" + (form ? ": " + std::string(form->words) : std::string()));
  }

  /// The text of a scalar; none, with a diagnostic, when it is no text. `form`: what it is to be.
  std::optional<std::string> text_of(const Node& node, const std::string& path,
                                     const Form* form = nullptr) {
    if (kind_of(node) != "a text") {
      const bool fits_in_quotes = form == nullptr || (node.IsScalar() && form->fits(node.Scalar()));
      wrong_kind(node, path, fits_in_quotes ? "a text" : form->words);
      return std::nullopt;
    }
    const std::string& text = node.Scalar();
    if (text.size() > kTextMax || text.find_first_of("\r\n") != std::string::npos) {
      diagnostics_.add(place_of(node), shown(path) + " is long or has several lines",
                       "it has to be one line of at most " + std::to_string(kTextMax) + " bytes",
                       "look for a quote that is not closed");
      return std::nullopt;
    }
    return text;
  }

  void read_value(const Node& node, const std::string& path, const Limits& limits,
                  std::string& value) {
    const auto text = text_of(node, path, limits.form);
    if (!text) return;
    if (limits.form && !limits.form->fits(*text))
      diagnostics_.add(place_of(node), shown(path) + repeated(*text) + " does not fit",
                       "it has to be " + std::string(limits.form->words), "correct it");
    else
      value = *text;
  }

  void read_value(const Node& node, const std::string& path, const Limits& limits, int& value) {
    const std::string expected = "a whole number from " + std::to_string(limits.least) + " to " +
                                 std::to_string(limits.most);
    if (kind_of(node) != "a number") return wrong_kind(node, path, expected);
    const std::string& text = node.Scalar();
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    if (!whole || number < limits.least || number > limits.most)
      diagnostics_.add(place_of(node), shown(path) + " " + text + " does not fit",
                       "it has to be " + expected, "correct it");
    else
      value = number;
  }

  void read_value(const Node& node, const std::string& path, const Limits& limits,
                  std::vector<std::string>& value) {
    if (!node.IsSequence()) return wrong_kind(node, path, "a list of texts");
    for (const Node& one : node) read_value(one, path, limits, value.emplace_back());
  }

  void read_value(const Node& node, const std::string& path, const Limits&,
                  model::SecretRef& value) {
    // Whatever stands here may be the secret itself: no message repeats it.
    if (node.IsScalar() && is_secret_reference(node.Scalar()))
      value.where = node.Scalar();
    else
      diagnostics_.add(place_of(node), shown(path) + " does not say where the secret is",
                       "a secret in an inventory leaks with each copy of the file",
                       "put it into the environment or a file and write env:NAME or file:PATH, or "
                       "credential:NAME for one that systemd loads");
  }

  template <class Word>
  void read_word(const Node& node, const std::string& path, const std::vector<std::string>& words,
                 std::optional<Word> (*from)(std::string_view), Word& value) {
    const auto text = text_of(node, path);
    if (!text) return;
    if (const auto word = from(*text)) {
      value = *word;
      return;
    }
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
    diagnostics_.add(
        place_of(node), shown(path) + " '" + *text + "' is unknown", "it has to be one of " + all,
        model::nearest_word(*text, words) ? model::suggestion(*text, words) : "correct it");
  }

  void read_value(const Node& node, const std::string& path, const Limits&,
                  model::Provider& value) {
    read_word(node, path, {"aws", "azure", "gcp", "esxi", "hyper-v"}, &model::provider_from, value);
  }

  void read_value(const Node& node, const std::string& path, const Limits&,
                  model::ContainerState& value) {
    read_word(node, path, {"running", "stopped", "passivated"}, &model::container_state_from,
              value);
  }

  template <class Inner>  // a section within a section: a volume, an artefact
  void read_value(const Node& node, const std::string& path, const Limits&, Inner& value) {
    read_map(node, path, fields_of(static_cast<const Inner*>(nullptr)), value);
  }

  template <class One>
  void read_list(const Node& node, const std::string& path, std::size_t count_max,
                 std::vector<One>& list) {
    if (!node.IsSequence()) return wrong_kind(node, path, "a list");
    if (node.size() > count_max) {
      diagnostics_.add(
          place_of(node), shown(path) + " has " + std::to_string(node.size()) + " entries",
          "a file holds at most " + std::to_string(count_max), "split the installation");
      return;
    }
    for (const Node& one : node) {
      const std::string inner = path + "[" + std::to_string(list.size()) + "]";
      read_.places.note(inner, place_of(one));
      read_map(one, inner, fields_of(static_cast<const One*>(nullptr)), list.emplace_back());
    }
  }

  void read_containers(const Node& node);
  void read_sections(const Entries& found);

  Diagnostics& diagnostics_;
  Place end_;
  ReadInventory read_;
  std::set<std::string, std::less<>> misspelt_;  ///< keys that the last map has under other names
};

void Reader::read_containers(const Node& node) {
  std::vector<model::Container> rows;
  read_list(node, "containers", kContainersMax, rows);
  if (!diagnostics_.empty()) return;  // a range that was not read cannot be unfolded
  std::vector<model::Container>& all = read_.inventory.containers;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    auto containers = unfold(rows[row], kContainersMax - all.size());
    if (!containers) {
      // unfold says "what: why; what to do", but cannot know where.
      const std::string& message = containers.error().message;
      const auto why = message.find(": ");
      const auto mend = message.find("; ", why);
      diagnostics_.add(read_.places.of("containers[" + std::to_string(row) + "]"),
                       message.substr(0, why), message.substr(why + 2, mend - why - 2),
                       message.substr(mend + 2));
      continue;
    }
    for (model::Container& one : containers.value()) {
      all.push_back(std::move(one));
      read_.container_rows.push_back(row);
    }
  }
}

void Reader::read_sections(const Entries& found) {
  model::Inventory& inventory = read_.inventory;
  const auto with = [&](std::string_view key, auto&& read) {
    const auto entry = found.find(key);
    if (entry != found.end()) read(entry->second, std::string(key));
  };
  const auto map_of = [&](const auto& fields, auto& owner) {
    return [&](const Node& node, const std::string& key) { read_map(node, key, fields, owner); };
  };
  const auto map = [&](auto& owner) { return map_of(fields_of(&owner), owner); };
  const auto list = [&](auto& all) {
    return
        [&](const Node& node, const std::string& key) { read_list(node, key, kInstancesMax, all); };
  };
  with("installation", map_of(installation_fields(), inventory));
  with("totals", [&](const Node& node, const std::string& key) {
    read_map(node, key, fields_of(static_cast<const Totals*>(nullptr)), read_.totals.emplace());
  });
  with("license", map_of(license_fields(), inventory));
  with("backup", map_of(backup_fields(), inventory));
  with("platform", map(inventory.platform));
  with("shards", list(inventory.shards));
  with("instances", list(inventory.instances));
  with("containers", [&](const Node& node, const std::string&) { read_containers(node); });
  with("packages", map_of(package_fields(), inventory));
  with("launch", map(inventory.launch));
  with("access", map(inventory.access));
}

ReadInventory Reader::read(const Node& root) {
  std::vector<std::string> keys;
  for (const Section& section : sections()) keys.emplace_back(section.key);
  const auto found = entries(root, "", keys);
  if (!found) return std::move(read_);
  const auto schema = found->find("schema");
  if (schema != found->end() &&
      !(schema->second.IsScalar() && schema->second.Scalar() == kInventorySchema)) {
    diagnostics_.add(place_of(schema->second), "the schema is not " + std::string(kInventorySchema),
                     "the file is something else, or made for another version of rehydrate",
                     "give an inventory of this schema");
    return std::move(read_);
  }
  std::string missing;
  for (const Section& section : sections())
    if (section.need == Need::kRequired && !found->contains(section.key) &&
        !misspelt_.contains(section.key))
      missing += (missing.empty() ? "'" : ", '") + std::string(section.key) + "'";
  if (!missing.empty())
    diagnostics_.add(missing == "'schema'" ? Place{1, 1} : end_, "the file has no " + missing,
                     "an inventory needs it, or the file was cut off",
                     "add it, as in scenarios/inventories/aws-xs.yaml");
  read_sections(*found);
  return std::move(read_);
}

}  // namespace

ReadInventory read_yaml(std::string_view text, Diagnostics& diagnostics) {
  std::vector<Node> documents;
  try {
    documents = YAML::LoadAll(std::string(text));
  } catch (const YAML::Exception& error) {
    explain_yaml_error(error.msg, place_of(error.mark), text, diagnostics);
    return {};
  }
  if (documents.size() != 1) {
    diagnostics.add(documents.empty() ? Place{} : place_of(documents[1]),
                    std::to_string(documents.size()) + " YAML documents in one file",
                    "an inventory is exactly one", "remove what does not belong to it");
    return {};
  }
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  return Reader(diagnostics, {std::max(lines, 1), 1}).read(documents.front());
}

}  // namespace wme::scenarios
