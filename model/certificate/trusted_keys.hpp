#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/certificate/keys.hpp"

/// Whose signatures count, and how many it takes: a text file that is handed out apart from the
/// certificates. One key a line, as `rehydrate keygen` writes it into FILE.pub:
///
///   # who may certify, who may approve; both without a word about it
///   ed25519 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo= ada author
///   ed25519 PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw= bob approver
///   quorum 1
namespace wme::model {

struct TrustedKey {
  PublicKey key;
  std::string name;  ///< one person may have several keys under one name
  bool may_author = true;
  bool may_approve = true;
};

struct TrustedKeys {
  std::vector<TrustedKey> keys;
  int quorum = 0;  ///< how many other people have to approve, at least

  const TrustedKey* find(const PublicKey& key) const;
};

inline constexpr int kQuorumMax = 100;

/// Errors (kInvalid): every line that is wrong, as "FILE:LINE: what is wrong; what to do".
Result<TrustedKeys> parse_trusted_keys(std::string_view text, std::string_view file);

/// The line for such a file.
std::string trusted_line(const PublicKey& key, std::string_view name);

}  // namespace wme::model
