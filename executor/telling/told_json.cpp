#include "executor/telling/told_json.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "executor/journal/timestamp.hpp"

namespace wme::executor {

namespace {

using Json = nlohmann::ordered_json;

std::string one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What logs and events have in common.
void add_facts(Json& to, const Told& told) {
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) to[key] = value;
  };
  add("run", told.run);
  add("installation", told.installation);
  add("procedure", told.procedure);
  if (told.leg > 0) to["leg"] = told.leg;
  add("step", told.step);
  add("action", told.action);
  if (!told.arguments.empty()) to["arguments"] = told.arguments;
  add("door", told.door);
  if (told.attempt > 0) to["attempt"] = told.attempt;
  to["elapsed_seconds"] = static_cast<double>(told.elapsed.count()) / 1000.0;
  add("outcome", told.outcome);
  add("message", told.text);
}

/// Everything but the unreserved characters of RFC 3986.
std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char each : text) {
    if (kUnreserved.find(each) != std::string_view::npos) {
      encoded += each;
      continue;
    }
    std::array<char, 4> byte{};
    std::snprintf(byte.data(), byte.size(), "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(each)));
    encoded += byte.data();
  }
  return encoded;
}

}  // namespace

std::string json_line(const Told& told) {
  Json line = {{"time", rfc3339(told.at)},
               {"level", to_string(severity_of(told))},
               {"event", facts_of(told.kind).name}};
  add_facts(line, told);
  return one_line(line);
}

std::string event_source(const Told& told) {
  return "/rehydrate/" + percent_encoded(told.installation) + "/" + percent_encoded(told.procedure);
}

std::string cloud_event(const Told& told, const std::string& id) {
  Json event = {{"specversion", "1.0"},
                {"id", id},
                {"source", event_source(told)},
                {"type", facts_of(told.kind).type},
                {"time", rfc3339(told.at)},
                {"subject", told.step.empty() ? told.run : told.run + "/" + told.step},
                {"datacontenttype", "application/json"},
                {"dataschema", "https://rehydrate.example/schemas/event/1"}};
  Json data = {{"severity", to_string(severity_of(told))}};
  add_facts(data, told);
  if (told.steps > 0) data["steps"] = told.steps;
  event["data"] = std::move(data);
  return one_line(event);
}

std::string dead_letter_line(const DeadLetter& letter) {
  return one_line({{"time", rfc3339(letter.at)},
                   {"endpoint", letter.endpoint},
                   {"attempts", letter.attempts},
                   {"reason", letter.reason},
                   {"id", letter.id},
                   // As text: its bytes are what would be signed again.
                   {"event", letter.event}});
}

}  // namespace wme::executor
