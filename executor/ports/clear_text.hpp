#pragma once

#include <arpa/inet.h>

#include <algorithm>
#include <string>
#include <string_view>

/// Tokens and secrets go over plain http to this very machine only: on any other way whoever stands
/// beside it reads them, and may do with them what we may.
namespace wme::executor {

/// "http://user@host:80/path" -> "host"; of an IPv6 address without its brackets. Whatever stands
/// before an @ is a user: "http://127.0.0.1@evil.example" is evil.example. Source: RFC 3986, 3.2.
inline std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#\\"));
  if (const auto user = url.rfind('@'); user != std::string_view::npos) url.remove_prefix(user + 1);
  if (url.starts_with('[')) return std::string(url.substr(1, url.find(']') - 1));
  return std::string(url.substr(0, url.find(':')));
}

/// 127.0.0.0/8, ::1 and localhost. Nothing else: what another name means is for others to say.
inline bool is_loopback(std::string host) {
  std::ranges::transform(host, host.begin(), [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  });
  in_addr address{};
  return host == "localhost" || host == "::1" ||
         (host.starts_with("127.") && inet_pton(AF_INET, host.c_str(), &address) == 1);
}

/// 169.254.0.0/16: services that the provider puts beside a machine, and nobody else can reach.
inline bool is_link_local(const std::string& host) {
  in_addr address{};
  return host.starts_with("169.254.") && inet_pton(AF_INET, host.c_str(), &address) == 1;
}

/// Whether others could read what is sent to `url`: plain http, and not to this machine.
inline bool is_clear_text(std::string_view url) {
  return url.starts_with("http://") && !is_loopback(host_of(url));
}

/// What an error says of such an address, behind its name and itself. `what`: "the access token".
inline std::string clear_text_refusal(std::string_view what) {
  return "is plain http, so that " + std::string(what) +
         " could be read on its way: write https:// (http:// is only for this machine itself: "
         "127.0.0.1, [::1], localhost)";
}

}  // namespace wme::executor
