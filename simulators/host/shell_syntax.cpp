#include "simulators/host/shell_syntax.hpp"

#include <cctype>
#include <optional>
#include <set>

namespace wme::simulators::shell {

namespace {

struct Token {
  enum class Kind { kWord, kOperator, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  ///< operator, or the raw text of the word
  Word word;
  std::size_t at = 0;
};

/// What ends the parse; caught in `parse` and nowhere else.
struct SyntaxError {
  std::string message;
};

[[noreturn]] void unexpected(const std::string& token) {
  throw SyntaxError{"syntax error near unexpected token `" + token + "'"};
}

bool is_name(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return false;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  return true;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  Token next() {
    skip_blanks();
    Token token;
    token.at = at_;
    if (at_ >= source_.size()) {
      return token;
    }
    if (const auto symbol = operator_here()) {
      token.kind = Token::Kind::kOperator;
      token.text = *symbol;
      at_ += symbol->size();
    } else {
      token.kind = Token::Kind::kWord;
      token.word = word();
      token.text = std::string(source_.substr(token.at, at_ - token.at));
    }
    return token;
  }

 private:
  void skip_blanks() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (c == '\\' && at_ + 1 < source_.size() && source_[at_ + 1] == '\n') {
        at_ += 2;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '#' &&
                 (at_ == 0 || std::isspace(static_cast<unsigned char>(source_[at_ - 1])) != 0 ||
                  source_[at_ - 1] == ';')) {
        while (at_ < source_.size() && source_[at_] != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  std::optional<std::string> operator_here() const {
    if (std::string_view("12<>&|;()\n").find(source_[at_]) == std::string_view::npos)
      return std::nullopt;
    static constexpr std::string_view kOperators[] = {
        "2>&1", "1>&2", ">&2", "&>>", "2>>", "1>>", "&>", "2>", "1>", ">>",
        "&&",   "||",   "<",   ">",   ";",   "&",   "|",  "(",  ")",  "\n"};
    for (const std::string_view symbol : kOperators)
      if (source_.substr(at_).starts_with(symbol)) return std::string(symbol);
    return std::nullopt;
  }

  Word word() {
    Word word;
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (std::string_view(" \t\r\n;&|<>()").find(c) != std::string_view::npos) break;
      if (c == '\'') {
        ++at_;
        add(word, until('\''), true);
      } else if (c == '"') {
        ++at_;
        double_quoted(word);
      } else if (c == '\\' && at_ + 1 < source_.size()) {
        add(word, std::string(1, source_[at_ + 1]), true);
        at_ += 2;
      } else if (c == '$' || c == '`') {
        expansion(word, false);
      } else {
        add(word, std::string(1, c), false);
        ++at_;
      }
    }
    return word;
  }

  void double_quoted(Word& word) {
    add(word, "", true);
    while (at_ < source_.size() && source_[at_] != '"') {
      const char c = source_[at_];
      if (c == '\\' && at_ + 1 < source_.size() &&
          std::string_view("\"\\$`").find(source_[at_ + 1]) != std::string_view::npos) {
        add(word, std::string(1, source_[at_ + 1]), true);
        at_ += 2;
      } else if (c == '$' || c == '`') {
        expansion(word, true);
      } else {
        add(word, std::string(1, c), true);
        ++at_;
      }
    }
    if (at_ >= source_.size()) throw SyntaxError{"unexpected EOF while looking for matching `\"'"};
    ++at_;
  }

  /// At $ or `.
  void expansion(Word& word, bool quoted) {
    if (source_[at_] == '`') {
      ++at_;
      word.push_back({Part::Kind::kCommand, until('`'), quoted});
      return;
    }
    const std::string_view rest = source_.substr(at_ + 1);
    if (rest.starts_with('(')) {
      at_ += 2;
      word.push_back({Part::Kind::kCommand, until_parenthesis(), quoted});
    } else if (rest.starts_with('{')) {
      at_ += 2;
      word.push_back({Part::Kind::kVariable, until('}'), quoted});
    } else if (!rest.empty() &&
               (std::isdigit(static_cast<unsigned char>(rest[0])) != 0 ||
                std::string_view("?!$#@*").find(rest[0]) != std::string_view::npos)) {
      word.push_back({Part::Kind::kVariable, std::string(1, rest[0]), quoted});
      at_ += 2;
    } else {
      std::size_t end = at_ + 1;
      while (end < source_.size() &&
             (std::isalnum(static_cast<unsigned char>(source_[end])) != 0 || source_[end] == '_'))
        ++end;
      if (end == at_ + 1)
        add(word, "$", quoted);
      else
        word.push_back(
            {Part::Kind::kVariable, std::string(source_.substr(at_ + 1, end - at_ - 1)), quoted});
      at_ = end;
    }
  }

  std::string until(char close) {
    const std::size_t end = source_.find(close, at_);
    if (end == std::string_view::npos)
      throw SyntaxError{std::string("unexpected EOF while looking for matching `") + close + "'"};
    std::string text(source_.substr(at_, end - at_));
    at_ = end + 1;
    return text;
  }

  std::string until_parenthesis() {
    const std::size_t from = at_;
    int depth = 1;
    char quote = 0;
    for (; at_ < source_.size(); ++at_) {
      const char c = source_[at_];
      if (quote != 0) {
        if (c == '\\' && quote == '"')
          ++at_;
        else if (c == quote)
          quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        return std::string(source_.substr(from, at_++ - from));
      }
    }
    throw SyntaxError{"unexpected EOF while looking for matching `)'"};
  }

  static void add(Word& word, const std::string& text, bool quoted) {
    if (!word.empty() && word.back().kind == Part::Kind::kText && word.back().quoted == quoted)
      word.back().text += text;
    else
      word.push_back({Part::Kind::kText, text, quoted});
  }

  std::string_view source_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view source) {
    Lexer lexer(source);
    do tokens_.push_back(lexer.next());
    while (tokens_.back().kind != Token::Kind::kEnd);
  }

  std::unique_ptr<Node> program() {
    auto node = list({});
    if (now().kind != Token::Kind::kEnd) unexpected(shown());
    return node;
  }

 private:
  const Token& now() const { return tokens_[at_]; }
  std::string shown() const {
    if (now().kind == Token::Kind::kEnd || now().text == "\n") return "newline";
    return now().text;
  }
  bool at_operator(std::string_view text) const {
    return now().kind == Token::Kind::kOperator && now().text == text;
  }
  /// Reserved words count only where a command may begin.
  bool at_reserved(std::string_view text) const {
    return now().kind == Token::Kind::kWord && now().text == text;
  }
  bool take_operator(std::string_view text) {
    if (!at_operator(text)) return false;
    ++at_;
    return true;
  }
  void expect_reserved(std::string_view text) {
    if (!at_reserved(text)) unexpected(shown());
    ++at_;
  }
  void skip_newlines() {
    while (at_operator("\n")) ++at_;
  }
  static std::unique_ptr<Node> make(Node::Kind kind) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    return node;
  }

  std::unique_ptr<Node> list(const std::set<std::string>& ends) {
    auto node = make(Node::Kind::kList);
    while (true) {
      while (at_operator("\n") || (at_operator(";") && !node->parts.empty())) ++at_;
      if (now().kind == Token::Kind::kEnd || at_operator(")")) break;
      if (now().kind == Token::Kind::kWord && ends.contains(now().text)) break;
      auto part = and_or();
      if (take_operator("&")) {
        auto background = make(Node::Kind::kBackground);
        background->parts.push_back(std::move(part));
        part = std::move(background);
      } else if (!at_operator(";") && !at_operator("\n") && !at_operator(")") &&
                 now().kind != Token::Kind::kEnd &&
                 !(now().kind == Token::Kind::kWord && ends.contains(now().text))) {
        unexpected(shown());
      }
      node->parts.push_back(std::move(part));
    }
    return node;
  }

  std::unique_ptr<Node> and_or() {
    auto left = pipeline();
    while (at_operator("&&") || at_operator("||")) {
      const auto kind = at_operator("&&") ? Node::Kind::kAnd : Node::Kind::kOr;
      ++at_;
      skip_newlines();
      auto right = pipeline();
      auto node = make(kind);
      node->parts.push_back(std::move(left));
      node->parts.push_back(std::move(right));
      left = std::move(node);
    }
    return left;
  }

  std::unique_ptr<Node> pipeline() {
    if (at_reserved("!")) {
      ++at_;
      auto inner = pipeline();
      auto node = make(Node::Kind::kNot);
      node->parts.push_back(std::move(inner));
      return node;
    }
    auto first = command();
    if (!at_operator("|")) return first;
    std::vector<std::unique_ptr<Node>> parts;
    parts.push_back(std::move(first));
    while (take_operator("|")) {
      skip_newlines();
      parts.push_back(command());
    }
    auto node = make(Node::Kind::kPipeline);
    node->parts = std::move(parts);
    return node;
  }

  std::unique_ptr<Node> command() {
    std::unique_ptr<Node> node;
    if (at_reserved("if")) {
      node = if_command();
    } else if (at_reserved("for")) {
      node = for_command();
    } else if (at_reserved("{")) {
      ++at_;
      node = enclosed(Node::Kind::kGroup, {"}"});
      expect_reserved("}");
    } else if (take_operator("(")) {
      node = enclosed(Node::Kind::kSubshell, {});
      if (!take_operator(")")) unexpected(shown());
    } else {
      return simple();
    }
    while (redirect(*node)) {
    }
    return node;
  }

  std::unique_ptr<Node> enclosed(Node::Kind kind, const std::set<std::string>& ends) {
    auto body = list(ends);
    auto node = make(kind);
    node->parts.push_back(std::move(body));
    return node;
  }

  std::unique_ptr<Node> if_command() {
    auto node = make(Node::Kind::kIf);
    expect_reserved("if");
    while (true) {
      node->parts.push_back(list({"then"}));
      expect_reserved("then");
      node->parts.push_back(list({"elif", "else", "fi"}));
      if (!at_reserved("elif")) break;
      ++at_;
    }
    if (at_reserved("else")) {
      ++at_;
      node->parts.push_back(list({"fi"}));
    }
    expect_reserved("fi");
    return node;
  }

  std::unique_ptr<Node> for_command() {
    auto node = make(Node::Kind::kFor);
    expect_reserved("for");
    if (now().kind != Token::Kind::kWord || !is_name(now().text)) unexpected(shown());
    node->name = now().text;
    ++at_;
    expect_reserved("in");
    while (now().kind == Token::Kind::kWord) {
      node->words.push_back(now().word);
      ++at_;
    }
    while (at_operator(";") || at_operator("\n")) ++at_;
    expect_reserved("do");
    node->parts.push_back(list({"done"}));
    expect_reserved("done");
    return node;
  }

  std::unique_ptr<Node> simple() {
    auto node = make(Node::Kind::kSimple);
    while (true) {
      if (redirect(*node)) continue;
      if (now().kind != Token::Kind::kWord) break;
      if (!node->words.empty() || !assignment(*node)) node->words.push_back(now().word);
      ++at_;
    }
    if (node->words.empty() && node->assignments.empty() && node->redirects.empty())
      unexpected(shown());
    return node;
  }

  bool assignment(Node& node) const {
    const Word& word = now().word;
    if (word.empty() || word[0].kind != Part::Kind::kText || word[0].quoted) return false;
    const std::size_t equals = word[0].text.find('=');
    if (equals == std::string::npos || !is_name(word[0].text.substr(0, equals))) return false;
    Word value = word;
    value[0].text.erase(0, equals + 1);
    node.assignments.emplace_back(word[0].text.substr(0, equals), std::move(value));
    return true;
  }

  bool redirect(Node& node) {
    if (now().kind != Token::Kind::kOperator) return false;
    const std::string text = now().text;
    const auto push = [&node](Redirect::Kind kind, int descriptor, int duplicate_of, Word target) {
      node.redirects.push_back({kind, descriptor, duplicate_of, std::move(target)});
    };
    if (text == "2>&1" || text == ">&2" || text == "1>&2") {
      ++at_;
      push(Redirect::Kind::kDuplicate, text[0] == '2' ? 2 : 1, text[0] == '2' ? 1 : 2, {});
      return true;
    }
    static const std::set<std::string> kWithTarget = {"<",  ">",   ">>", "1>", "1>>",
                                                      "2>", "2>>", "&>", "&>>"};
    if (!kWithTarget.contains(text)) return false;
    ++at_;
    if (now().kind != Token::Kind::kWord) unexpected(shown());
    const Word target = now().word;
    ++at_;
    const auto kind = text == "<"            ? Redirect::Kind::kInput
                      : text.ends_with(">>") ? Redirect::Kind::kAppend
                                             : Redirect::Kind::kOutput;
    push(kind, text == "<" ? 0 : text[0] == '2' ? 2 : 1, 1, target);
    if (text[0] == '&') push(Redirect::Kind::kDuplicate, 2, 1, {});
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<Node>> parse(std::string_view source) {
  try {
    return Parser(source).program();
  } catch (const SyntaxError& error) {
    return Error{ErrorCode::kInvalid, error.message};
  }
}

}  // namespace wme::simulators::shell
