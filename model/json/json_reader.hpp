#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/english/words.hpp"  // suggestion(), for every codec
#include "model/result.hpp"

/// What every codec of ours needs to read a file strictly and to say where it is wrong.
namespace wme::model {

/// An object of a document, with its JSON pointer.
class JsonObject {
 public:
  JsonObject(const nlohmann::json* value, std::string place)
      : value_(value), place_(std::move(place)) {}
  bool has(std::string_view key) const;
  const nlohmann::json& at(std::string_view key) const;  ///< null when there is no such key
  std::string place(std::string_view key) const;         ///< "/steps/3/id"

 private:
  const nlohmann::json* value_;
  std::string place_;
};

/// Reads values and collects what is wrong with them, so that one run tells everything. After an
/// error it goes on with empty values: the code above it need not ask at every line.
class JsonReader {
 public:
  /// `mend`: what to do when nothing better is known ("make the plan again ...").
  JsonReader(std::string_view file, std::string mend) : file_(file), mend_(std::move(mend)) {}

  /// Error kInvalid: "FILE:LINE:COLUMN: not JSON: why; guess".
  Result<nlohmann::json> parse(std::string_view text, const std::string& guess) const;

  /// An object with all keys of `required` and none but those and `optional`. With a `schema`, the
  /// key "schema" is required first; when it names another one, nothing else is looked at.
  JsonObject object(const nlohmann::json& value, const std::string& place,
                    const std::vector<std::string>& required,
                    const std::vector<std::string>& optional, std::string_view schema = {});

  static constexpr bool kMayBeEmpty = true;
  /// Texts without control characters, which could tell a terminal anything.
  std::string text(const JsonObject& object, std::string_view key, bool may_be_empty = false);
  std::vector<std::string> texts(const JsonObject& object, std::string_view key);
  /// Letters, digits, '.', '_' and '-', starting with a letter or a digit; 127 at most: names of an
  /// inventory have up to 63, what the model derives from them a prefix or suffix more.
  std::string name(const JsonObject& object, std::string_view key);
  std::vector<std::string> names(const JsonObject& object, std::string_view key);
  long number(const JsonObject& object, std::string_view key, long min, long max);
  /// The list itself, or an empty one.
  const nlohmann::json& list(const JsonObject& object, std::string_view key);

  /// `what_and_why`: "'foo' is unknown: it is no word of the schema"; no `mend`: it has one
  /// already.
  void fail(const std::string& place, const std::string& what_and_why, const std::string& mend);
  bool failed() const { return failures_ > 0; }
  /// Everything that failed, one a line; the first kShownMax when there are more.
  Error error() const;

  static constexpr std::size_t kShownMax = 20;

 private:
  std::string text_of(const nlohmann::json& value, const std::string& place, bool may_be_empty);
  std::string name_of(const nlohmann::json& value, const std::string& place);

  std::string file_;
  std::string mend_;
  std::string messages_;
  std::size_t failures_ = 0;
};

}  // namespace wme::model
