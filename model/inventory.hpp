#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace wme::model {

/// What an installation is made of, as an operator writes it down (`rehydrate/inventory/1`).
/// Plain values: `scenarios`, `cli` and the drivers read them, the model derives its entities from
/// them (model/wme/installation.hpp). Secrets never stand here, only where they are to be found.

enum class Provider { kAws, kAzure, kGcp, kEsxi, kHyperV };
std::string_view to_string(Provider provider);  ///< "aws", "azure", "gcp", "esxi", "hyper-v"
std::optional<Provider> provider_from(std::string_view text);
/// Whether `/wm-data` is a volume of its own there (clouds) or a directory of the only disk.
bool has_volumes(Provider provider);

/// Where a secret is: "env:NAME", "file:PATH", "credential:NAME"; empty: the ecosystem's chain.
struct SecretRef {
  std::string where;
  bool operator==(const SecretRef&) const = default;
};

struct Volume {
  std::string cloud_id;  ///< "vol-…", disk name, or empty when the cloud does not know it
  int size_gb = 0;
  bool operator==(const Volume&) const = default;
};

struct Platform {
  std::string name = "platform";
  std::string address;      ///< the address that everything knows the Platform by
  std::string new_address;  ///< where it comes back; empty: the same address (INV-21)
  std::string cloud_id;     ///< instance id or VM name
  std::string interface;    ///< the secondary interface that carries `address`: "eni-…", NIC, or ""
  std::string ssh_user = "ubuntu";
  std::string ssh_key_owner;  ///< "own ssh keys" of the installer (INV-35); empty: none
  Volume wm_data{"", 150};
  Volume wm_runtime{"", 100};
  int wm_data_used_gb = 0;  ///< for INV-19 and the length of an archive; 0: not known
  bool operator==(const Platform&) const = default;
};

/// One external instance: a StudioWorkspace (shard studio) or an AppDeployment (qa, stage, live).
struct Instance {
  std::string name;
  std::string shard;
  std::string address;
  std::string new_address;  ///< of its successor; empty: the same address
  std::string cloud_id;
  std::string ssh_user = "ubuntu";
  int slots = 0;    ///< containers that fit; 0: not known
  int data_gb = 150;
  bool operator==(const Instance&) const = default;
};

enum class ContainerState { kRunning, kStopped, kPassivated };
std::string_view to_string(ContainerState state);  ///< "running", "stopped", "passivated"
std::optional<ContainerState> container_state_from(std::string_view text);

struct Container {
  std::string name;      ///< short and readable: "c17"
  std::string id;        ///< "ccc-<uuid4>"; the name when the file gives none
  std::string shard;
  std::string owner;     ///< e-mail of the developer, or the app's name
  std::string instance;  ///< where it runs, or ran last; required unless passivated
  ContainerState state = ContainerState::kPassivated;
  bool operator==(const Container&) const = default;
};

struct Shard {
  std::string name;  ///< studio | qa | stage | live
  std::string id;    ///< "shard-…" (wme.md 2.3)
  bool operator==(const Shard&) const = default;
};

struct Artefact {
  std::string url;
  std::string sha1;    ///< the vendor's checksum
  std::string sha256;  ///< ours, for the record; may be empty
  bool operator==(const Artefact&) const = default;
};

struct Launch {
  std::string image;          ///< newest OS image: "ami-…", image name, OVA path
  std::string platform_size;  ///< instance type: "m5.2xlarge"
  std::string instance_size;
  std::string subnet;
  std::string zone;
  std::string key_name;
  std::vector<std::string> security_groups;
  bool operator==(const Launch&) const = default;
};

struct Access {
  std::string launchpad_url;      ///< empty: http://<studio domain>
  std::string config_wizard_url;  ///< empty: http://<platform address>:8080
  std::string launchpad_user;
  SecretRef launchpad_password;
  SecretRef config_wizard_password;  ///< of setup-admin
  std::string ssh_config;            ///< an OpenSSH client configuration; empty: ~/.ssh/config
  std::string ssh_identity;          ///< a private key file; empty: agent and defaults
  std::string region;
  std::string cloud_endpoint;  ///< empty: the provider's own rules
  std::string api_profile;     ///< empty: the built-in profile
  bool operator==(const Access&) const = default;
};

struct Inventory {
  std::string name;  ///< of the installation: what an operator types to confirm
  Provider provider = Provider::kAws;
  std::string version;         ///< full build string of the data: "11.10.5.ee.10234p1"
  std::string target_version;  ///< only for an upgrade
  std::string cidr = "10.2.1.1/24";
  std::string lan = "10.0.0.0/16";  ///< the network of the machines: disjoint from `cidr`
  std::string studio_domain;
  std::string apps_domain;
  int license_developers = 0;
  std::string backup_id = "backup-1";  ///< epoch of the backup set (INV-11)
  std::string backup_store = "/backup";  ///< ESXi, Hyper-V: where archives are copied to
  Platform platform;
  std::vector<Shard> shards;
  std::vector<Instance> instances;
  std::vector<Container> containers;
  Artefact package;
  Artefact migrations;
  Artefact rotation;
  Launch launch;
  Access access;
  bool operator==(const Inventory&) const = default;
};

}  // namespace wme::model
