#include "model/wme/entity_names.hpp"

#include <gtest/gtest.h>

#include "model/wme/installation.hpp"
#include "tests/support/fleets.hpp"

/// What doors read out of a name is what the model says of the entity.
namespace wme::tests {
namespace {

using model::Installation;

const std::map<std::string, std::string, std::less<>>& function_of(const Installation& of,
                                                                   const char* name) {
  return of.functions.at(name);
}

class EntityNames : public testing::TestWithParam<model::Provider> {
 protected:
  Installation installation_ =
      model::installation_of(xs_fleet(GetParam()), model::Procedure::kRestore);
};

TEST_P(EntityNames, SayWhatTheModelSaysOfMachines) {
  for (const std::string& machine : installation_.sorts.at("machine")) {
    const std::string today = model::without_new(machine);
    EXPECT_EQ(model::is_new(machine), machine != today);
    const auto& successor = function_of(installation_, "successor");
    if (const auto next = successor.find(today); next != successor.end()) {
      EXPECT_EQ(next->second, model::successor_of(today));
    }
    const model::Instance* instance = model::external_instance(installation_.inventory, machine);
    EXPECT_EQ(instance == nullptr, today == "platform");
    if (instance != nullptr) {
      EXPECT_EQ(instance->name, today);
    }
    if (model::is_new(machine)) {
      EXPECT_EQ(model::cloud_id_of_machine(installation_.inventory, machine), "");
    }
  }
}

TEST_P(EntityNames, SayWhatTheModelSaysOfVolumesAndTheirSnapshots) {
  const auto volumes = installation_.sorts.find("volume");
  ASSERT_EQ(volumes != installation_.sorts.end(), has_volumes(GetParam()));
  if (!has_volumes(GetParam())) return;
  ASSERT_EQ(volumes->second.size(), 4U);
  for (const std::string& volume : volumes->second) {
    EXPECT_EQ(model::machine_of(volume), function_of(installation_, "machine").at(volume));
    EXPECT_EQ(model::is_new(volume), installation_.attributes.at("generation").at(volume) == "new");
    EXPECT_EQ(model::volume_of_today(installation_.inventory, volume),
              model::without_new(volume) == "wm-data"
                  ? &installation_.inventory.platform.wm_data
                  : &installation_.inventory.platform.wm_runtime);
    if (model::is_new(volume)) {
      EXPECT_EQ(model::source_snapshot(volume), function_of(installation_, "source").at(volume));
    }
  }
  for (const std::string& snapshot : installation_.sorts.at("snapshot"))
    EXPECT_EQ(model::saved_volume(snapshot), function_of(installation_, "store").at(snapshot));
}

INSTANTIATE_TEST_SUITE_P(Every, EntityNames, testing::ValuesIn(kEveryProvider),
                         [](const auto& which) {
                           std::string name(to_string(which.param));
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace wme::tests
