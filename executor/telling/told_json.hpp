#pragma once

#include <string>

#include "executor/telling/told.hpp"

/// Events as JSON. Each is one line without its end; keys as in docs/telling.md, in the order
/// there; what is unknown or empty is left out, what is no UTF-8 is replaced.
namespace wme::executor {

/// A line of a log for machines.
std::string json_line(const Told& told);

/// Content type of a CloudEvent in structured mode. Source: CloudEvents 1.0, HTTP binding, 3.2.
inline constexpr const char* kCloudEventsType = "application/cloudevents+json; charset=utf-8";

/// "/rehydrate/acme-prod/restore": a URI reference; with the event's id it is unique.
/// Source: CloudEvents 1.0, "source".
std::string event_source(const Told& told);

/// A CloudEvent (docs/schemas/event.schema.json), whose kind must have a type.
std::string cloud_event(const Told& told, const std::string& id);

/// An event that did not reach its webhook.
struct DeadLetter {
  TimePoint at{};
  std::string endpoint;  ///< scheme and authority: a webhook's path may be a secret
  int attempts = 0;
  std::string reason;
  std::string id;
  std::string event;  ///< as `cloud_event` wrote it
};
std::string dead_letter_line(const DeadLetter& letter);

}  // namespace wme::executor
