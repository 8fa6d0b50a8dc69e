#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/inventory.hpp"

/// The keys of an inventory file as data: the reader, the writer and the agreement with the
/// published JSON Schema (docs/schemas/inventory.schema.json) all follow these tables.
namespace wme::scenarios {

enum class Need { kRequired, kOptional };

/// What a text has to look like, and how an operator is told.
struct Form {
  std::string_view words;  ///< "an IPv4 address such as 10.0.1.10"
  bool (*fits)(std::string_view);
};

/// One key of a section, and the member of `Owner` that it fills.
template <class Owner>
struct Field {
  using Member = std::variant<std::string Owner::*, int Owner::*, std::vector<std::string> Owner::*,
                              model::SecretRef Owner::*, model::Provider Owner::*,
                              model::ContainerState Owner::*, model::Volume Owner::*,
                              model::Artefact Owner::*>;
  std::string_view key;
  Need need = Need::kOptional;
  Member member;
  const Form* form = nullptr;  ///< of a text; none: any text without line breaks
  int least = 0;               ///< of a number
  int most = 0;
};

/// How many entries a file says it has, so that one that lost lines is noticed.
struct Totals {
  int instances = 0;
  int containers = 0;
};

template <class Owner>
using Fields = std::vector<Field<Owner>>;

const Fields<model::Inventory>& installation_fields();
const Fields<model::Inventory>& license_fields();
const Fields<model::Inventory>& backup_fields();
const Fields<model::Inventory>& package_fields();
const Fields<Totals>& fields_of(const Totals*);
const Fields<model::Platform>& fields_of(const model::Platform*);
const Fields<model::Volume>& fields_of(const model::Volume*);
const Fields<model::Shard>& fields_of(const model::Shard*);
const Fields<model::Instance>& fields_of(const model::Instance*);
const Fields<model::Container>& fields_of(const model::Container*);
const Fields<model::Artefact>& fields_of(const model::Artefact*);
const Fields<model::Launch>& fields_of(const model::Launch*);
const Fields<model::Access>& fields_of(const model::Access*);

/// The top-level sections in the order in which they are written.
struct Section {
  std::string_view key;
  Need need;
  std::string_view meaning;  ///< a comment for people
};
const std::vector<Section>& sections();

/// The shards that WME has, with the ids that stand in every installation.
/// Source: wme.md 2.3; the id of `live` is an Assumption.
const std::vector<model::Shard>& known_shards();

/// Every key as a path: "platform.wm_data.size_gb", "containers[].name".
struct KeyPath {
  std::string path;
  Need need;
};
std::vector<KeyPath> all_keys();

}  // namespace wme::scenarios
