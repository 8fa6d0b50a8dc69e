#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "executor/ports/system_port.hpp"
#include "model/result.hpp"

/// What a look at a live installation shows beyond the variables of the model: what `doctor` checks
/// and `discover` writes down. Every function only reads. Errors are those of the door:
/// kUnreachable (nobody answers), kRefused (credentials, rights, host key), kThrottled, kNotFound,
/// kInvalid, kFailed (an answer that nobody can read). Each says what was tried, on what, and what
/// to do.
namespace wme::executor {

/// Another clock against this machine's, measured around one request.
struct ClockReading {
  std::chrono::milliseconds ahead{0};      ///< positive: the other one is ahead
  std::chrono::milliseconds uncertain{0};  ///< half of the request's time, and its resolution
};

/// Reads this machine's clock. Real time, whatever clock a rehearsal runs on.
using WallTime = std::function<std::chrono::sys_time<std::chrono::milliseconds>()>;

struct SeenShard {
  std::string id;
  std::string name;  ///< "studio", "qa", "stage", "live"; Launchpad's own word when it is no such
};

struct SeenInstance {
  std::string id;  ///< Launchpad's
  std::string name;
  std::string host;  ///< address
  std::string user;
  std::string shard_id;
  std::string state;  ///< in the model's words; Launchpad's own where there is none
  std::string version;
  int slots = 0;  ///< used and available together; 0: not told
};

struct SeenContainer {
  std::string id;
  std::string shard_id;
  std::string owner;     ///< e-mail or app
  std::string state;     ///< in the model's words; Launchpad's own where there is none
  std::string instance;  ///< Launchpad's id of it; empty when parked
};

struct SeenLicense {
  bool active = false;
  int developers = 0;
};

class LaunchpadSurvey {
 public:
  virtual ~LaunchpadSurvey() = default;
  virtual std::string where() const = 0;  ///< "Launchpad at http://…"
  virtual Status log_in() = 0;
  /// None when it tells no time.
  virtual Result<std::optional<ClockReading>> clock() = 0;
  virtual Result<std::vector<SeenShard>> shards() = 0;
  virtual Result<std::vector<SeenInstance>> instances() = 0;
  virtual Result<std::vector<SeenContainer>> containers() = 0;
  virtual Result<SeenLicense> license() = 0;
  /// The host part of the built-in VCS's address, which is the Platform's; none when it has none.
  virtual Result<std::optional<std::string>> vcs_address() = 0;
};

class ConfigWizardSurvey {
 public:
  struct FirstPage {
    bool configured = false;  ///< false: it asks for a first password
    std::string state;        ///< of setup(p), in the model's words; empty: not told
  };
  struct Domains {
    std::string studio;
    std::string apps;
  };
  virtual ~ConfigWizardSurvey() = default;
  virtual std::string where() const = 0;
  /// Open to all.
  virtual Result<FirstPage> first_page() = 0;
  virtual Status log_in() = 0;
  virtual Result<std::optional<ClockReading>> clock() = 0;
  /// Full build string of what is installed; empty when it is not told.
  virtual Result<std::string> version() = 0;
  virtual Result<Domains> domains() = 0;
};

/// A file system of a host, in kB of 1024 bytes.
struct Space {
  std::string path;        ///< that was asked for
  std::string mounted_on;  ///< "/" when the path is no mount of its own
  long long total_kb = 0;
  long long used_kb = 0;
  long long free_kb = 0;
};

struct HostFacts {
  bool root = false;           ///< `sudo -n` works; without it only the clock is known
  std::string why_not_root{};  ///< what sudo said
  std::optional<ClockReading> clock{};
  std::string hostname{};
  /// What its firmware calls it: instance id, VM name, serial, UUID.
  std::vector<std::string> identities{};
  std::vector<Space> spaces{};
  std::string fstab{};
  /// "/wm-data" -> serial of the disk below it: the volume's id where the provider shows it.
  std::map<std::string, std::string> serials{};
  std::vector<std::string> addresses{};   ///< IPv4, without loopback
  std::vector<std::string> installers{};  ///< versions of the installer directories
  std::string cidr{};                     ///< docker network of WME, on a Platform
  std::string docker{};                   ///< "24.0.6"; empty: there is none
};

class HostSurvey {
 public:
  virtual ~HostSurvey() = default;
  /// One command; thread-safe. `paths`: what free space is wanted of. Errors: kRefused for a host
  /// key or a key of ours that is not accepted, kUnreachable.
  virtual Result<HostFacts> look(const std::string& address, const std::string& user,
                                 const std::vector<std::string>& paths) = 0;
};

/// Who the cloud takes us for, as far as it tells.
struct CloudIdentity {
  std::string who;      ///< "access key AKIA…0001 (environment), account 123456789012"
  std::string account;  ///< empty: not told
  std::string caveat;   ///< what cannot be told, and how to find out
};

struct SeenMachine {
  std::string cloud_id;
  std::string state;  ///< of power(m)
  std::vector<std::string> addresses;
  std::string size;
  int vcpus = 0;  ///< 0: not told
  std::string image;
  std::string subnet;
  std::string zone;
  std::string key_name;
  std::string network;  ///< id of the network that it is in
  std::vector<std::string> security_groups;
  std::map<std::string, std::string> tags;
  /// Address -> id of an interface that can be moved to another machine with it.
  std::map<std::string, std::string> movable_interfaces;
};

struct SeenDisk {
  std::string cloud_id;
  std::string machine;  ///< cloud id of whom it is attached to; empty: nobody
  std::string device;
  int size_gb = 0;
  bool deleted_with_machine = false;
};

/// Whoever has an address now.
struct AddressHolder {
  std::string interface;
  std::string machine;  ///< cloud id; empty: attached to nothing
};

/// Whether we may do what a plan does.
struct Permission {
  enum class Answer {
    kAllowed,
    kDenied,
    kNotTold,  ///< the cloud objected to something else first
    kWrong,    ///< what the request names does not exist: it would fail in the run, too
  };
  std::string operation;           ///< "ec2:RunInstances"
  std::vector<std::string> calls;  ///< of the model, that need it: "launch-machine studio-1-new"
  Answer answer = Answer::kNotTold;
  std::string detail;  ///< what the cloud said; what stood in for what is not there yet
};

/// A limit of the account, and how much of it the plan needs.
struct Quota {
  std::string what;           ///< "security groups for each interface"
  std::optional<long> limit;  ///< none: the cloud's API does not tell
  std::string used;           ///< "3 machines with 24 vCPUs run"
  long wanted = 0;            ///< after the plan, to be compared with the limit
  std::string look_at;        ///< the page where a limit stands that the API does not tell
};

class CloudSurvey {
 public:
  virtual ~CloudSurvey() = default;
  virtual std::string where() const = 0;
  virtual Result<CloudIdentity> identity() = 0;
  virtual Result<std::optional<ClockReading>> clock() = 0;
  /// Every machine that is not gone and has one of these addresses, or is one of these ids.
  virtual Result<std::vector<SeenMachine>> machines(const std::vector<std::string>& addresses,
                                                    const std::vector<std::string>& ids) = 0;
  virtual Result<std::vector<SeenDisk>> disks_of(const std::vector<std::string>& machine_ids) = 0;
  /// The range of addresses of a network: "10.0.0.0/16"; none when the cloud does not tell.
  virtual Result<std::optional<std::string>> range_of(const std::string& network) = 0;
  virtual Result<std::optional<AddressHolder>> holder_of(const std::string& address) = 0;
  /// Whether machines can be made from the image; a word for what is wrong, none if nothing is.
  virtual Result<std::optional<std::string>> fault_of_image(const std::string& image) = 0;
  /// The calls of the plan that go to this door, asked in the provider's own dry mode: nothing is
  /// changed. One entry for each operation.
  virtual Result<std::vector<Permission>> permissions(const std::vector<Call>& calls) = 0;
  /// The least that lets `calls` be made, in the provider's own language; the reads that go with
  /// them are in it. `account` may be empty.
  virtual std::string policy(const std::vector<Call>& calls, const std::string& account) const = 0;
  virtual Result<std::vector<Quota>> quotas(const std::vector<Call>& calls) = 0;
};

}  // namespace wme::executor
