#include "simulators/site/fidelity_page.hpp"

#include <array>

#include "model/json/api_profile.hpp"
#include "simulators/config_wizard/config_wizard_front.hpp"
#include "simulators/core/scaled_clock.hpp"
#include "simulators/host/host_front.hpp"
#include "simulators/launchpad/launchpad_front.hpp"
#include "simulators/launchpad/license_front.hpp"
#include "simulators/site/clouds.hpp"

namespace wme::simulators {

namespace {

constexpr std::string_view kIntroduction =
    R"(# How far the simulators can be trusted

A rehearsal is worth as much as its simulators are like the real systems. So each thing that one of them
answers is listed here with where it comes from, and with what is known to be otherwise in reality. Generated
from the tables by which the simulators find who answers a request (`rehydrate inventory fidelity`); a row
without a source does not compile, a test compares this page with the tables, and `REHYDRATE_UPDATE_GOLDEN=1`
in its environment rewrites it.

Kinds of sources, the surest first:

- **captured**: seen on the wire, from the system or from its vendor's own client.
- **service model**: the provider's machine-readable description of its API, from which its SDKs are made.
- **vendor script**, **vendor screenshot**, **vendor page**: what works with the system, shows it, tells of it.
- **manual**: of the program whose command is simulated.
- **third party**: other people's test servers.
- **Assumption**: nobody says; ours, to be replaced by whoever knows better.

Nothing here was checked against a live account of a cloud. Short names of WaveMaker's pages (DR, UPS) are those
of their files under `learn/on-premise/`: DR is Dehydration-and-Rehydration, IA and PI are scripts of
`wme-setup-utils`. For all of them: time, failures and states of whatever the procedures know are the model's, so
that every simulator tells of the same world; faults happen when they are scheduled, not by chance.
)";

std::string cell(std::string_view text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '|' || letter == '<') safe += '\\';
    safe += letter;
  }
  return safe;
}

void print(const FidelityLedger& ledger, std::string& page) {
  std::size_t assumed = 0;
  for (const Fidelity& each : ledger.entries)
    assumed += each.source.starts_with("Assumption: ") ? 1U : 0U;
  page +=
      "\n## " + ledger.system + "\n\n" + ledger.about + "\n\n" +
      std::to_string(ledger.entries.size()) + " entries, " + std::to_string(assumed) +
      " of them assumed.\n\n| operation | route | source | known to differ |\n| --- | --- | --- "
      "| --- |\n";
  for (const Fidelity& each : ledger.entries)
    page += "| " + cell(each.operation) + " | `" + cell(each.route) + "` | " + cell(each.source) +
            " | " + cell(each.differs) + " |\n";
}

}  // namespace

std::vector<FidelityLedger> fidelity_ledgers() {
  const model::ApiProfile& profile = model::built_in_api_profile();
  std::vector<FidelityLedger> all = {LaunchpadFront::fidelity(profile),
                                     LicenseFront::fidelity(profile),
                                     ConfigWizardFront::fidelity(profile), HostFront::fidelity()};
  // A front tells what it answers, not for whom: the smallest world that has one.
  for (const model::Provider provider :
       {model::Provider::kAws, model::Provider::kAzure, model::Provider::kGcp,
        model::Provider::kEsxi, model::Provider::kHyperV}) {
    model::Inventory nobodys;
    nobodys.provider = provider;
    const ScaledClock clock(1);
    World world(model::installation_of(nobodys, model::Procedure::kDehydrate), clock,
                FaultSchedule());
    if (const auto front = cloud_front_of(world)) all.push_back(front->fidelity());
  }
  return all;
}

std::string fidelity_markdown() {
  std::string page(kIntroduction);
  for (const FidelityLedger& ledger : fidelity_ledgers()) print(ledger, page);
  return page;
}

}  // namespace wme::simulators
