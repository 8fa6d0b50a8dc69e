#pragma once

#include <string>
#include <utility>

namespace wme::executor {

/// A password, key or token on its way into a request. It has no formatter, no comparison and no
/// stream operator, so that it cannot end in a log or message by accident; `reveal` is the one way
/// to it, and easy to search for (INV-62).
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace wme::executor
