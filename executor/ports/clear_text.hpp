#pragma once

#include <algorithm>
#include <array>
#include <cstdio>
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

/// "127.0.0.1" begins with "127.", and "127.0.0.1.example" is a name.
inline bool is_ipv4_of(std::string_view network, const std::string& host) {
  std::array<unsigned, 4> part{};
  int end = 0;
  const int read =
      std::sscanf(host.c_str(), "%3u.%3u.%3u.%3u%n", &part[0], &part[1], &part[2], &part[3], &end);
  return host.starts_with(network) && read == 4 && end == static_cast<int>(host.size()) &&
         host.find_first_not_of("0123456789.") == std::string::npos &&
         std::ranges::all_of(part, [](unsigned each) { return each < 256; });
}

/// 127.0.0.0/8, ::1 and localhost. Nothing else: what another name means is for others to say.
inline bool is_loopback(std::string host) {
  std::ranges::transform(host, host.begin(), [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  });
  return host == "localhost" || host == "::1" || is_ipv4_of("127.", host);
}

/// 169.254.0.0/16: services that the provider puts beside a machine, and nobody else can reach.
inline bool is_link_local(const std::string& host) { return is_ipv4_of("169.254.", host); }

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
