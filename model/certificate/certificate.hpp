#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/certificate/instant.hpp"
#include "model/certificate/keys.hpp"
#include "model/checker/verdict.hpp"
#include "model/inventory.hpp"
#include "model/planner/plan.hpp"

/// What a certificate says (`rehydrate/certificate/1`): that this plan for this inventory keeps
/// these rules of this model, up to these bounds; and who stands up for it.
namespace wme::model {

/// SHA-256 in hexadecimal, of what a file says and of its bytes. The first is for comparing (a
/// journal has it too), the second so that not even a comment changes unnoticed.
struct FileDigests {
  std::string content;  ///< of the canonical JSON (RFC 8785)
  std::string file;
  bool operator==(const FileDigests&) const = default;
};

struct CertifiedProperty {
  std::string id;
  std::string statement;
  std::string verdict;  ///< "proved" or "explored"
  std::string how;
  long checks = 0;
  bool operator==(const CertifiedProperty&) const = default;
};

/// How far a search of states went.
struct CertifiedExploration {
  long states = 0;
  long transitions = 0;
  long depth = 0;
  bool complete = false;
  bool operator==(const CertifiedExploration&) const = default;
};

struct CertifiedGap {
  std::string rule;
  std::string why;
  bool operator==(const CertifiedGap&) const = default;
};

enum class Role { kAuthor, kApprover };
std::string_view to_string(Role role);  ///< "author", "approver"

/// One person's signature over the digest of the certificate, role, name, time and comment.
struct Signature {
  Role role = Role::kAuthor;
  std::string name;
  PublicKey key;
  Instant at{};
  std::string comment;  ///< may be empty
  std::string bytes;
  bool operator==(const Signature&) const = default;
};

struct Certificate {
  std::string tool;  ///< "rehydrate 0.1.0"
  Instant issued_at{};
  Instant not_after{};
  std::string procedure;
  std::string installation;
  std::string provider;
  std::string version;
  std::string target_version;  ///< only for an upgrade
  long steps = 0;
  std::string point_of_no_return;  ///< id of the first irreversible step; empty: there is none
  FileDigests plan;
  FileDigests inventory;
  std::string model;    ///< see model_digest
  std::string verdict;  ///< of the plan: "proved" or "explored"
  std::string faults;   ///< how many of which may happen in one run: "no fault", "at most 2 faults"
  long states_max = 0;
  std::optional<CertifiedExploration> exploration;
  std::vector<CertifiedProperty> properties;
  std::vector<CertifiedGap> not_covered;
  std::vector<std::string> assumed;
  std::vector<Signature> signatures;  ///< the author's first
  bool operator==(const Certificate&) const = default;
};

/// Of a plan's file. The content is the plan itself, without the summary that is there for readers:
/// the same digest stands in the journal of a run.
FileDigests digests_of(const Plan& plan, std::string_view text);

/// What a certificate is made of.
struct Evidence {
  const Plan& plan;
  const PlanOrder& order;
  FileDigests plan_digests;
  FileDigests inventory_digests;
  const VerifyOptions& bounds;
  const Verification& verification;
  std::string tool;
};

/// Without signatures yet. Error kRefused: the plan is refuted or undecided, or the two methods
/// disagree: there is nothing to certify.
Result<Certificate> certify(const Evidence& evidence, Instant issued_at,
                            std::chrono::seconds valid_for);

}  // namespace wme::model
