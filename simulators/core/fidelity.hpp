#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// How far the simulators can be trusted: docs/FIDELITY.md is made of this, from the very tables by
/// which they find who answers a request.
namespace wme::simulators {

/// How a source begins: what kind of knowledge it is, the surest first.
inline constexpr std::array<std::string_view, 8> kKindsOfSource = {
    "captured: ",           // seen on the wire, from the system or from its vendor's own client
    "service model: ",      // the provider's machine-readable description of its API
    "vendor script: ",      // the vendor's automation, which works with the system
    "vendor screenshot: ",  // the system, as its vendor shows it
    "vendor page: ",        // what the vendor writes about it
    "manual: ",             // of the program whose command is simulated
    "third party: ",        // other people's test servers
    "Assumption: ",         // nobody says: ours, and why
};

constexpr bool is_source(std::string_view text) {
  for (const std::string_view kind : kKindsOfSource)
    if (text.starts_with(kind) && text.size() > kind.size()) return true;
  return false;
}

/// Where a behaviour comes from, in the row of a route table. It has no default and is checked by
/// the compiler: a row without a source, or with one of no kind, does not compile.
class Origin {
 public:
  /// `differs`: in what the real system is known to behave otherwise; "" when nothing is known of.
  consteval Origin(std::string_view source, std::string_view differs)
      : source_(source), differs_(differs) {
    if (!is_source(source)) throw "begin a source with one of kKindsOfSource, and name it";
  }
  constexpr std::string_view source() const { return source_; }
  constexpr std::string_view differs() const { return differs_; }

 private:
  std::string_view source_;
  std::string_view differs_;
};

/// One operation or behaviour of a simulated system.
struct Fidelity {
  std::string operation;  ///< as the system's own reference calls it
  std::string route;      ///< how a client asks for it: "POST /instances/{id}/stop"
  std::string source;     ///< begins with one of kKindsOfSource
  std::string differs;    ///< in what the real one is known to behave otherwise; "": nothing known
};
Fidelity fidelity_of(std::string_view operation, std::string_view route, const Origin& origin);

/// Everything that one simulated system answers.
struct FidelityLedger {
  std::string system;  ///< a heading: "AWS EC2"
  std::string about;   ///< what holds for all of it: version, wire, sources by their short names
  std::vector<Fidelity> entries;
};

/// What is wrong with a ledger: entries without an operation, a route or a source of a known kind,
/// and ledgers that are empty; "" when it is fit to be printed.
std::string misfit(const FidelityLedger& ledger);

}  // namespace wme::simulators
