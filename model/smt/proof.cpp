#include "model/smt/proof.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "model/checker/property.hpp"
#include "model/english/words.hpp"
#include "model/smt/initial.hpp"
#include "model/smt/story.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/rules.hpp"

namespace wme::model::smt {

namespace {

/// What a proof may lean on, or is about.
struct Hypothesis {
  std::string label;
  Formula formula;        ///< of every state
  bool is_guess = false;  ///< not claimed by anybody: dropped without a word where it does not hold
};

std::vector<Hypothesis> hypotheses() {
  std::vector<Hypothesis> all;
  for (const Lemma& lemma : lemmas()) all.push_back({lemma.name, lemma.formula, false});
  for (const std::string& rule : data_loss_rules())
    for (const Claim& claim : claims_of(rule))
      if (!claim.is_about_changes())
        all.push_back({rule + ": " + claim.sentence, claim.always, false});
  // What a request has made is there as long as its work is under way.
  for (const Action& action : all_actions())
    for (const Effect& effect : action.request)
      if (effect.when.kind == Formula::Kind::kTrue && effect.where.kind == Formula::Kind::kTrue &&
          effect.each.empty()) {
        std::vector<Term> arguments;
        for (const Var& each : action.parameters) arguments.emplace_back(each);
        Formula made =
            implies(under_way(action.name, arguments) == "yes", effect.target == effect.value);
        for (const Var& each : action.parameters)
          made = for_all(each, action.applies, std::move(made));
        all.push_back({"while " + action.name + " is under way, " + effect.target.fluent +
                           " stays " + effect.value,
                       std::move(made), true});
      }
  return all;
}

std::string guard_label(const Transition& transition, const Obstacle& obstacle) {
  std::string label = transition.action->name + ":" + std::to_string(obstacle.number);
  if (!obstacle.condition->rule.empty()) label += " (" + obstacle.condition->rule + ")";
  return label;
}

bool is_excepted(const Transition& transition, const std::vector<Exception>& unless) {
  return std::ranges::any_of(unless, [&](const Exception& each) {
    return each.action == transition.action->name &&
           (each.is_failure ? transition.is_failure() : transition.is_by_environment());
  });
}

bool changes_any(const Transition& transition, const std::map<std::string, Cell>& cells) {
  return std::ranges::any_of(transition.changes,
                             [&](const Change& change) { return cells.contains(change.symbol); });
}

}  // namespace

/// One kind of installation under one set of assumptions; what is proved here leans on what is
/// proved here only.
class Prover::World {
 public:
  World(const Fleet& fleet, Overtaking overtaking, std::vector<Exception> unless,
        const std::vector<Without>& without)
      : translator_(fleet),
        solver_(Fleet::functions()),
        tells_(overtaking == Overtaking::kExcluded) {
    for (Transition& each : transitions_of(translator_, overtaking, without))
      if (!is_excepted(each, unless)) transitions_.push_back(std::move(each));
    facts_ = facts(translator_);
    solver_.suppose("", facts_);
    for (const Situation situation : fleet.situations())
      beginnings_.push_back(initial_states(translator_, situation));
    for (const Hypothesis& each : hypotheses())
      if (is_supposed(each.label, each.formula))
        suppositions_.at(each.label).first.is_guess = each.is_guess;
  }

  ClaimProof prove(const Claim& claim) {
    ClaimProof proof;
    proof.claim = &claim;
    questions_ = 0;
    while (true) {
      std::vector<std::string> open = {};
      std::set<std::string> reached;
      const Trial* own = &tried(claim);
      if (own->holds != Answer::kYes) {
        proof.holds = own->holds;
        if (own->by) proof.overtaken_by = words_of(*own->by);
        if (own->holds == Answer::kNo && tells_) {
          proof.counterexample = counterexample(claim, *own);
          if (!proof.counterexample) proof.holds = Answer::kUnknown;
        }
        break;
      }
      bool dropped = false;
      proof.guards = own->guards;
      open.assign(own->lemmas.begin(), own->lemmas.end());
      while (!open.empty() && !dropped) {
        const std::string label = open.back();
        open.pop_back();
        if (!reached.insert(label).second) continue;
        const Trial& trial = tried(label);
        if (trial.holds == Answer::kYes) {
          proof.guards.insert(trial.guards.begin(), trial.guards.end());
          open.insert(open.end(), trial.lemmas.begin(), trial.lemmas.end());
          continue;
        }
        drop(label);
        dropped = true;
      }
      if (dropped) continue;
      proof.holds = Answer::kYes;
      proof.lemmas = std::move(reached);
      break;
    }
    proof.questions = questions_;
    return proof;
  }

 private:
  /// What became of showing that one thing is kept.
  struct Trial {
    Answer holds = Answer::kUnknown;
    std::set<std::string> lemmas;
    std::set<std::string> guards;
    const Transition* by = nullptr;     ///< kNo: what breaks it; null: it does not hold at first
    std::vector<std::string> supposed;  ///< kNo: what was supposed
    std::string because;                ///< a lemma without which it no longer holds
  };

  const Trial& tried(const std::string& label) {
    const auto known = trials_.find(label);
    if (known != trials_.end()) return known->second;
    const auto& [hypothesis, formula] = suppositions_.at(label);
    Trial trial = begin(label);
    holds_at_first(formula, trial);
    if (trial.holds == Answer::kYes)
      try_all(formula, trial, [&](const Transition& each) {
        return negation(translator_.after(hypothesis.formula, {}, each.changes));
      });
    return trials_[label] = std::move(trial);
  }

  const Trial& tried(const Claim& claim) {
    const std::string name = claim.rule + ": " + claim.sentence;
    if (!claim.is_about_changes() && is_supposed(name, claim.always)) return tried(name);
    const auto known = trials_.find(name);
    if (known != trials_.end()) return known->second;
    Trial trial = begin(name);
    trial.holds = Answer::kYes;  // a state property of something that such an installation has not
    if (claim.is_about_changes())
      try_all(watched(claim, 0, {}, nullptr), trial,
              [&](const Transition& each) { return watched(claim, 0, {}, &each.changes); });
    return trials_[name] = std::move(trial);
  }

  /// A proof by induction may suppose what it proves. False if there is nothing to prove.
  bool is_supposed(const std::string& name, const Formula& always) {
    if (suppositions_.contains(name)) return true;
    Expr formula = translator_.before(always, {});
    if (formula.is_true()) return false;
    solver_.suppose(name, formula);
    live_.push_back(name);
    suppositions_.emplace(name, std::pair{Hypothesis{name, always, false}, std::move(formula)});
    return true;
  }

  Trial begin(const std::string& name) const {
    Trial trial;
    if (const auto before = because_.find(name); before != because_.end())
      trial.because = before->second;
    return trial;
  }

  /// Some choice of entities for which the claim about changes is broken by these changes; without
  /// changes, the cells that it watches.
  Expr watched(const Claim& claim, std::size_t depth, const Fleet::Binding& binding,
               const std::vector<Change>* changes) const {
    if (depth == claim.each.size()) {
      if (!changes) return translator_.before(claim.becomes, binding);
      return conjunction({negation(translator_.before(claim.becomes, binding)),
                          translator_.after(claim.becomes, binding, *changes),
                          negation(translator_.before(claim.only_if, binding))});
    }
    std::vector<Expr> any;
    for (const Ref& choice : choices(translator_.fleet(), claim.each[depth])) {
      Fleet::Binding wider = binding;
      wider.emplace_back(claim.each[depth].name, choice);
      Expr broken = watched(claim, depth + 1, wider, changes);
      any.push_back(choice.sort == OpenSort::kNone
                        ? std::move(broken)
                        : negation(for_all(choice.sort, choice.name, negation(std::move(broken)))));
    }
    return disjunction(std::move(any));
  }

  void holds_at_first(const Expr& formula, Trial& trial) {
    trial.holds = Answer::kYes;
    for (const Expr& beginning : beginnings_) {
      ++questions_;
      const Solver::Reply reply =
          solver_.possible(conjunction({beginning, negation(formula)}), {}, {});
      if (reply.answer == Answer::kNo) continue;
      trial.holds = reply.answer == Answer::kYes ? Answer::kNo : Answer::kUnknown;
      broken_at_first_ = beginning;
      return;
    }
  }

  template <class Broken>
  void try_all(const Expr& about, Trial& trial, const Broken& broken) {
    std::map<std::string, Cell> cells;
    collect_cells(about, cells);
    for (const Transition& each : transitions_) {
      if (!changes_any(each, cells)) continue;
      try_one(each, broken(each), trial);
      if (trial.holds != Answer::kYes) return;
    }
  }

  void try_one(const Transition& transition, const Expr& broken, Trial& trial) {
    if (broken.is_false()) return;
    std::vector<Solver::Labelled> guard;
    for (const Obstacle& each : transition.guard)
      guard.emplace_back(guard_label(transition, each), each.formula);
    ++questions_;
    const Solver::Reply reply =
        solver_.possible(conjunction({transition.enabled, broken}), live_, guard);
    if (reply.answer != Answer::kNo) {
      trial.holds = reply.answer == Answer::kYes ? Answer::kNo : Answer::kUnknown;
      trial.by = &transition;
      trial.supposed = live_;
      return;
    }
    for (const std::string& label : reply.needed)
      (suppositions_.contains(label) ? trial.lemmas : trial.guards).insert(label);
  }

  /// It is not kept: nothing may lean on it any more.
  void drop(const std::string& label) {
    std::erase(live_, label);
    dropped_.emplace(label, trials_.at(label));
    for (auto trial = trials_.begin(); trial != trials_.end();) {
      if (trial->second.lemmas.contains(label)) {
        if (!suppositions_.at(label).first.is_guess) because_.emplace(trial->first, label);
        trial = trials_.erase(trial);
      } else {
        ++trial;
      }
    }
  }

  /// None where no installation with up to three containers, instances and shards shows it.
  std::optional<Counterexample> counterexample(const Claim& claim, const Trial& own) {
    // What comes first: a lemma that fails takes with it whatever leans on it.
    const Trial* trial = &own;
    std::string lemma;
    while (!trial->because.empty() && dropped_.contains(trial->because)) {
      lemma = trial->because;
      trial = &dropped_.at(lemma);
    }
    Counterexample found;
    found.is_lemma = !lemma.empty();
    found.broken = found.is_lemma ? lemma : claim.sentence;
    if (trial->by) found.transition = *trial->by;
    const Formula always = found.is_lemma ? suppositions_.at(lemma).first.formula : claim.always;
    const bool is_state = found.is_lemma || !claim.is_about_changes();
    std::vector<Expr> all = {facts_};
    Expr broken;
    if (!trial->by) {
      broken = negation(translator_.before(always, {}));
      all.push_back(broken_at_first_);
    } else {
      for (const std::string& label : trial->supposed)
        all.push_back(suppositions_.at(label).second);
      for (const Obstacle& each : trial->by->guard) all.push_back(each.formula);
      all.push_back(trial->by->enabled);
      broken = is_state ? negation(translator_.after(always, {}, trial->by->changes))
                        : watched(claim, 0, {}, &trial->by->changes);
    }
    all.push_back(broken);
    const Expr together = conjunction(std::move(all));
    const std::optional<Structure> smallest = smallest_structure(together, trial->by);
    if (!smallest) return std::nullopt;
    if (!smallest->holds(together)) {
      std::cerr << "rehydrate: Z3 and we do not agree on a counterexample to: " << found.broken
                << "\n";
      std::abort();
    }
    found.before = *smallest;
    found.story = story_of(translator_, found, broken);
    return found;
  }

  static std::optional<Structure> smallest_structure(const Expr& formula,
                                                     const Transition* transition) {
    std::map<std::string, OpenSort> constants;
    if (transition)
      for (const Ref& each : transition->arguments)
        if (each.sort != OpenSort::kNone) constants.emplace(each.name, each.sort);
    constexpr std::size_t kMost = 3;
    std::vector<Sizes> order;
    for (std::size_t c = 0; c <= kMost; ++c)
      for (std::size_t i = 0; i <= kMost; ++i)
        for (std::size_t sh = 0; sh <= kMost; ++sh)
          if ((c == 0 || i > 0) && (i == 0 || sh > 0) && (sh == 0 || c + i + sh > 0))
            order.push_back(
                {{OpenSort::kContainer, c}, {OpenSort::kInstance, i}, {OpenSort::kShard, sh}});
    const auto total = [](const Sizes& sizes) {
      std::size_t sum = 0;
      for (const auto& [sort, size] : sizes) sum += size;
      return sum;
    };
    std::ranges::stable_sort(order, {}, total);
    for (const Sizes& sizes : order) {
      if (std::ranges::any_of(constants,
                              [&](const auto& each) { return sizes.at(each.second) == 0; }))
        continue;
      if (auto found = structure_of(formula, Fleet::functions(), constants, sizes)) return found;
    }
    return std::nullopt;
  }

  Translator translator_;
  Solver solver_;
  bool tells_;  ///< a counterexample is for the last world that is tried
  std::vector<Transition> transitions_;
  Expr facts_;
  std::vector<Expr> beginnings_;
  Expr broken_at_first_;
  std::map<std::string, std::pair<Hypothesis, Expr>> suppositions_;
  std::vector<std::string> live_;
  std::map<std::string, Trial> trials_;
  std::map<std::string, Trial> dropped_;
  std::map<std::string, std::string> because_;
  std::size_t questions_ = 0;
};

const char* to_string(RuleVerdict verdict) {
  switch (verdict) {
    case RuleVerdict::kProved:
      return "proved";
    case RuleVerdict::kProvedInTurn:
      return "proved in turn";
    case RuleVerdict::kNotProved:
      return "not proved";
    case RuleVerdict::kUndecided:
      return "undecided";
  }
  return "?";
}

Result<Without> parse_without(std::string_view text) {
  const auto invalid = [&](const std::string& why) {
    return Error{ErrorCode::kInvalid, "--without " + std::string(text) + ": " + why};
  };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    const std::string rule(text);
    if (!find_rule(rule)) return invalid("neither ACTION:N nor a rule such as INV-05");
    if (actions_guarded_by(rule).empty()) return invalid("no action has a condition of this rule");
    return Without{"", 0, rule};
  }
  Without without{std::string(text.substr(0, colon)), 0, ""};
  const Action* action = find_action(without.action);
  if (!action) {
    std::vector<std::string> names;
    for (const Action& each : all_actions()) names.push_back(each.name);
    return invalid("no such action; " + suggestion(without.action, names));
  }
  const std::string_view number = text.substr(colon + 1);
  const auto end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, without.number);
  const std::size_t most = guard_of(*action).size();
  if (read.ec != std::errc() || read.ptr != end || without.number < 1 || without.number > most)
    return invalid("the guard of " + without.action + " has the conditions 1 to " +
                   std::to_string(most) + ", in the order of `rehydrate explain " + without.action +
                   "`");
  return without;
}

Prover::Prover(ProveOptions options) : options_(std::move(options)) {
  // One of each kind: where the address is attached, where it comes with the machine, one disk.
  std::vector<Provider> providers = {Provider::kAws, Provider::kAzure, Provider::kEsxi};
  if (options_.provider) providers = {*options_.provider};
  for (const Provider each : providers)
    fleets_.push_back(std::make_unique<Fleet>(Scope{each, options_.procedure}));
}

Prover::~Prover() = default;

Prover::World& Prover::world(std::size_t scope, Overtaking overtaking,
                             const std::vector<Exception>& unless) {
  std::string key = std::to_string(scope) + (overtaking == Overtaking::kAllowed ? "" : " in turn");
  for (const Exception& each : unless) key += " " + each.action;
  std::unique_ptr<World>& made = worlds_[key];
  if (!made) made = std::make_unique<World>(*fleets_[scope], overtaking, unless, options_.without);
  return *made;
}

ClaimProof Prover::prove(const Claim& claim) {
  ClaimProof whole;
  whole.claim = &claim;
  whole.holds = Answer::kYes;
  for (std::size_t scope = 0; scope < fleets_.size(); ++scope) {
    ClaimProof part = world(scope, Overtaking::kAllowed, claim.unless).prove(claim);
    if (part.holds != Answer::kYes) {
      if (whole.overtaken_by.empty()) whole.overtaken_by = part.overtaken_by;
      const std::size_t questions = part.questions;
      part = world(scope, Overtaking::kExcluded, claim.unless).prove(claim);
      part.questions += questions;
      whole.overtaking = Overtaking::kExcluded;
    }
    whole.questions += part.questions;
    whole.lemmas.insert(part.lemmas.begin(), part.lemmas.end());
    whole.guards.insert(part.guards.begin(), part.guards.end());
    if (part.holds == Answer::kYes) continue;
    whole.holds = part.holds;
    whole.counterexample = std::move(part.counterexample);
    break;
  }
  return whole;
}

RuleProof Prover::prove(const std::string& rule) {
  RuleProof made;
  made.rule = rule;
  made.verdict = RuleVerdict::kProved;
  static std::map<std::string, std::vector<Claim>> kept;  // proofs point at their claims
  const std::vector<Claim>& claims = kept.emplace(rule, claims_of(rule)).first->second;
  for (const Claim& claim : claims) {
    ClaimProof proof = prove(claim);
    made.lemmas.insert(proof.lemmas.begin(), proof.lemmas.end());
    made.guards.insert(proof.guards.begin(), proof.guards.end());
    if (proof.holds == Answer::kYes) {
      if (proof.overtaking == Overtaking::kExcluded && made.verdict == RuleVerdict::kProved)
        made.verdict = RuleVerdict::kProvedInTurn;
    } else if (proof.holds == Answer::kNo) {
      made.verdict = RuleVerdict::kNotProved;
    } else if (made.verdict != RuleVerdict::kNotProved) {
      made.verdict = RuleVerdict::kUndecided;
    }
    made.claims.push_back(std::move(proof));
  }
  for (const std::string& guard : made.guards)
    if (const std::size_t open = guard.find('('); open != std::string::npos)
      for (const std::string& each : rules_in(guard.substr(open + 1, guard.size() - open - 2)))
        made.rests_on.insert(each);
  return made;
}

}  // namespace wme::model::smt
