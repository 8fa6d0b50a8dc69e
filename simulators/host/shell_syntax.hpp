#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/result.hpp"

/// As much of the shell's grammar as people type while they follow the procedures: lists, pipes,
/// redirections, quoting, variables, command substitution, if, for, groups, background.
namespace wme::simulators::shell {

struct Part {
  enum class Kind { kText, kVariable, kCommand };
  Kind kind = Kind::kText;
  std::string text;  ///< the text, the variable's name, or the source of $( ... )
  bool quoted = false;
};
using Word = std::vector<Part>;

struct Redirect {
  enum class Kind { kInput, kOutput, kAppend, kDuplicate };
  Kind kind = Kind::kOutput;
  int descriptor = 1;
  int duplicate_of = 1;  ///< for kDuplicate: 2>&1
  Word target;
};

struct Node {
  enum class Kind {
    kSimple,    ///< assignments, words
    kPipeline,  ///< parts
    kAnd,       ///< parts[0] && parts[1]
    kOr,
    kNot,
    kList,        ///< parts, one after the other
    kBackground,  ///< parts[0] &
    kIf,          ///< condition, body, [condition, body ...], [else body]
    kFor,         ///< name in words; parts[0]
    kGroup,       ///< { parts[0]; }
    kSubshell,    ///< ( parts[0] )
  };
  Kind kind = Kind::kSimple;
  std::vector<std::pair<std::string, Word>> assignments;
  std::vector<Word> words;
  std::vector<Redirect> redirects;
  std::vector<std::unique_ptr<Node>> parts;
  std::string name;  ///< the variable of kFor
};

/// Fails with bash's words: "syntax error near unexpected token `)'".
Result<std::unique_ptr<Node>> parse(std::string_view source);

}  // namespace wme::simulators::shell
