#include "simulators/core/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace wme::simulators {

namespace {

template <auto free>
struct Freeing {
  template <class Thing>
  void operator()(Thing* thing) const {
    free(thing);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Bio = std::unique_ptr<BIO, Freeing<BIO_free>>;

constexpr int kSerialBytes = 16;

Error cannot_make(const std::string& what) {
  return {ErrorCode::kFailed,
          "OpenSSL cannot make " + what + ": " + ERR_reason_error_string(ERR_peek_last_error())};
}

std::string text_in(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem(const X509& certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), &certificate);
  return text_in(bio);
}

std::string pem(const EVP_PKEY& key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_in(bio);
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, kSerialBytes> digits{};
  if (RAND_bytes(digits.data(), kSerialBytes) != 1) return false;
  digits[0] &= 0x7F;  // a serial number is not negative
  const std::unique_ptr<BIGNUM, Freeing<BN_free>> number(
      BN_bin2bn(digits.data(), kSerialBytes, nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509* certificate, const std::string& common_name) {
  return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                                    -1, 0) == 1;
}

bool set_validity(X509* certificate, const Validity& validity) {
  const auto at = [](std::chrono::sys_seconds time) {
    return static_cast<time_t>(time.time_since_epoch().count());
  };
  return ASN1_TIME_set(X509_getm_notBefore(certificate), at(validity.from)) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), at(validity.until)) != nullptr;
}

using Extensions = std::vector<std::pair<int, std::string>>;

bool add_extensions(X509* certificate, X509* issuer, const Extensions& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  return std::ranges::all_of(extensions, [&](const auto& each) {
    const std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, &context, each.first, each.second.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
  });
}

/// A certificate for `key`, signed by the issuer; without one, by itself.
Certificate signed_certificate(EVP_PKEY* key, const std::string& common_name,
                               const Validity& validity, const Extensions& extensions, X509* issuer,
                               EVP_PKEY* issuer_key) {
  Certificate made(X509_new());
  X509* const certificate = made.get();
  X509* const by = issuer == nullptr ? certificate : issuer;
  const bool fine = certificate != nullptr && X509_set_version(certificate, X509_VERSION_3) == 1 &&
                    set_serial(certificate) && set_name(certificate, common_name) &&
                    X509_set_issuer_name(certificate, X509_get_subject_name(by)) == 1 &&
                    set_validity(certificate, validity) && X509_set_pubkey(certificate, key) == 1 &&
                    add_extensions(certificate, by, extensions) &&
                    X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
  return fine ? std::move(made) : nullptr;
}

bool is_address(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

bool is_host_name(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.';
  });
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key;
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

Result<CertificateAuthority> CertificateAuthority::create(const std::string& common_name,
                                                          Validity validity) {
  auto impl = std::make_unique<Impl>();
  impl->key = Key(EVP_EC_gen("P-256"));
  if (!impl->key) return cannot_make("a key");
  impl->certificate = signed_certificate(impl->key.get(), common_name, validity,
                                         {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                          {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                          {NID_subject_key_identifier, "hash"}},
                                         nullptr, impl->key.get());
  if (!impl->certificate) return cannot_make("an authority's certificate");
  return CertificateAuthority(std::move(impl));
}

std::string CertificateAuthority::certificate() const { return pem(*impl_->certificate); }

Result<TlsIdentity> CertificateAuthority::issue(const std::vector<std::string>& names,
                                                Validity validity) const {
  std::string alternatives;
  for (const std::string& name : names) {
    const bool address = is_address(name);
    if (!address && !is_host_name(name))
      return Error{ErrorCode::kInvalid,
                   "a certificate for '" + name + "': neither a host name nor an address"};
    alternatives +=
        (alternatives.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  if (names.empty()) return Error{ErrorCode::kInvalid, "a certificate without a name"};
  const Key key(EVP_EC_gen("P-256"));
  if (!key) return cannot_make("a key");
  const Certificate made = signed_certificate(key.get(), names.front(), validity,
                                              {{NID_basic_constraints, "critical,CA:FALSE"},
                                               {NID_key_usage, "critical,digitalSignature"},
                                               {NID_ext_key_usage, "serverAuth"},
                                               {NID_subject_key_identifier, "hash"},
                                               {NID_authority_key_identifier, "keyid:always"},
                                               {NID_subject_alt_name, alternatives}},
                                              impl_->certificate.get(), impl_->key.get());
  if (!made) return cannot_make("a certificate for " + alternatives);
  return TlsIdentity{pem(*made), pem(*key)};
}

}  // namespace wme::simulators
