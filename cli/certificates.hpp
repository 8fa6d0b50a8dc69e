#pragma once

#include <string>

#include "cli/inputs.hpp"
#include "model/certificate/certificate.hpp"
#include "model/certificate/check.hpp"

/// What the commands around certificates share: their files, and the time.
namespace wme::cli {

/// What time it is, to the second, by this machine's clock.
model::Instant now();

/// A private key; one that others may read is refused, as ssh does. Errors: kInvalid, kRefused.
Result<model::SigningKey> read_key(const std::string& path);

/// A file with trusted keys, and how it is called.
struct ReadTrusted {
  std::string file;
  model::TrustedKeys keys;
};
/// `path` empty: the file in REHYDRATE_TRUSTED_KEYS, else `rehydrate/trusted-keys` in the user's
/// folder for configuration. Error kInvalid.
Result<ReadTrusted> read_trusted(const std::string& path);

/// Error kInvalid: why the file is no certificate, with the place.
Result<model::Certificate> read_certificate(const std::string& path);

/// Writes a certificate so that there is all of it or nothing. Error kInvalid.
Status write_certificate(const std::string& path, const model::Certificate& certificate);

model::FileDigests digests_of(const ReadPlan& plan);
/// Error kInvalid: a text in it is no UTF-8.
Result<model::FileDigests> digests_of(const ReadInventory& inventory);

/// The circumstances of these inputs with this program's own model.
Result<model::Circumstances> circumstances_of(const ReadPlan& plan, const ReadInventory& inventory,
                                              const ReadTrusted& trusted, int quorum,
                                              model::Instant at);

/// The certificate for people, and for machines (docs/schemas/certificate.schema.json plus digest).
std::string certificate_text(const model::Certificate& certificate);

}  // namespace wme::cli
