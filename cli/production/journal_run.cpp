#include "cli/production/journal_run.hpp"

#include <utility>

#include "executor/engine/choices.hpp"
#include "executor/journal/location.hpp"
#include "executor/lease/lease_stores.hpp"
#include "model/english/explain.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"
#include "model/language/interpreter.hpp"
#include "model/wme/actions.hpp"
#include "scenarios/inventory/inventory_file.hpp"

namespace wme::cli {

namespace {

Error in_journal(const std::string& location, const Error& error) {
  const bool is_named = error.message.find(location) != std::string::npos;
  return {error.code, (is_named ? "" : "journal " + location + ": ") + error.message};
}

Status read_inventory_of(JournalRun& run) {
  const auto text = run.history.attachments.find("inventory.yaml");
  if (text == run.history.attachments.end())
    return Error{ErrorCode::kInvalid, "the journal lacks its inventory"};
  run.inventory_text = text->second;
  Result<model::Inventory> inventory =
      scenarios::parse_inventory(text->second, run.location + ": inventory.yaml");
  if (!inventory) return inventory.error();
  run.inventory = std::move(inventory).value();
  return Done{};
}

/// A journal is only understood by the model that it was written with.
Status same_model(const JournalRun& run) {
  if (run.history.facts.model_fingerprint == model::sha256_hex(model::model_text())) return Done{};
  return Error{ErrorCode::kRefused,
               "it was written by rehydrate " + run.history.facts.tool_version +
                   " with other rules of WME than this program has: go on with the version that "
                   "wrote it"};
}

Result<OpenLeg> open_leg(const JournalRun& run, const executor::LegText& text, model::State start,
                         const std::vector<executor::Record>& records, std::size_t ends) {
  Result<model::Plan> plan = model::parse_plan(text.plan, run.location + ": " + text.to);
  if (!plan) return plan.error();
  Result<model::PlanOrder> order = model::PlanOrder::of(plan.value());
  if (!order) return order.error();
  OpenLeg leg{text.to, text.goal, std::move(plan).value(), std::move(order).value(), {}, {}, {}};
  if (text.to == "plan") {
    leg.goals = model::goals_of(run.procedure);
  } else {
    auto goals = executor::goals_of_turn(*run.model, text.to, text.goal);
    if (!goals) return goals.error();
    leg.goals = std::move(goals).value();
  }
  auto known = executor::follow(*run.model, leg.plan, start, records, text.begins, ends);
  if (!known) return known.error();
  leg.state = std::move(known.value().state);
  leg.steps = std::move(known.value().steps);
  return leg;
}

Result<JournalRun> read(const executor::Journal& journal, const std::string& location) {
  const Result<std::vector<executor::Record>> records = executor::records(journal);
  if (!records) return records.error();
  Result<executor::History> history = executor::read_history(records.value());
  if (!history) return history.error();
  JournalRun run;
  run.location = location;
  run.entries = records.value().size();
  run.history = std::move(history).value();
  if (Status known = same_model(run); !known) return known.error();
  if (Status read = read_inventory_of(run); !read) return read.error();
  const Result<model::Plan> plan =
      model::parse_plan(run.history.legs.front().plan, location + ": plan.json");
  if (!plan) return plan.error();
  const auto procedure = model::procedure_from(plan.value().procedure);
  if (!procedure)
    return Error{ErrorCode::kInvalid,
                 "its plan is for no known procedure: " + plan.value().procedure};
  run.procedure = *procedure;
  run.model = std::make_unique<const model::GroundModel>(
      model::installation_of(run.inventory, run.procedure));
  model::State state = run.model->initial();
  for (std::size_t i = 0; i < run.history.legs.size(); ++i) {
    const std::size_t ends =
        i + 1 < run.history.legs.size() ? run.history.legs[i + 1].begins : records.value().size();
    Result<OpenLeg> leg = open_leg(run, run.history.legs[i], state, records.value(), ends);
    if (!leg) return leg.error();
    state = leg.value().state;
    run.legs.push_back(std::move(leg).value());
  }
  return run;
}

}  // namespace

Result<JournalRun> read_run(const executor::Journal& journal, const std::string& location) {
  Result<JournalRun> run = read(journal, location);
  if (!run) return in_journal(location, run.error());
  return run;
}

model::State at_rest(const model::GroundModel& model, const OpenLeg& leg) {
  using Known = executor::StepHistory::Known;
  model::State state = leg.state;
  for (std::size_t i = 0; i < leg.steps.size(); ++i) {
    const Known known = leg.steps[i].known;
    if (known != Known::kAccepted && known != Known::kInDoubt) continue;
    const model::Action* action = model::find_action(leg.plan.steps[i].action);
    const auto grounded =
        action == nullptr ? std::nullopt : model.ground(*action, leg.plan.steps[i].arguments);
    if (!grounded) continue;
    if (leg.steps[i].before.empty())
      model::apply(grounded->request, state);
    else
      model::request_from(*grounded, leg.steps[i].before, state);
    model::apply(grounded->outcomes.front(), state);
  }
  return state;
}

Result<std::optional<executor::Holder>> carrier_of(const std::string& journal) {
  // Closed before anybody writes: the last to close it clears up beside it, and cannot if it only
  // reads.
  const auto opened = executor::open_journal_read_only(journal);
  if (!opened) return opened.error();
  const std::string location = opened.value()->location();
  const Result<JournalRun> run = read_run(*opened.value(), location);
  if (!run) return run.error();
  auto store = executor::lease_store_for(location);
  if (!store) return store.error();
  const auto lease = store.value()->current(run.value().inventory.name);
  if (!lease) return lease.error();
  const bool is_live = lease.value() && lease.value()->state == executor::LeaseState::kHeld &&
                       lease.value()->lease.holder.journal == location;
  return is_live ? std::optional(lease.value()->lease.holder) : std::nullopt;
}

}  // namespace wme::cli
