#include "model/certificate/certificate.hpp"

#include "model/certificate/model_json.hpp"
#include "model/json/digest.hpp"
#include "model/json/plan_json.hpp"

namespace wme::model {

namespace {

bool holds(Verdict verdict) { return verdict == Verdict::kProved || verdict == Verdict::kExplored; }

std::optional<CertifiedExploration> certified(const std::optional<Exploration>& seen) {
  if (!seen) return std::nullopt;
  return CertifiedExploration{static_cast<long>(seen->states), static_cast<long>(seen->transitions),
                              static_cast<long>(seen->depth), seen->complete};
}

Status certifiable(const Verification& verification) {
  const auto refused = [](const std::string& why) {
    return Error{ErrorCode::kRefused, "no certificate: " + why};
  };
  if (!verification.disagreements.empty())
    return refused("the two methods disagree about the plan: " +
                   verification.disagreements.front() + "; please report it");
  if (!holds(verification.verdict))
    return refused("the plan is " + std::string(to_string(verification.verdict)) +
                   "; only what is proved or explored can be certified");
  for (const PropertyVerdict& each : verification.properties)
    if (!holds(each.verdict))
      return refused(each.id + " is " + std::string(to_string(each.verdict)));
  return Done{};
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::kAuthor:
      return "author";
    case Role::kApprover:
      return "approver";
  }
  return "?";
}

FileDigests digests_of(const Plan& plan, std::string_view text) {
  return {sha256_hex(canonical_json(plan)), sha256_hex(text)};
}

Result<Certificate> certify(const Evidence& evidence, Instant issued_at,
                            std::chrono::seconds valid_for) {
  const Verification& seen = evidence.verification;
  if (Status fit = certifiable(seen); !fit) return fit.error();
  const Plan& plan = evidence.plan;
  Certificate made;
  made.tool = evidence.tool;
  made.issued_at = issued_at;
  made.not_after = issued_at + valid_for;
  made.procedure = plan.procedure;
  made.installation = plan.installation;
  made.provider = plan.provider;
  made.version = plan.version;
  made.target_version = plan.target_version;
  made.steps = static_cast<long>(plan.steps.size());
  made.point_of_no_return = summary_of(plan, evidence.order).point_of_no_return;
  made.plan = evidence.plan_digests;
  made.inventory = evidence.inventory_digests;
  made.model = model_digest();
  made.verdict = to_string(seen.verdict);
  made.faults = evidence.bounds.faults.words();
  made.states_max = static_cast<long>(evidence.bounds.states_max);
  made.exploration = certified(seen.exploration);
  for (const PropertyVerdict& each : seen.properties)
    made.properties.push_back({each.id, each.statement, std::string(to_string(each.verdict)),
                               each.how, static_cast<long>(each.checks)});
  for (const NotCovered& each : seen.not_covered) made.not_covered.push_back({each.rule, each.why});
  made.assumed = seen.assumed;
  return made;
}

}  // namespace wme::model
