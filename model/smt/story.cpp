#include "model/smt/story.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "model/english/words.hpp"
#include "model/language/interpreter.hpp"
#include "model/smt/proof.hpp"

namespace wme::model::smt {

namespace {

/// One cell of one member: what a line of the story is about.
struct Spot {
  std::string symbol;
  std::size_t member = 0;
  auto operator<=>(const Spot&) const = default;
};

std::string member_name(OpenSort sort, std::size_t member, bool is_new) {
  const char* letter = sort == OpenSort::kContainer ? "c" : sort == OpenSort::kShard ? "sh" : "i";
  return letter + std::to_string(member + 1) + (is_new ? "-new" : "");
}

class Teller {
 public:
  Teller(const Translator& translator, const Counterexample& found)
      : translator_(translator), found_(found), state_(found.before) {}

  std::vector<std::string> told(const Expr& broken) && {
    note_why(broken, true, {});
    std::vector<std::pair<Spot, std::string>> changed;
    if (found_.transition) {
      for (const Obstacle& each : found_.transition->guard) note_why(each.formula, true, {});
      note_why(found_.transition->enabled, true, {});
      changed = changes();
      for (const auto& [spot, word] : changed) spots_.insert(spot);
    }
    lines_.push_back(installation() + " " + storage());
    tell_homes();
    for (const Spot& spot : spots_) tell(spot);
    if (found_.transition) {
      lines_.push_back("then: " + event());
      lines_.push_back("  " + filled_in(found_.transition->action->imperative));
      for (const Obstacle& each : found_.transition->left_out)
        if (!state_.holds(each.formula))
          lines_.push_back("  nobody objects any more that " + filled_in(each.condition->sentence));
      for (const auto& [spot, word] : changed)
        lines_.push_back("  " + name_of(spot) + " becomes " + word);
    }
    lines_.push_back("now broken: " + found_.broken);
    return std::move(lines_);
  }

 private:
  /// What it takes at least.
  std::string installation() const {
    std::vector<std::string> counts;
    for (const OpenSort sort : {OpenSort::kContainer, OpenSort::kInstance})
      if (const std::size_t count = state_.sizes.at(sort); count > 0)
        counts.push_back(std::to_string(count) + " " + to_string(sort) + (count == 1 ? "" : "s"));
    return counts.empty() ? "in any installation"
                          : "in an installation with " + listed(counts, "and");
  }
  std::string storage() const {
    return has_volumes(translator_.fleet().scope().provider)
               ? "whose trees are volumes (AWS, Azure, GCP):"
               : "on one disk (ESXi, Hyper-V):";
  }

  /// Which cells make the formula what it is.
  void note_why(const Expr& expr, bool value, const Structure::Binding& binding) {
    switch (expr.kind) {
      case Expr::Kind::kIn:
        spots_.insert(spot_of(expr.cell, binding));
        return;
      case Expr::Kind::kSame:
        return;
      case Expr::Kind::kNot:
        return note_why(expr.parts.front(), !value, binding);
      case Expr::Kind::kAnd:
      case Expr::Kind::kOr:
        // All parts of what is decided by all, else the first that decides.
        for (const Expr& part : expr.parts) {
          const bool decides_alone = (expr.kind == Expr::Kind::kAnd) != value;
          if (state_.holds(part, binding) != value) continue;
          note_why(part, value, binding);
          if (decides_alone) return;
        }
        return;
      case Expr::Kind::kForAll:
        for (std::size_t at = 0; at < state_.sizes.at(expr.sort); ++at) {
          Structure::Binding wider = binding;
          wider[expr.variable] = at;
          if (state_.holds(expr.parts.front(), wider) != value) continue;
          note_why(expr.parts.front(), value, wider);
          if (!value) return;
        }
        return;
    }
  }

  Spot spot_of(const Cell& cell, const Structure::Binding& binding) {
    cells_.emplace(cell.symbol, cell);
    return {cell.symbol, cell.at.sort == OpenSort::kNone ? 0 : state_.member(cell.at, binding)};
  }

  /// What the transition makes of each cell that it touches, where that is something else.
  std::vector<std::pair<Spot, std::string>> changes() {
    std::map<Spot, std::string> made;
    for (const Change& change : found_.transition->changes) {
      if (!change.effect) continue;
      Fleet::Binding binding = change.binding;
      if (change.is_for_each) binding.emplace_back(change.at.name, change.at);
      std::optional<Cell> cell = translator_.fleet().cell(change.effect->target, binding);
      if (!cell) continue;
      if (cell->at.sort == OpenSort::kNone) {
        note_change(*cell, {}, made);
        continue;
      }
      const std::size_t count = change.is_for_each ? state_.sizes.at(cell->at.sort) : 1;
      for (std::size_t at = 0; at < count; ++at) {
        const Structure::Binding one = {
            {"some", change.is_for_each ? at : state_.member(cell->at, {})}};
        Cell some = *cell;
        some.at = {cell->at.sort, "some", {}, cell->at.is_new};
        note_change(some, one, made);
      }
    }
    return {made.begin(), made.end()};
  }

  void note_change(const Cell& cell, const Structure::Binding& binding,
                   std::map<Spot, std::string>& made) {
    const std::size_t before = state_.word(cell, binding);
    for (std::size_t word = 0; word < cell.words->size(); ++word) {
      const Expr now =
          translator_.after(cell, std::uint32_t{1} << word, found_.transition->changes);
      if (word != before && state_.holds(now, binding))
        made[spot_of(cell, binding)] = (*cell.words)[word];
    }
  }

  std::string name_of(const Spot& spot) const {
    const Cell& cell = cells_.at(spot.symbol);
    if (cell.at.sort == OpenSort::kNone) return spot.symbol;
    return cell.fluent + "(" + member_name(cell.at.sort, spot.member, cell.at.is_new) + ")";
  }

  void tell(const Spot& spot) {
    const Cell& cell = cells_.at(spot.symbol);
    const auto words = state_.words.find(spot.symbol);
    const std::size_t word = words == state_.words.end() ? 0 : words->second[spot.member];
    if (cell.fluent.starts_with(kUnderWay)) {
      if (word == 0) return;
      std::string name = name_of(spot);
      name.erase(0, std::string(kUnderWay).size());
      lines_.push_back("  " + name + " is under way");
      return;
    }
    lines_.push_back("  " + name_of(spot) + " is " + (*cell.words)[word]);
  }

  void tell_homes() {
    for (std::size_t c = 0; c < state_.sizes.at(OpenSort::kContainer); ++c)
      lines_.push_back("  home(" + member_name(OpenSort::kContainer, c, false) + ") is " +
                       member_name(OpenSort::kInstance, state_.functions.at("home")[c], false));
  }

  std::string name_of(const Ref& ref) const {
    return ref.sort == OpenSort::kNone ? ref.name
                                       : member_name(ref.sort, state_.member(ref, {}), ref.is_new);
  }

  std::string event() const {
    const Transition& transition = *found_.transition;
    std::string text = transition.action->name;
    for (const Ref& each : transition.arguments) text += " " + name_of(each);
    return text + " " + how(transition);
  }

  std::string filled_in(std::string_view sentence) const {
    return model::filled_in(sentence, [this](const Term& term) -> std::optional<std::string> {
      const auto ref = translator_.fleet().resolve(term, found_.transition->binding);
      if (!ref) return std::nullopt;
      return name_of(*ref);
    });
  }

 public:
  static std::string how(const Transition& transition) {
    switch (transition.kind) {
      case Transition::Kind::kRequest:
        return "is requested";
      case Transition::Kind::kEvent:
        return "happens";
      case Transition::Kind::kAtOnce:
        return transition.is_failure() ? "is tried and fails" : "is done";
      case Transition::Kind::kGivenUp:
        return "is given up";
      case Transition::Kind::kOutcome:
        return transition.is_failure() ? "fails" : "ends";
    }
    return "";
  }

 private:
  const Translator& translator_;
  const Counterexample& found_;
  const Structure& state_;
  std::set<Spot> spots_;
  std::map<std::string, Cell> cells_;
  std::vector<std::string> lines_;
};

}  // namespace

std::string words_of(const Transition& transition) {
  std::string text = transition.action->name;
  for (const Ref& each : transition.arguments)
    text += each.sort == OpenSort::kNone
                ? " " + each.name
                : std::string(" of some ") + (each.is_new ? "new " : "") + to_string(each.sort);
  return text + " " + Teller::how(transition);
}

std::vector<std::string> story_of(const Translator& translator, const Counterexample& found,
                                  const Expr& broken) {
  return Teller(translator, found).told(broken);
}

}  // namespace wme::model::smt
