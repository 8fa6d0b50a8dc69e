#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace wme::scenarios {

/// Where something stands in a file, both counted from 1; 0: the file as a whole.
struct Place {
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

/// What is wrong with one file: collected, so that one run tells everything.
class Diagnostics {
 public:
  explicit Diagnostics(std::string file) : file_(std::move(file)) {}

  /// `what` is wrong, `why` it matters, what `mend`s it; none of them ends in a full stop.
  void add(Place place, std::string_view what, std::string_view why, std::string_view mend);
  bool empty() const { return found_.empty(); }
  /// All of them in the order of the file, one a line; the first kShownMax when there are more.
  Error error() const;

  static constexpr std::size_t kShownMax = 50;

 private:
  std::string file_;
  std::multimap<Place, std::string> found_;
};

/// Where each value of a file was read: "instances[2].address".
class Places {
 public:
  void note(std::string path, Place place) { places_.emplace(std::move(path), place); }
  /// The place of `path`, or of the nearest thing around it when the file does not state it.
  Place of(std::string_view path) const;

 private:
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace wme::scenarios
