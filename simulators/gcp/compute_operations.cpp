#include <algorithm>
#include <string>
#include <utility>

#include "simulators/gcp/compute_backend.hpp"

/// What of ComputeBackend is about operations: how a change is accepted, and how it ends.
namespace wme::simulators::gcp {

namespace {

/// Of what the model has no time for.
constexpr std::chrono::seconds kOperationTime{4};
constexpr const char* kDone = "done";

struct Ending {
  const char* action;
  const char* code;
  const char* message;
};

/// What the provider says of a failure that the model has as an outcome.
Ending ending_of(const std::string& action) {
  static const std::vector<Ending> all = {
      {"launch-machine", "ZONE_RESOURCE_POOL_EXHAUSTED",
       "The zone does not have enough resources available to fulfill the request. Try a different "
       "zone, or try again later."},
      {"start-machine", "ZONE_RESOURCE_POOL_EXHAUSTED",
       "The zone does not have enough resources available to fulfill the request. Try a different "
       "zone, or try again later."},
      {"create-volume", "QUOTA_EXCEEDED", "Quota 'SSD_TOTAL_GB' exceeded."},
  };
  const std::string name = action.substr(0, action.find(' '));
  const auto place = std::ranges::find(all, name, &Ending::action);
  return place != all.end() ? *place
                            : Ending{"", "INTERNAL_ERROR", "Internal error. Please try again."};
}

}  // namespace

ComputeResult<const Operation*> ComputeBackend::repeated(const ChangeContext& context) const {
  const Operation* none = nullptr;
  if (context.request_id.empty()) return none;
  const auto place = std::ranges::find(operations_, context.request_id, &Operation::client_id);
  if (place == operations_.end()) return none;
  if (place->request != context.request)
    return ComputeError{400, "invalid",
                        "Invalid value for field 'requestId': '" + context.request_id +
                            "'. It was used for another request."};
  return &*place;
}

const Operation* ComputeBackend::accept(const std::string& type, const std::string& target,
                                        const std::string& scope, const ChangeContext& context,
                                        End end, const std::string& action) {
  Operation made;
  made.name = "operation-" + make_id(type + target + std::to_string(operations_.size()));
  made.type = type;
  made.target = target;
  made.scope = scope;
  made.client_id = context.request_id;
  made.request = context.request;
  made.inserted = world_.conditions().time_at("compute");
  made.began = now();
  made.due = end == End::kNow ? now() : now() + kOperationTime;
  if (end == End::kInModel) {
    made.action = action;
    // Its end may have come with the request itself.
    const auto& events = world_.events();
    made.events_read = events.size();
    while (made.events_read > 0 && events[made.events_read - 1].action == action)
      --made.events_read;
  }
  operations_.push_back(std::move(made));
  settle(operations_.back());
  return &operations_.back();
}

void ComputeBackend::settle(Operation& operation) {
  if (operation.action.empty()) {
    if (now() >= operation.due) operation.ended = operation.due;
    return;
  }
  const std::vector<Event>& events = world_.events();
  for (; operation.events_read < events.size(); ++operation.events_read) {
    const Event& event = events[operation.events_read];
    if (event.action != operation.action || event.phase == "request" || event.at < operation.began)
      continue;
    operation.ended = event.at;
    if (event.phase == kDone) return;
    const Ending ending = ending_of(operation.action);
    operation.error_code = ending.code;
    operation.error_message = ending.message;
    return;
  }
}

}  // namespace wme::simulators::gcp
