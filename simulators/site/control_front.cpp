#include "simulators/site/control_front.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/english/words.hpp"
#include "model/wme/actions.hpp"
#include "model/wme/vocabulary.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators {

namespace {

constexpr long kNumberMax = 1'000'000'000;

HttpResponse answer(int status, const nlohmann::json& body) {
  return {status, {{"Content-Type", "application/json"}}, body.dump(2) + "\n", false};
}

HttpResponse no(int status, const std::string& why) { return answer(status, {{"error", why}}); }

double seconds(TimePoint at) { return static_cast<double>(at.time_since_epoch().count()) / 1000.0; }

std::string first(const Form& form, std::string_view name) {
  const auto found = form.find(name);
  return found == form.end() ? "" : found->second;
}

nlohmann::json violations_of(const World& world) {
  nlohmann::json list = nlohmann::json::array();
  for (const Violation& each : world.violations())
    list.push_back({{"at", seconds(each.at)},
                    {"door", each.door},
                    {"action", each.action},
                    {"rule", each.rule},
                    {"sentence", each.sentence}});
  return list;
}

nlohmann::json events_of(const World& world) {
  nlohmann::json list = nlohmann::json::array();
  for (const Event& each : world.events())
    list.push_back({{"at", seconds(each.at)},
                    {"door", each.door},
                    {"action", each.action},
                    {"phase", each.phase}});
  return list;
}

/// One thing that can be asked of the door, and all that it takes.
struct Route {
  const char* method;
  const char* path;
  std::vector<std::string> parameters;
  std::vector<std::string> required;
  const char* usage;
};

const std::vector<Route>& routes() {
  static const std::vector<Route> all = {
      {"GET", "/violations", {}, {}, "GET /violations"},
      {"GET", "/events", {}, {}, "GET /events"},
      {"GET", "/value", {"fluent", "of"}, {"fluent"}, "GET /value?fluent=F or ?fluent=F&of=ENTITY"},
      {"POST", "/lose", {"machine"}, {}, "POST /lose or POST /lose?machine=NAME, without a body"},
      {"POST", "/operate", {"action", "of"}, {"action"}, "POST /operate?action=NAME[&of=NAME]"},
      {"POST", "/deny", {"operation"}, {"operation"}, "POST /deny?operation=OPERATION-OR-RIGHT"},
      {"POST", "/skew", {"of", "seconds"}, {"of", "seconds"}, "POST /skew?of=PLACE&seconds=N"},
      {"POST",
       "/fill",
       {"machine", "path", "free_mb"},
       {"machine", "path", "free_mb"},
       "POST /fill?machine=NAME&path=MOUNT-POINT&free_mb=N"},
      {"POST", "/cut-off", {"machine"}, {"machine"}, "POST /cut-off?machine=NAME"},
      {"POST", "/no-sudo", {"machine"}, {"machine"}, "POST /no-sudo?machine=NAME"},
      {"POST", "/mend", {}, {}, "POST /mend, without a body"},
  };
  return all;
}

std::string every_usage() {
  std::string text;
  for (const Route& each : routes()) text += (text.empty() ? "" : "; ") + std::string(each.usage);
  return text;
}

/// Why the route does not take this request; empty if it does. What is ignored would do something
/// else than was asked for, and here that is a disaster to the wrong machine.
std::string misused(const Route& route, const HttpRequest& request, const Form& query) {
  if (!request.body.empty()) return "a body is not read here: what to do stands in the query";
  const std::string text = request.query();
  const auto given = text.empty() ? 0 : 1 + std::ranges::count(text, '&');
  if (given != static_cast<std::ptrdiff_t>(query.size()))
    return "the query '" + text + "' has a parameter twice, or one that cannot be read";
  for (const auto& [name, value] : query) {
    if (std::ranges::find(route.parameters, name) == route.parameters.end())
      return "there is no parameter '" + name + "'";
    if (value.empty()) return "the parameter '" + name + "' is empty";
  }
  for (const std::string& name : route.required)
    if (!query.contains(name)) return "the parameter '" + name + "' is missing";
  return "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : ", ") + each;
  return text;
}

}  // namespace

HttpResponse ControlFront::handle(const HttpRequest& request) {
  const auto lock = world_.enter();
  const std::string path = request.path();
  const auto route = std::ranges::find(routes(), path, &Route::path);
  if (route == routes().end())
    return no(404, "there is no " + path + " here. Accepted: " + every_usage());
  if (request.method != route->method)
    return no(405, path + " is not for " + request.method + ". Accepted: " + route->usage);
  const Form query = parse_form(request.query());
  if (const std::string why = misused(*route, request, query); !why.empty())
    return no(400, path + ": " + why + ". Accepted: " + route->usage);
  if (path == "/violations") return answer(200, violations_of(world_));
  if (path == "/events") return answer(200, events_of(world_));
  if (path == "/value") return value(first(query, "fluent"), first(query, "of"));
  if (path == "/lose") return lose(first(query, "machine"));
  if (path == "/operate") return operate(first(query, "action"), first(query, "of"));
  return spoil(path, query);
}

/// Where a clock can be wrong: on a machine, or behind one of the doors.
HttpResponse ControlFront::spoil(const std::string& path, const Form& query) {
  Conditions& conditions = world_.conditions();
  if (path == "/mend") {
    auto clock = std::move(conditions.wall_clock);
    conditions = Conditions();
    conditions.wall_clock = std::move(clock);
    return answer(200, {{"mended", true}});
  }
  if (path == "/deny") return deny(first(query, "operation"));
  const std::vector<std::string>& machines = world_.installation().sorts.at("machine");
  std::vector<std::string> places = machines;
  if (path == "/skew") {
    places.insert(places.end(), {"launchpad", "config-wizard"});
    if (cloud_ != nullptr) places.push_back(cloud_->name());
  }
  const std::string place = first(query, path == "/skew" ? "of" : "machine");
  if (std::ranges::find(places, place) == places.end())
    return no(400, path + ": there is no '" + place + "'. Accepted: " + joined(places));
  if (path == "/cut-off") conditions.cut_off.insert(place);
  if (path == "/no-sudo") conditions.no_sudo.insert(place);
  if (path == "/skew" || path == "/fill") {
    const std::string text = first(query, path == "/skew" ? "seconds" : "free_mb");
    long number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || std::abs(number) > kNumberMax ||
        (path == "/fill" && number < 0))
      return no(400, path + ": '" + text + "' is no number that fits. Accepted: a whole one");
    if (path == "/skew") conditions.clock_ahead[place] = std::chrono::seconds(number);
    if (path == "/fill")
      conditions.free_mb[{place, first(query, "path")}] = static_cast<int>(number);
  }
  return answer(200, {{path.substr(1), place}});
}

/// A name that nothing asks for would deny nothing, and whoever rehearses it would not notice.
HttpResponse ControlFront::deny(const std::string& operation) {
  if (cloud_ == nullptr)
    return no(400, "/deny: there is no cloud of this provider that could deny anything");
  const std::set<std::string> known = cloud_->deniable();
  const std::vector<std::string> names(known.begin(), known.end());
  if (!known.contains(operation)) {
    const auto nearest = model::nearest_word(operation, names);
    return no(400, "/deny: " + cloud_->name() + " has no operation and no right '" + operation +
                       "'" + (nearest ? "; did you mean '" + *nearest + "'?" : ".") +
                       " Accepted: " + joined(names));
  }
  std::set<std::string>& denied = world_.conditions().denied;
  denied.insert(operation);
  return answer(200, {{"denied", denied}});
}

HttpResponse ControlFront::lose(const std::string& machine) {
  const std::vector<std::string>& machines = world_.installation().sorts.at("machine");
  if (!machine.empty() && std::ranges::find(machines, machine) == machines.end())
    return no(400, "/lose: there is no machine '" + machine + "'. Accepted: " + joined(machines));
  nlohmann::json lost = nlohmann::json::array();
  for (const std::string& each : machines) {
    if (machine.empty() ? each.ends_with("-new") : each != machine) continue;
    const Reply reply = world_.perform("machine-lost", {each}, "control: POST /lose");
    if (reply.accepted()) lost.push_back(each);
  }
  if (lost.empty())
    return no(409, machine.empty() ? "every machine of today is gone already"
                                   : "machine " + machine + " is not there: nothing to lose");
  return answer(200, {{"lost", lost}});
}

HttpResponse ControlFront::operate(const std::string& action, const std::string& of) {
  const model::Action* known = model::find_action(action);
  const std::vector<std::string> arguments =
      of.empty() ? std::vector<std::string>{} : std::vector<std::string>{of};
  if (known == nullptr || known->door != model::Door::kOperator ||
      !world_.exists(action, arguments))
    return no(400, "/operate: " + action + " is nothing that an operator does here");
  const Reply reply = world_.request(action, arguments, "operator");
  if (!reply.accepted()) return no(409, reply.refusals.front());
  return answer(200, {{"done", action}});
}

HttpResponse ControlFront::value(const std::string& fluent, const std::string& of) {
  for (const model::Fluent& each : model::fluents()) {
    if (each.name != fluent || each.sorts.size() != (of.empty() ? 0U : 1U)) continue;
    std::vector<std::string> arguments;
    if (!of.empty()) {
      const auto& sorts = world_.installation().sorts;
      const auto members = sorts.find(each.sorts.front());
      if (members == sorts.end() || std::ranges::find(members->second, of) == members->second.end())
        return no(404, of + " is no " + each.sorts.front() + " of this installation");
      arguments.push_back(of);
    }
    return answer(200, {{"value", world_.value(fluent, arguments)}});
  }
  return no(404, "the model has no fluent " + fluent + (of.empty() ? "" : " of one entity"));
}

}  // namespace wme::simulators
