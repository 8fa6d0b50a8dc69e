#include "model/certificate/trusted_keys.hpp"

#include <algorithm>
#include <charconv>

#include "model/json/json_reader.hpp"

namespace wme::model {

namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  constexpr std::string_view kBlank = " \t\r";
  for (std::size_t at = line.find_first_not_of(kBlank); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kBlank, at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlank, end);
  }
  return words;
}

/// Reads one line after the other; what is wrong with one comes back as a sentence.
class Lines {
 public:
  std::string read(const std::vector<std::string>& words) {
    if (words.empty() || words.front().starts_with('#')) return "";
    if (words.front() == "quorum") return read_quorum(words);
    if (words.front() == "ed25519") return read_key(words);
    const bool pem = words.front().starts_with("-----BEGIN");
    return pem ? "this is a key in PEM: give the line of the file FILE.pub that `rehydrate keygen` "
                 "wrote"
               : "the line begins with no word that is known here; " +
                     suggestion(words.front(), {"ed25519", "quorum"});
  }
  TrustedKeys made;

 private:
  std::string read_quorum(const std::vector<std::string>& words) {
    int count = -1;
    if (words.size() == 2) {
      const std::string& text = words[1];
      const auto parsed = std::from_chars(text.data(), text.data() + text.size(), count);
      if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) count = -1;
    }
    if (count < 0 || count > kQuorumMax)
      return "a quorum is a whole number from 0 to " + std::to_string(kQuorumMax) +
             ": write `quorum 1`";
    if (has_quorum_) return "the quorum stands twice; keep one of them";
    has_quorum_ = true;
    made.quorum = count;
    return "";
  }

  std::string read_key(const std::vector<std::string>& words) {
    if (words.size() < 3 || words.size() > 4)
      return "a key has the form `ed25519 KEY NAME`, then perhaps `author`, `approver` or "
             "`author,approver`";
    const auto key = public_key_from(words[1]);
    if (!key)
      return "the key is not 32 bytes in base64: copy the whole line of the file that `rehydrate "
             "keygen` wrote";
    if (!is_person(words[2])) return "the name is no name: " + std::string(kPersonForm);
    if (const TrustedKey* there = made.find(*key))
      return "the key is there already, as " + there->name + "; keep one of the lines";
    TrustedKey trusted{*key, words[2]};
    if (words.size() == 4)
      if (std::string wrong = read_roles(words[3], trusted); !wrong.empty()) return wrong;
    made.keys.push_back(std::move(trusted));
    return "";
  }

  static std::string read_roles(std::string_view list, TrustedKey& trusted) {
    trusted.may_author = trusted.may_approve = false;
    while (true) {
      const std::size_t comma = list.find(',');
      const std::string role(list.substr(0, comma));
      if (role == "author")
        trusted.may_author = true;
      else if (role == "approver")
        trusted.may_approve = true;
      else
        return "a role is `author` or `approver`, or both with a comma between them; " +
               suggestion(role, {"author", "approver"});
      if (comma == std::string_view::npos) return "";
      list.remove_prefix(comma + 1);
    }
  }

  bool has_quorum_ = false;
};

}  // namespace

const TrustedKey* TrustedKeys::find(const PublicKey& key) const {
  const auto found = std::ranges::find(keys, key, &TrustedKey::key);
  return found == keys.end() ? nullptr : &*found;
}

Result<TrustedKeys> parse_trusted_keys(std::string_view text, std::string_view file) {
  Lines lines;
  std::string wrong;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string why = lines.read(words_of(text.substr(0, end)));
    ++number;
    if (!why.empty())
      wrong += (wrong.empty() ? "" : "\n") + std::string(file) + ":" + std::to_string(number) +
               ": " + why;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!wrong.empty()) return Error{ErrorCode::kInvalid, wrong};
  if (lines.made.keys.empty())
    return Error{ErrorCode::kInvalid,
                 std::string(file) +
                     ":1: there is no key: nobody would be trusted; add the line of "
                     "a file that `rehydrate keygen` wrote (FILE.pub)"};
  return std::move(lines.made);
}

std::string trusted_line(const PublicKey& key, std::string_view name) {
  return "ed25519 " + key.base64() + " " + std::string(name);
}

}  // namespace wme::model
