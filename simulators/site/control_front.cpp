#include "simulators/site/control_front.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/wme/vocabulary.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators {

namespace {

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

}  // namespace

HttpResponse ControlFront::handle(const HttpRequest& request) {
  const auto lock = world_.enter();
  const Form query = parse_form(request.query());
  const std::string path = request.path();
  if (request.method == "GET" && path == "/violations") return answer(200, violations_of(world_));
  if (request.method == "GET" && path == "/events") return answer(200, events_of(world_));
  if (request.method == "GET" && path == "/value")
    return value(first(query, "fluent"), first(query, "of"));
  if (request.method == "POST" && path == "/lose") return lose(first(query, "machine"));
  return no(404, "no such thing: GET /violations, /events, /value?fluent=F&of=E, POST /lose");
}

HttpResponse ControlFront::lose(const std::string& machine) {
  nlohmann::json lost = nlohmann::json::array();
  for (const std::string& each : world_.installation().sorts.at("machine")) {
    if (machine.empty() ? each.ends_with("-new") : each != machine) continue;
    const Reply reply = world_.perform("machine-lost", {each}, "control: POST /lose");
    if (reply.accepted()) lost.push_back(each);
  }
  if (lost.empty()) return no(409, "there is no such machine to lose");
  return answer(200, {{"lost", lost}});
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
