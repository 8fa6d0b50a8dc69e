#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace wme::executor {

/// "postgresql://[user@]host[:port]/database[?option=value&…][#NAME]", as libpq takes it, and the
/// name of a journal behind it. Never with a password: it would end in process lists, journals and
/// messages. Source: PostgreSQL 15, 34.1.1.2 "Connection URIs".
struct DatabaseUrl {
  std::string connection;  ///< without the fragment
  std::string name;        ///< the fragment; empty without one
  /// With another name: "postgresql://host/db#NAME". To be shown and to be written down.
  std::string named(const std::string& journal) const;
};

/// Whether this is such a URL; anything else is a file's name.
bool is_database_url(std::string_view text);
/// Errors kInvalid: a password in it (the message does not repeat it), or a name that is none.
Result<DatabaseUrl> database_url_from(const std::string& text);

}  // namespace wme::executor
