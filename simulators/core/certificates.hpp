#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace wme::simulators {

/// From when until when a certificate is good, in real time: clients judge it by their own clocks.
struct Validity {
  std::chrono::sys_seconds from;
  std::chrono::sys_seconds until;
};

/// A server's certificate and private key, in PEM. Kept in memory only: a key that was never
/// written cannot be left behind.
struct TlsIdentity {
  std::string certificate;
  std::string key;
};

/// An authority made for one simulation, which clients are told to trust: good for nothing else,
/// gone with the process. Keys are EC (P-256); extensions as RFC 5280 wants them of an authority
/// and of a server, so that strict clients are content.
class CertificateAuthority {
 public:
  /// Errors: kFailed when OpenSSL cannot make it.
  static Result<CertificateAuthority> create(const std::string& common_name, Validity validity);
  ~CertificateAuthority();
  CertificateAuthority(CertificateAuthority&& other) noexcept;
  CertificateAuthority& operator=(CertificateAuthority&& other) noexcept;

  /// What clients have to trust, in PEM.
  std::string certificate() const;
  /// A certificate for a server that is reached under each of `names`: host names and IP addresses.
  /// Errors: kInvalid when one of them is neither; kFailed when OpenSSL cannot make it.
  Result<TlsIdentity> issue(const std::vector<std::string>& names, Validity validity) const;

 private:
  struct Impl;
  explicit CertificateAuthority(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wme::simulators
