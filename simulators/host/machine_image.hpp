#pragma once

#include <string>
#include <string_view>

#include "model/wme/installation.hpp"
#include "simulators/host/machine.hpp"

/// What machines, disks and files are like when they are first seen.
namespace wme::simulators {

/// Name, address, identity and interface of one machine of the model.
Machine described_machine(const model::Installation& installation, const std::string& name);
/// The operating system's files on the root disk.
void install_system(Machine& machine, const model::Installation& installation, bool one_disk);

/// /wm-data or /wm-runtime of today, with what the vendor's pages show there (wme.md 1.2).
Disk store_disk(const model::Inventory& inventory, const std::string& store,
                const std::string& role);
Disk data_disk(const model::Inventory& inventory, const std::string& instance);
/// The verified archive of `store` and its checksum file, as a dehydration left them.
void put_backup(Disk& backup_store, const model::Inventory& inventory, const std::string& archive,
                const Disk& store);

/// "nvme1n1", "sdc": which letter a volume gets differs from machine to machine (wme.md 1.1).
std::string device_name(const model::Installation& installation, const std::string& machine,
                        const std::string& what);
std::string volume_serial(const model::Inventory& inventory, const std::string& store);

/// The content of "package", "migrations" or "rotation": an archive of stand-ins.
std::string artefact_content(std::string_view artefact);
/// Where a new artefact's real size is known: 9.5 GiB for the package [shot].
std::uint64_t artefact_bytes(std::string_view artefact);

/// Below the backup store's root: "/backup-1/data.tar".
std::string backup_path(const model::Inventory& inventory, std::string_view archive);

}  // namespace wme::simulators
