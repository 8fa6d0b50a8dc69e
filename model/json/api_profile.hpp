#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

/// How Launchpad and ConfigWizard are spoken to: every method, path, field name and state word, as
/// one value that an operator can replace by a file (`rehydrate/api-profile/1`). WaveMaker
/// publishes only part of its REST API; each entry says where it was read, or that it is assumed.
namespace wme::model {

using Arguments = std::map<std::string, std::string, std::less<>>;

/// One request that a system understands.
struct Operation {
  std::string method;
  std::string path;  ///< with placeholders: "/instances/{instanceId}/stop"
  Arguments query;   ///< our word for an argument -> the name it has in the query
  std::string provenance;

  /// Path and query as they go over the wire. Every placeholder needs an argument; an argument that
  /// is neither placeholder nor query ends the program (a mistake of ours, not of the profile).
  std::string target(const Arguments& arguments) const;
  /// The placeholders' values (decoded) when this method and path ask for this operation.
  std::optional<Arguments> match(std::string_view asked_method, std::string_view asked_path) const;
};

struct Word {
  std::string text;
  std::vector<std::string> also;  ///< other spellings that mean the same; only read, never sent
  std::string provenance;
};

struct Field {
  std::string name;
  std::string provenance;
};

struct Number {
  int value = 0;
  std::string provenance;
};

struct Choice {
  std::string value;
  std::vector<std::string> of;
  std::string provenance;
};

/// The lookups end the program with a message when a key is unknown: the reader has checked that
/// every key of the built-in profile is there, so only a mistake of ours can ask for another.
struct SystemProfile {
  std::map<std::string, Operation, std::less<>> operations;
  std::map<std::string, Field, std::less<>> fields;
  std::map<std::string, Word, std::less<>> words;
  std::map<std::string, Number, std::less<>> numbers;
  std::map<std::string, Choice, std::less<>> choices;

  const Operation& operation(std::string_view key) const;
  const std::string& field(std::string_view key) const;
  const std::string& word(std::string_view key) const;
  int number(std::string_view key) const;
  const std::string& choice(std::string_view key) const;

  /// What a word of the system means to us: `meaning("container", "Running")` is "running". Old
  /// versions write title case, new ones upper case: compared without case (wme.md 2.1).
  std::optional<std::string> meaning(std::string_view kind, std::string_view text) const;
  /// The words of one kind in the order of their keys ("serviceGroup.01", ...).
  std::vector<std::string> words_of(std::string_view kind) const;

  struct Match {
    std::string operation;
    Arguments arguments;
  };
  /// The operation that a request asks for; where several fit, the one with most fixed segments.
  std::optional<Match> match(std::string_view method, std::string_view path) const;
};

struct ApiProfile {
  std::string name;
  SystemProfile launchpad;
  SystemProfile license_service;
  SystemProfile config_wizard;
};

/// What comes with the program; the text for whoever wants to write a file of their own.
const ApiProfile& built_in_api_profile();
std::string_view built_in_api_profile_text();

/// Reads a profile. It must have exactly the keys of the built-in one. Errors: kInvalid, with file,
/// place, reason and mend.
Result<ApiProfile> parse_api_profile(std::string_view text, std::string_view name);

}  // namespace wme::model
