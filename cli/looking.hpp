#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "executor/drivers/all/surveys.hpp"
#include "executor/transport/http_transport.hpp"
#include "executor/transport_ssh/ssh_transport.hpp"
#include "model/inventory.hpp"

namespace wme::cli {

std::optional<std::string> process_environment(std::string_view name);
std::chrono::sys_time<std::chrono::milliseconds> wall_time();

/// The doors of an installation over real sockets, for commands that only look. A door that does
/// not answer is given up sooner than in a run.
struct Looking {
  explicit Looking(const model::Inventory& inventory);
  executor::SocketHttpTransport http;
  executor::SshTransport ssh;
  executor::Surveys surveys;
};

/// "2026-11-23T11:59:45Z".
std::string utc_text(std::chrono::sys_time<std::chrono::milliseconds> at);

/// Words wrapped into lines of at most `width` columns, but the first, behind `indent` blanks. No
/// word is cut.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace wme::cli
