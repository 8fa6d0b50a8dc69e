#include <algorithm>
#include <map>
#include <set>

#include "executor/doctor/findings.hpp"
#include "model/wme/entity_names.hpp"

/// The cloud: who we are there, what we may do, what is left of the account's limits, and whether
/// what the plan launches can be launched.
namespace wme::executor::doctor {

namespace {

std::vector<Call> cloud_calls(const model::Plan& plan) {
  std::vector<Call> calls;
  for (const model::Step& step : plan.steps)
    if (step.door == "cloud") calls.push_back({step.action, step.arguments, "doctor/" + step.id});
  return calls;
}

/// False: the cloud does not let us in, so that every other question would fail the same way.
bool check_identity(CloudSurvey& cloud, Findings& findings, std::string& account) {
  const auto identity = cloud.identity();
  if (!identity) {
    findings.failed("credentials", "cloud", identity.error());
    // A missing right to this one read says nothing about the others.
    const std::string& why = identity.error().message;
    return why.find("UnauthorizedOperation") != std::string::npos ||
           why.find("AuthorizationFailed") != std::string::npos;
  }
  account = identity.value().account;
  const std::string& caveat = identity.value().caveat;
  findings.ok("credentials", "cloud", identity.value().who + (caveat.empty() ? "" : ". " + caveat));
  findings.ok("reach", "cloud", cloud.where() + " answers");
  return true;
}

void check_clock(CloudSurvey& cloud, Findings& findings) {
  const auto reading = cloud.clock();
  if (!reading) return findings.failed("clock", "cloud", reading.error());
  if (!reading.value())
    return findings.not_checked("clock", "cloud", "its answers have no Date that can be read");
  judge_clock(findings, "cloud", *reading.value(),
              {std::chrono::seconds(60), std::chrono::seconds(300),
               "requests are signed with the time and refused when it is 15 minutes off"},
              "set this machine's clock: timedatectl set-ntp true");
}

void check_permissions(const std::vector<Call>& calls, CloudSurvey& cloud, Findings& findings,
                       Examination& examination) {
  const auto permissions = cloud.permissions(calls);
  if (!permissions) return findings.failed("permissions", "cloud", permissions.error());
  for (const Permission& each : permissions.value()) {
    const std::string name =
        each.operation + " for " + each.calls.front() +
        (each.calls.size() > 1 ? " and " + std::to_string(each.calls.size() - 1) + " like it" : "");
    switch (each.answer) {
      case Permission::Answer::kAllowed:
        findings.ok("permissions", name, "allowed: " + each.detail);
        break;
      case Permission::Answer::kDenied:
        examination.policy_falls_short = true;
        findings.failed("permissions", name, each.detail,
                        "attach the policy that stands below to that user or role");
        break;
      case Permission::Answer::kWrong:
        findings.failed("permissions", name, each.detail,
                        "correct what the inventory says about it, and plan again");
        break;
      case Permission::Answer::kNotTold:
        findings.not_checked("permissions", name,
                             each.detail + ": it tells nothing about the right",
                             "compare with the policy that --json prints");
        break;
    }
  }
}

void check_quotas(const std::vector<Call>& calls, CloudSurvey& cloud, Findings& findings) {
  const auto quotas = cloud.quotas(calls);
  if (!quotas) return findings.failed("quotas", "cloud", quotas.error());
  for (const Quota& each : quotas.value()) {
    if (!each.limit)
      findings.not_checked("quotas", each.what,
                           each.used + ". The cloud's API does not tell the limit",
                           "compare it with " + each.look_at);
    else if (each.wanted > *each.limit)
      findings.failed("quotas", each.what,
                      each.used + ", and the limit is " + std::to_string(*each.limit),
                      "ask for more at " + each.look_at);
    else
      findings.ok("quotas", each.what, each.used + "; the limit is " + std::to_string(*each.limit));
  }
}

/// Whether a step of the plan ends the machine of today that holds the address.
bool is_ended_by(const model::Plan& plan, const std::string& machine) {
  return std::ranges::any_of(plan.steps, [&](const model::Step& step) {
    return step.action == "terminate-machine" && step.arguments.front() == machine;
  });
}

/// A machine that the plan launches with an address of its own.
struct FixedAddress {
  std::string machine;      ///< "studio-1-new"
  std::string predecessor;  ///< "studio-1"
  std::string predecessor_id;
  std::string address;
  std::string interface;  ///< that brings the address along; empty: it is the machine's own
};

std::vector<FixedAddress> fixed_addresses(const DoctorTask& task) {
  std::vector<FixedAddress> found;
  const model::Platform& platform = task.inventory.platform;
  for (const model::Step& step : task.plan->steps) {
    if (step.action != "launch-machine") continue;
    const std::string& machine = step.arguments.front();
    if (machine == "platform-new") {
      const bool moves = platform.new_address.empty();
      found.push_back({machine, "platform", platform.cloud_id,
                       moves ? platform.address : platform.new_address,
                       moves ? platform.interface : ""});
    }
    for (const model::Instance& each : task.inventory.instances)
      if (machine == model::successor_of(each.name))
        found.push_back({machine, each.name, each.cloud_id,
                         each.new_address.empty() ? each.address : each.new_address, ""});
  }
  return found;
}

void check_address(const DoctorTask& task, const FixedAddress& wanted, CloudSurvey& cloud,
                   Findings& findings) {
  const std::string name = wanted.address + " for " + wanted.machine;
  const auto holder = cloud.holder_of(wanted.address);
  if (!holder) return findings.failed("addresses", name, holder.error());
  if (!wanted.interface.empty()) {
    if (holder.value() && holder.value()->interface == wanted.interface)
      return findings.ok("addresses", name, "it moves with its interface " + wanted.interface);
    return findings.failed(
        "addresses", name,
        "the inventory says that " + wanted.interface + " carries it; " +
            (holder.value() ? holder.value()->interface + " does" : "no interface does"),
        "correct platform.interface in the inventory");
  }
  if (!holder.value()) return findings.ok("addresses", name, "free");
  const std::string held = "held by " + holder.value()->interface +
                           (holder.value()->machine.empty() ? ", attached to nothing"
                                                            : " of " + holder.value()->machine);
  const bool is_predecessor =
      !holder.value()->machine.empty() && holder.value()->machine == wanted.predecessor_id;
  if (is_predecessor && is_ended_by(*task.plan, wanted.predecessor))
    return findings.ok("addresses", name, held + ", which the plan ends before");
  findings.failed("addresses", name, held,
                  is_predecessor
                      ? "give " + wanted.predecessor +
                            " a new_address in the inventory: the old "
                            "machine keeps its address as long as it is there"
                      : "free it, or give " + wanted.predecessor + " another new_address");
}

void check_launches(const DoctorTask& task, CloudSurvey& cloud, Findings& findings) {
  const std::vector<FixedAddress> addresses = fixed_addresses(task);
  if (addresses.empty())
    return findings.ok("launch", "image and addresses", "the plan launches no machine");
  const std::string& image = task.inventory.launch.image;
  if (image.empty()) {
    findings.failed("launch", "image", "the inventory's launch section names none",
                    "add launch.image");
  } else if (const auto fault = cloud.fault_of_image(image); !fault) {
    findings.failed("launch", "image " + image, fault.error());
  } else if (fault.value()) {
    findings.failed("launch", "image " + image, *fault.value(),
                    "name an image of this region in launch.image");
  } else {
    findings.ok("launch", "image " + image, "available");
  }
  for (const FixedAddress& each : addresses) check_address(task, each, cloud, findings);
}

}  // namespace

void check_cloud(const DoctorTask& task, CloudSurvey& cloud, Findings& findings,
                 Examination& examination) {
  std::string account;
  const bool is_in = check_identity(cloud, findings, account);
  check_clock(cloud, findings);
  if (task.plan == nullptr || !is_in) {
    for (const char* area : {"permissions", "quotas", "launch"})
      findings.not_checked(
          area, "cloud",
          is_in ? "what a run needs depends on its plan" : "the cloud did not let us in",
          is_in ? "give the plan with --plan" : "mend the credentials first");
    return;
  }
  const std::vector<Call> calls = cloud_calls(*task.plan);
  examination.policy = cloud.policy(calls, account);
  check_permissions(calls, cloud, findings, examination);
  check_quotas(calls, cloud, findings);
  check_launches(task, cloud, findings);
}

}  // namespace wme::executor::doctor
