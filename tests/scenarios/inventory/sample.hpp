#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace wme::scenarios {

/// A small inventory without a defect; tests plant one with `with`.
std::string sample_text();

/// The sample with the first occurrence of `old` replaced; ends the test program when there is
/// none, so that a test cannot pass on a defect that was never planted.
std::string with(std::string_view old, std::string_view replacement);

/// A defect to plant in the sample, and a part of what the reader has to say about it.
struct Defect {
  const char* name;
  const char* old;
  const char* replacement;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Defect& defect);

/// What is wrong with a text that is called "i.yaml"; "" when nothing is.
std::string errors_of(std::string_view text);

}  // namespace wme::scenarios
