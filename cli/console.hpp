#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::cli {

/// What a stream of this process is, found out once at the start.
struct Surroundings {
  bool colors_out = false;  ///< stdout takes colours
  bool colors_err = false;
  std::size_t width = 100;  ///< columns
};
/// NO_COLOR, FORCE_COLOR, TERM=dumb, COLUMNS and the terminals behind stdout and stderr.
Surroundings surroundings_of_process();

/// Results go to `out`, everything that is said about them to `err`.
class Console {
 public:
  Console(std::ostream& out, std::ostream& err, Surroundings surroundings)
      : out_(out), err_(err), surroundings_(surroundings) {}

  void be_quiet() { quiet_ = true; }
  bool is_quiet() const { return quiet_; }
  /// For a result that somebody waits for while the program goes on.
  void flush();
  void use_no_colors() { surroundings_.colors_out = surroundings_.colors_err = false; }
  std::size_t width() const { return surroundings_.width; }

  /// The result, as it is.
  void result(std::string_view text);
  /// A message; not with --quiet.
  void note(std::string_view text);
  /// Each line of the message behind "error: ", but for those that are indented; also with --quiet.
  void error(const Error& error);
  void warning(std::string_view text);
  /// Words of a result that carry a verdict.
  enum class Tone { kGood, kBad, kDoubtful };
  std::string toned(Tone tone, const std::string& text) const;

  /// Whether all of the result has left the process: a full disk behind `> file` is an error.
  bool all_written();

 private:
  void labelled(const char* label, const char* color, std::string_view text);

  std::ostream& out_;
  std::ostream& err_;
  Surroundings surroundings_;
  bool quiet_ = false;
};

}  // namespace wme::cli
