#pragma once

#include <chrono>
#include <string>

#include "executor/journal/journal.hpp"
#include "executor/ports/requests.hpp"

namespace wme::executor {

enum class Durability {
  kEachEntry,  ///< an appended entry survives a power cut
  kNone,       ///< for rehearsals only: survives the end of the process, not of the machine
};

struct JournalOptions {
  Durability durability = Durability::kEachEntry;
  WallClock wall_clock = system_wall_clock;
  /// How long an append tries to get a lost database back before it gives up (PostgreSQL only).
  std::chrono::milliseconds reconnect_for{10'000};
};

/// A journal that outlives its process, with the box beside it into which other processes put what
/// people ask of the run. Requests are no part of the chain: the run journals what it takes.
class StoredJournal : public Journal, public RequestPort {
 public:
  /// What opens it again from anywhere that reaches it: an absolute path, or a URL with its name.
  virtual std::string location() const = 0;
  /// The file's name without its extension, or the name in the database.
  virtual std::string name() const = 0;
  /// Puts a request into the box, also while another process writes the journal; its `id` is given
  /// here and returned. Errors: kInvalid (`check_request`), kRefused when opened for reading only,
  /// kFailed, kUnknownOutcome when the database was lost: see `requests_after` before asking again.
  virtual Result<long long> post(const PersonRequest& request) = 0;
};

/// Error kInvalid: a request of a kind that no run knows, of nobody, or with text that is none.
Status check_request(const PersonRequest& request);

}  // namespace wme::executor
