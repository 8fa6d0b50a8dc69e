#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/certificate/certificate.hpp"

/// Certificates as files: JSON with schema "rehydrate/certificate/1"
/// (docs/schemas/certificate.schema.json).
namespace wme::model {

inline constexpr std::string_view kCertificateSchema = "rehydrate/certificate/1";
inline constexpr std::string_view kSignatureSchema = "rehydrate/signature/1";

/// A file above this size is no certificate.
inline constexpr std::size_t kCertificateBytesMax = 8U << 20U;
inline constexpr std::size_t kSignaturesMax = 100;
inline constexpr std::size_t kCommentBytesMax = 500;

/// The one text of a certificate, with a newline at its end. Error kInvalid: a text in it is no
/// UTF-8.
Result<std::string> to_certificate_json(const Certificate& certificate);

/// SHA-256 in hexadecimal of the canonical JSON of everything but the signatures: what a person
/// signs, and what a journal pins.
std::string certificate_digest(const Certificate& certificate);

/// What a signature is made over: canonical JSON of its role, name, key, time and comment and of
/// the certificate's digest.
std::string signed_message(const std::string& certificate_digest, const Signature& signature);

/// Reads a certificate strictly: whoever parsed it knows that the file is byte for byte what
/// `to_certificate_json` writes. Signatures are read, not judged. Error kInvalid: what is wrong,
/// each with its place. `file` is how messages call it.
Result<Certificate> parse_certificate(std::string_view text, std::string_view file);

}  // namespace wme::model
