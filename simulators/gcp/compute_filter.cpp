#include "simulators/gcp/compute_filter.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string_view>
#include <vector>

namespace wme::simulators::gcp {

namespace {

using nlohmann::json;

/// What a resource has at a path; several values where an array is on the way.
void collect(const json& value, std::string_view path, std::vector<std::string>& found) {
  if (value.is_array()) {
    for (const json& each : value) collect(each, path, found);
    return;
  }
  if (path.empty()) {
    if (value.is_string())
      found.push_back(value.get<std::string>());
    else if (!value.is_object())
      found.push_back(value.dump());
    return;
  }
  if (!value.is_object()) return;
  // A label's key can have dots in no cloud, so that each dot goes one level down.
  const auto dot = path.find('.');
  const auto member = value.find(std::string(path.substr(0, dot)));
  if (member == value.end()) return;
  collect(*member, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1),
          found);
}

bool compare_numbers(const std::string& a, const std::string& operation, const std::string& b) {
  char* end_a = nullptr;
  char* end_b = nullptr;
  const double left = std::strtod(a.c_str(), &end_a);
  const double right = std::strtod(b.c_str(), &end_b);
  const bool are_numbers = *end_a == '\0' && *end_b == '\0' && !a.empty() && !b.empty();
  const int order = are_numbers ? (left < right ? -1 : left > right ? 1 : 0) : a.compare(b);
  if (operation == "<") return order < 0;
  if (operation == "<=") return order <= 0;
  if (operation == ">") return order > 0;
  return order >= 0;
}

class Parser {
 public:
  Parser(const std::string& text, const json& resource) : text_(text), resource_(resource) {}

  ComputeResult<bool> parse() {
    const bool result = any();
    skip_blanks();
    if (at_ != text_.size()) failed_ = true;
    if (failed_) return invalid("filter", "'" + text_ + "'. Invalid list filter expression.");
    return result;
  }

 private:
  bool any() {
    bool result = all();
    while (!failed_ && word("OR")) {
      const bool next = all();
      result = result || next;
    }
    return result;
  }

  bool all() {
    bool result = one();
    while (!failed_ && !is_at_end() && !peek_word("OR") && text_[at_] != ')') {
      word("AND");
      const bool next = one();
      result = result && next;
    }
    return result;
  }

  bool one() {
    skip_blanks();
    if (word("NOT")) return !one();
    if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] == '(') {
      ++at_;
      return !one();
    }
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      const bool result = any();
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != ')') return fail();
      ++at_;
      return result;
    }
    return term();
  }

  bool term() {
    const std::string field = bare();
    const std::string operation = comparison();
    const std::string value = literal();
    if (field.empty() || operation.empty() || failed_) return fail();
    std::vector<std::string> found;
    collect(resource_, field, found);
    return holds(found, operation, value);
  }

  bool holds(const std::vector<std::string>& found, const std::string& operation,
             const std::string& value) {
    const bool is_negative = operation == "!=" || operation == "ne";
    const auto equal = [&](const std::string& each) {
      if (operation == "=" || operation == "!=") return each == value;
      if (operation == ":") return value == "*" || each.find(value) != std::string::npos;
      if (operation == "eq" || operation == "ne") return matches(each, value);
      return compare_numbers(each, operation, value);
    };
    const bool is_there = std::ranges::any_of(found, equal);
    return is_negative ? !is_there : is_there;
  }

  bool matches(const std::string& text, const std::string& pattern) {
    try {
      return std::regex_match(text, std::regex(pattern));
    } catch (const std::regex_error&) {
      return fail();
    }
  }

  bool fail() {
    failed_ = true;
    return false;
  }
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool is_at_end() {
    skip_blanks();
    return at_ >= text_.size();
  }
  bool peek_word(std::string_view wanted) {
    skip_blanks();
    const bool is_here = text_.compare(at_, wanted.size(), wanted) == 0;
    const std::size_t end = at_ + wanted.size();
    return is_here && (end >= text_.size() || text_[end] == ' ' || text_[end] == '(');
  }
  bool word(std::string_view wanted) {
    if (!peek_word(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  std::string bare() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
            std::string_view("._-/*").find(text_[at_]) != std::string_view::npos))
      ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string comparison() {
    skip_blanks();
    for (const char* each : {"!=", "<=", ">=", "=", ":", "<", ">"})
      if (text_.compare(at_, std::string_view(each).size(), each) == 0) {
        at_ += std::string_view(each).size();
        return each;
      }
    for (const char* each : {"eq", "ne"})
      if (word(each)) return each;
    return "";
  }
  std::string literal() {
    skip_blanks();
    if (at_ >= text_.size()) {
      fail();
      return "";
    }
    const char quote = text_[at_];
    if (quote != '"' && quote != '\'') {
      const std::string value = bare();
      if (value.empty()) fail();
      return value;
    }
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value += text_[at_];
    }
    if (at_ >= text_.size())
      fail();
    else
      ++at_;
    return value;
  }

  const std::string& text_;
  const json& resource_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace

ComputeResult<bool> passes(const std::string& filter, const json& resource) {
  if (filter.find_first_not_of(' ') == std::string::npos) return true;
  return Parser(filter, resource).parse();
}

}  // namespace wme::simulators::gcp
