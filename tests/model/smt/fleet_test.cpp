#include "model/smt/fleet.hpp"

#include <gmock/gmock.h>

#include <bit>
#include <random>

#include "model/language/interpreter.hpp"
#include "model/smt/initial.hpp"
#include "tests/support/fleets.hpp"

/// What the proofs say about all installations is what the interpreter says about each of them.
namespace wme::tests {
namespace {

using namespace wme::model;       // NOLINT
using namespace wme::model::smt;  // NOLINT

using Cells = std::map<std::string, Cell>;

/// One installation, seen as the proofs see it.
class Seen {
 public:
  explicit Seen(const GroundModel& model) : model_(model) {
    for (const Instance& each : model.installation().inventory.instances)
      instances_.push_back(each.name);
    made_.sizes = {{OpenSort::kContainer, sort("container").size()},
                   {OpenSort::kInstance, instances_.size()},
                   {OpenSort::kShard, sort("shard").size()}};
    map("home", "home", sort("container"), instances_);
    map("shard", "shard", sort("container"), sort("shard"));
    map("shard of instance", "shard", instances_, sort("shard"));
    map("canary", "canary", sort("shard"), sort("container"));
  }

  Structure in(const State& state, const Cells& cells, std::size_t under_way) {
    for (const auto& [symbol, cell] : cells) {
      std::vector<std::size_t>& words = made_.words[symbol];
      words.clear();
      if (cell.at.sort == OpenSort::kNone)
        words.push_back(word(cell, argument_in(symbol), state, under_way));
      else
        for (const std::string& name : members(cell.at))
          words.push_back(word(cell, name, state, under_way));
    }
    return made_;
  }

  const std::vector<std::string>& members(const Ref& ref) {
    if (ref.sort == OpenSort::kContainer) return sort("container");
    if (ref.sort == OpenSort::kShard) return sort("shard");
    if (!ref.is_new) return instances_;
    successors_.clear();
    for (const std::string& each : instances_) successors_.push_back(each + "-new");
    return successors_;
  }

  static std::string argument_in(const std::string& symbol) {
    const std::size_t open = symbol.find('(');
    return open == std::string::npos ? "" : symbol.substr(open + 1, symbol.size() - open - 2);
  }

 private:
  const std::vector<std::string>& sort(const std::string& name) const {
    static const std::vector<std::string> none;
    const auto& sorts = model_.installation().sorts;
    return sorts.contains(name) ? sorts.at(name) : none;
  }

  void map(const char* name, const char* function, const std::vector<std::string>& from,
           const std::vector<std::string>& to) {
    const auto& table = model_.installation().functions;
    for (const std::string& each : from) {
      const bool known = table.contains(function) && table.at(function).contains(each);
      const auto at = known ? std::ranges::find(to, table.at(function).at(each)) : to.begin();
      made_.functions[name].push_back(static_cast<std::size_t>(at - to.begin()));
    }
  }

  std::size_t word(const Cell& cell, const std::string& of, const State& state,
                   std::size_t under_way) const {
    if (cell.fluent.starts_with(kUnderWay)) return under_way;
    if (!cell.is_rigid) {
      std::vector<std::string> arguments;
      if (!of.empty()) arguments.push_back(of);
      const auto variable = model_.variable(cell.fluent, arguments);
      EXPECT_TRUE(variable) << cell.fluent << "(" << of << ")";
      return variable ? state[*variable] : 0;
    }
    const auto& facts = model_.installation().attributes;
    const std::string name = cell.fluent.substr(0, cell.fluent.find('('));
    if (!facts.contains(name) || !facts.at(name).contains(of)) return 0;
    const auto at = std::ranges::find(*cell.words, facts.at(name).at(of));
    return static_cast<std::size_t>(at - cell.words->begin());
  }

  const GroundModel& model_;
  std::vector<std::string> instances_;
  std::vector<std::string> successors_;
  Structure made_;
};

struct Kind {
  Provider provider;
  Procedure procedure;
  Addresses addresses;
};
std::ostream& operator<<(std::ostream& out, const Kind& kind) {
  return out << to_string(kind.provider) << " " << to_string(kind.procedure) << " "
             << static_cast<int>(kind.addresses);
}

std::vector<Kind> every_kind() {
  std::vector<Kind> all;
  for (const Provider provider : kEveryProvider)
    for (const Procedure procedure :
         {Procedure::kDehydrate, Procedure::kRestore, Procedure::kRotate, Procedure::kUpgrade})
      for (const Addresses addresses : kEveryAddresses)
        all.push_back({provider, procedure, addresses});
  return all;
}

GroundModel model_of(const Kind& kind, const std::string& version, int containers) {
  FleetShape shape;
  shape.provider = kind.provider;
  shape.addresses = kind.addresses;
  shape.version = version;
  shape.containers_per_instance = containers;
  shape.instances = {{"studio", 2}, {"live", 1}};
  return GroundModel(installation_of(fleet(shape), kind.procedure));
}

class EveryInstallation : public testing::TestWithParam<Kind> {};

TEST_P(EveryInstallation, IsOneOfTheFleetAndStartsAsItsInitialStatesSay) {
  const Kind kind = GetParam();
  for (const char* version : kEveryVersion)
    for (const int containers : {0, 1, 3})
      for (const std::optional<Procedure> procedure : {std::optional(kind.procedure), {}}) {
        const GroundModel model = model_of(kind, version, containers);
        const Fleet of_all({kind.provider, procedure});
        const Translator translator(of_all);
        const Expr begun = initial_states(translator, situation_of(kind.procedure));
        const Expr fact = facts(translator);
        Cells cells;
        collect_cells(begun, cells);
        collect_cells(fact, cells);
        const Structure seen = Seen(model).in(model.initial(), cells, 0);
        EXPECT_TRUE(seen.holds(fact)) << version << ", " << containers << " containers";
        for (const Expr& part : begun.parts)
          EXPECT_TRUE(seen.holds(part))
              << version << ": "
              << (part.kind == Expr::Kind::kIn ? part.cell.symbol : part.variable);
      }
}

TEST(Fleet, StartsInNoStateInWhichAnythingIsUnderWay) {
  const GroundModel model =
      model_of({Provider::kAws, Procedure::kRotate, Addresses::kSame}, kEveryVersion[3], 2);
  const Fleet of_all({Provider::kAws, Procedure::kRotate});
  const Translator translator(of_all);
  const Expr begun = initial_states(translator, Situation::kServing);
  Cells cells;
  collect_cells(begun, cells);
  EXPECT_FALSE(Seen(model).in(model.initial(), cells, 1).holds(begun));
}

/// Requests, ends and events of the proofs, in an arbitrary state of one installation.
class Comparison {
 public:
  Comparison(const GroundModel& model, const Kind& kind)
      : model_(model),
        fleet_({kind.provider, kind.procedure}),
        translator_(fleet_),
        transitions_(transitions_of(translator_, Overtaking::kAllowed, {})),
        seen_(model) {
    for (const Transition& each : transitions_) {
      collect_cells(each.enabled, cells_);
      for (const Obstacle& obstacle : each.guard) collect_cells(obstacle.formula, cells_);
      for (const Change& change : each.changes) add_cells_of(change);
    }
  }

  std::size_t compare_in(const State& state) {
    std::size_t compared = 0;
    for (const Transition& each : transitions_) {
      if (each.kind == Transition::Kind::kGivenUp) continue;  // changes nothing of the model's
      const bool is_end = each.kind == Transition::Kind::kOutcome;
      before_ = seen_.in(state, cells_, is_end ? 1 : 0);
      if (each.arguments.empty()) {
        compared += compare(each, {}, state);
      } else if (const Ref& ref = each.arguments.front(); ref.sort == OpenSort::kNone) {
        compared += compare(each, {ref.name}, state);
      } else {
        const std::vector<std::string> names = seen_.members(ref);
        for (std::size_t at = 0; at < names.size(); ++at) {
          before_.constants[ref.name] = at;
          compared += compare(each, {names[at]}, state);
        }
      }
    }
    return compared;
  }

 private:
  void add_cells_of(const Change& change) {
    if (!change.effect) return;
    Fleet::Binding binding = change.binding;
    if (change.is_for_each) binding.emplace_back(change.at.name, change.at);
    cells_.emplace(change.symbol, *fleet_.cell(change.effect->target, binding));
    collect_cells(translator_.before(change.effect->when, binding), cells_);
    collect_cells(translator_.before(change.effect->where, binding), cells_);
  }

  std::size_t compare(const Transition& transition, const std::vector<std::string>& arguments,
                      const State& state) {
    const std::string name =
        transition.action->name + " " + (arguments.empty() ? "" : arguments.front());
    const auto action = model_.ground(*transition.action, arguments);
    if (!action) {
      // An action that is not for this installation cannot begin in the proof either.
      if (transition.kind != Transition::Kind::kOutcome) {
        EXPECT_FALSE(before_.holds(transition.enabled)) << name;
      }
      return 0;
    }
    for (const Obstacle& each : transition.guard)
      EXPECT_EQ(before_.holds(each.formula),
                evaluate(action->guard[each.number - 1].formula, state))
          << name << ", condition " << each.number;
    if (transition.kind == Transition::Kind::kOutcome && transition.outcome == 0) {
      EXPECT_EQ(before_.holds(transition.enabled), evaluate(action->lasts, state)) << name;
    }
    const bool is_request = transition.kind == Transition::Kind::kRequest;
    compare_after(
        name, transition,
        applied(is_request ? action->request : action->outcomes[transition.outcome], state));
    return 1;
  }

  void compare_after(const std::string& name, const Transition& transition, const State& after) {
    for (const auto& [symbol, cell] : cells_) {
      if (cell.is_rigid || cell.fluent.starts_with(kUnderWay)) continue;
      if (cell.at.sort == OpenSort::kNone) {
        const std::string of = Seen::argument_in(symbol);
        expect(name, transition, cell, of, after, {});
        continue;
      }
      const std::vector<std::string> names = seen_.members(cell.at);
      for (std::size_t at = 0; at < names.size(); ++at) {
        Cell one = cell;
        one.at = {cell.at.sort, "one", {}, cell.at.is_new};
        expect(name, transition, one, names[at], after, {{"one", at}});
      }
    }
  }

  void expect(const std::string& name, const Transition& transition, const Cell& cell,
              const std::string& of, const State& after, const Structure::Binding& binding) {
    std::vector<std::string> arguments;
    if (!of.empty()) arguments.push_back(of);
    const auto variable = model_.variable(cell.fluent, arguments);
    ASSERT_TRUE(variable) << cell.symbol;
    const std::uint32_t mask = std::uint32_t{1} << after[*variable];
    EXPECT_TRUE(before_.holds(translator_.after(cell, mask, transition.changes), binding))
        << name << ": " << cell.fluent << "(" << of << ") becomes "
        << model_.value_text(*variable, after[*variable]);
  }

  const GroundModel& model_;
  Fleet fleet_;
  Translator translator_;
  std::vector<Transition> transitions_;
  Seen seen_;
  Cells cells_;
  Structure before_;
};

/// Only volumes and the Platform's address make a difference to what can happen.
std::vector<Kind> every_kind_that_moves_differently() {
  std::vector<Kind> all = every_kind();
  std::erase_if(all, [](const Kind& kind) {
    return (kind.provider == Provider::kGcp || kind.provider == Provider::kHyperV) ||
           kind.addresses == Addresses::kNewExternal;
  });
  return all;
}

class EveryTransition : public testing::TestWithParam<Kind> {};

TEST_P(EveryTransition, IsWhatTheInterpreterMakesOfIt) {
  const Kind kind = GetParam();
  const GroundModel model = model_of(kind, kEveryVersion[1], 2);
  Comparison comparison(model, kind);
  std::mt19937 random(11);
  State state = model.initial();
  for (Variable v = 0; v < model.variable_count(); ++v)
    state[v] =
        static_cast<Value>(random() % static_cast<unsigned>(std::popcount(model.full_mask(v))));
  EXPECT_GT(comparison.compare_in(state), 200U);
}

INSTANTIATE_TEST_SUITE_P(Fleet, EveryTransition,
                         testing::ValuesIn(every_kind_that_moves_differently()));
INSTANTIATE_TEST_SUITE_P(Fleet, EveryInstallation, testing::ValuesIn(every_kind()));

}  // namespace
}  // namespace wme::tests
