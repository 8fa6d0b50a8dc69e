#include "tests/model/walks.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "model/planner/planner.hpp"
#include "model/wme/actions.hpp"

namespace wme::tests {

namespace {

[[noreturn]] void no_test_without(const std::string& what) {
  std::cerr << what << "\n";
  std::abort();
}

/// The steps of one plan: waiting, under way, ended.
class Walk {
 public:
  Walk(const PlannedModel& planned, const model::PlanOrder& order, const Watch& watch)
      : planned_(planned), order_(order), watch_(watch), state_(planned.model->initial()) {
    waits_for_.resize(order.size());
    followers_.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      waits_for_[i] = order.predecessors()[i].size();
      for (const std::size_t before : order.predecessors()[i]) followers_[before].push_back(i);
      if (waits_for_[i] == 0) ready_.push_back(i);
    }
  }

  std::string run(std::mt19937& random) {
    watch_(state_, "the start");
    while (!ready_.empty() || !under_way_.empty()) {
      const std::size_t chosen = any_below(random, ready_.size() + under_way_.size());
      if (chosen < ready_.size()) {
        if (std::string why = request(chosen); !why.empty()) return why;
      } else {
        end(chosen - ready_.size());
      }
    }
    return "";
  }

 private:
  std::string request(std::size_t position) {
    const std::size_t step = ready_[position];
    const auto next = model::requested(*planned_.model, planned_.steps[step], state_);
    if (!next) return planned_.plan.steps[step].id + " " + next.error().message;
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(position));
    under_way_.push_back(step);
    state_ = next.value();
    watch_(state_, "request " + planned_.plan.steps[step].id);
    return "";
  }

  void end(std::size_t position) {
    const std::size_t step = under_way_[position];
    under_way_.erase(under_way_.begin() + static_cast<std::ptrdiff_t>(position));
    model::apply(planned_.steps[step].outcomes.front(), state_);
    for (const std::size_t follower : followers_[step])
      if (--waits_for_[follower] == 0) ready_.push_back(follower);
    watch_(state_, "end of " + planned_.plan.steps[step].id);
  }

  const PlannedModel& planned_;
  const model::PlanOrder& order_;
  const Watch& watch_;
  model::State state_;
  std::vector<std::size_t> waits_for_;
  std::vector<std::vector<std::size_t>> followers_;
  std::vector<std::size_t> ready_;
  std::vector<std::size_t> under_way_;
};

}  // namespace

std::string name_of(const Setting& setting) {
  static const std::map<Addresses, std::string> addresses = {
      {Addresses::kSame, "same_addresses"},
      {Addresses::kNewExternal, "new_external_addresses"},
      {Addresses::kNewPlatform, "new_platform_address"}};
  std::string name = std::string(to_string(setting.procedure)) + "_" +
                     std::string(to_string(setting.shape.provider)) + "_" +
                     addresses.at(setting.shape.addresses) + "_" + setting.shape.version;
  for (char& letter : name)
    if (letter == '-' || letter == '.') letter = '_';
  return name;
}

std::vector<Setting> settings_of(model::Procedure procedure, model::Provider provider) {
  std::vector<Setting> all;
  for (const Addresses addresses : kEveryAddresses)
    for (const char* version : kEveryVersion) {
      Setting setting{procedure, {}};
      setting.shape.provider = provider;
      setting.shape.addresses = addresses;
      setting.shape.version = version;
      all.push_back(std::move(setting));
    }
  return all;
}

std::unique_ptr<model::GroundModel> model_of(const Setting& setting) {
  return std::make_unique<model::GroundModel>(
      model::installation_of(fleet(setting.shape), setting.procedure));
}

PlannedModel planned(const Setting& setting) {
  PlannedModel made{name_of(setting), model_of(setting), {}, {}, {}};
  made.invariants = made.model->invariants();
  auto plan = model::make_plan(*made.model);
  if (!plan) no_test_without(made.name + ": " + plan.error().message);
  made.plan = std::move(plan).value();
  for (const model::Step& step : made.plan.steps) {
    const model::Action* action = model::find_action(step.action);
    if (action == nullptr) no_test_without("no action " + step.action);
    const auto grounded = made.model->ground(*action, step.arguments);
    if (!grounded) no_test_without(step.id + " " + step.action + " does not apply");
    made.steps.push_back(*grounded);
  }
  return made;
}

std::string walk_plan(const PlannedModel& planned, std::mt19937& random, const Watch& watch) {
  const auto order = model::PlanOrder::of(planned.plan);
  if (!order) return order.error().message;
  return Walk(planned, order.value(), watch).run(random);
}

std::string walk_moments(const PlannedModel& planned, const std::vector<Moment>& moments) {
  model::State state = planned.model->initial();
  for (const Moment& moment : moments) {
    const model::GroundAction& step = planned.steps[moment.step];
    if (moment.is_end) {
      model::apply(step.outcomes.front(), state);
    } else {
      const auto next = model::requested(*planned.model, step, state);
      if (!next) return next.error().message;
      state = next.value();
    }
    if (std::string broken = broken_invariants(planned.invariants, state); !broken.empty())
      return broken;
  }
  for (const model::Goal& goal : model::goals_of(planned.model->installation().procedure))
    if (!evaluate(planned.model->ground(goal.formula), state)) return "missed: " + goal.words;
  return "";
}

std::string broken_invariants(const std::vector<model::GroundInvariant>& invariants,
                              const model::State& state) {
  std::string text;
  for (const model::GroundInvariant& each : invariants)
    if (!evaluate(each.formula, state))
      text += each.rule + " " + each.about + ": " + each.sentence + "\n";
  return text;
}

std::vector<model::State> states_of(const PlannedModel& planned) {
  std::vector<model::State> states = {planned.model->initial()};
  for (const model::GroundAction& step : planned.steps) {
    states.push_back(applied(step.request, states.back()));
    states.push_back(applied(step.outcomes.front(), states.back()));
  }
  return states;
}

std::size_t any_below(std::mt19937& random, std::size_t count) {
  // Not std::uniform_int_distribution: every library draws from it differently.
  return static_cast<std::size_t>(random() % count);
}

std::vector<model::GroundAction> everything_possible(const model::GroundModel& model) {
  std::vector<model::GroundAction> all;
  for (const model::Action& action : model::all_actions())
    for (const auto& arguments : model.choices(action))
      if (auto grounded = model.ground(action, arguments)) all.push_back(std::move(*grounded));
  return all;
}

}  // namespace wme::tests
