#include "executor/postgres/database_url.hpp"

#include <algorithm>
#include <cctype>

namespace wme::executor {
namespace {

constexpr std::string_view kSchemes[] = {"postgresql://", "postgres://"};

std::string_view after_scheme(std::string_view text) {
  for (const std::string_view scheme : kSchemes)
    if (text.starts_with(scheme)) return text.substr(scheme.size());
  return text;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// libpq decodes the names of options, too: "p%61ssword".
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// As libpq looks for it: what stands before an '@' that comes before any '/'.
bool has_password_of_user(std::string_view rest) {
  const auto at = rest.find_first_of("@/");
  if (at == std::string_view::npos || rest[at] != '@') return false;
  return rest.substr(0, at).find(':') != std::string_view::npos;
}

bool has_password_option(std::string_view rest) {
  auto from = rest.find('?');
  while (from != std::string_view::npos) {
    const auto to = rest.find_first_of("=&", from + 1);
    const std::string option = percent_decoded(rest.substr(from + 1, to - from - 1));
    if (option == "password" || option == "sslpassword") return true;
    from = rest.find('&', from + 1);
  }
  return false;
}

bool is_journal_name(std::string_view name) {
  constexpr std::size_t kCharactersMax = 200;
  return !name.empty() && name.size() <= kCharactersMax &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

std::string DatabaseUrl::named(const std::string& journal) const {
  return connection + "#" + journal;
}

bool is_database_url(std::string_view text) {
  return std::any_of(std::begin(kSchemes), std::end(kSchemes),
                     [&](std::string_view scheme) { return text.starts_with(scheme); });
}

Result<DatabaseUrl> database_url_from(const std::string& text) {
  const std::string_view rest = after_scheme(text);
  if (has_password_of_user(rest) || has_password_option(rest))
    return Error{ErrorCode::kInvalid,
                 "the URL of the database holds a password, which others could read in process "
                 "lists; write it into ~/.pgpass (or the file that PGPASSFILE names), or name a "
                 "service of ~/.pg_service.conf with ?service=NAME, and leave it out of the URL"};
  const auto hash = text.find('#');
  DatabaseUrl url{text.substr(0, hash), ""};
  if (hash == std::string::npos) return url;
  url.name = text.substr(hash + 1);
  if (!is_journal_name(url.name))
    return Error{ErrorCode::kInvalid,
                 "the URL of the database: what follows '#' is no name of a journal: give 1 to 200 "
                 "letters, digits, '.', '_' and '-'"};
  return url;
}

}  // namespace wme::executor
