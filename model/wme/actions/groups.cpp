#include "model/wme/actions/groups.hpp"

#include <utility>

namespace wme::model {

Formula fact(const char* name, const char* value) { return attribute(name, {}, {value}); }
Formula volumes() { return fact("storage", "volumes"); }
Formula one_disk() { return fact("storage", "one-disk"); }
Formula old_one(Term x) { return attribute("generation", {std::move(x)}, {"old"}); }
Formula new_one(Term x) { return attribute("generation", {std::move(x)}, {"new"}); }
Formula has_role(Term x, const char* role) { return attribute("role", {std::move(x)}, {role}); }

Formula same(Term x, const Var& parameter) {
  return attribute("entity", {std::move(x)}, {"{" + parameter.name + "}"});
}

Formula letters_are_ambiguous(const Var& store) {
  const Formula of_the_same_platform = any_of(
      {all_of({old_one(store), old_one(kStore2)}), all_of({new_one(store), new_one(kStore2)})});
  return exists(kStore2, all_of({volumes(), of_the_same_platform, negation(same(kStore2, store))}),
                all_of({volume(kStore2) == "attached", mounted(kStore2) != "yes"}));
}

Formula reachable(Term m) {
  return all_of({power(m) == "running",
                 any_of({negation(attribute("kind", {m}, {"platform"})), old_one(m),
                         fact("address-changes", "yes"), address() == "new-platform"})});
}

Condition while_reachable(Term m, std::string otherwise) {
  return {.formula = reachable(std::move(m)), .sentence = std::move(otherwise), .throughout = true};
}

Formula back_as_before() {
  return all_of({setup(kOldPlatform) == "running", setup(kNewPlatform) == "absent"});
}

Formula served(Term c) {
  return any_of({all_of({in(place(c), {"home", "parked"}), setup(platform(home(c))) == "running"}),
                 all_of({in(place(c), {"successor", "parked"}),
                         setup(platform(successor(home(c)))) == "running"})});
}

std::vector<Effect> boot_effects(const Var& booted) {
  const Formula by_fstab = all_of({fstab(kStore) == "valid", volume(kStore) == "attached"});
  Effect address_again = set_if(address() == "free", address(), "old-platform");
  address_again.where = all_of({one_disk(), attribute("entity", {Term(booted)}, {kOldPlatform}),
                                fact("address-changes", "no")});
  return {for_each(kStore, all_of({one_disk(), same(machine(kStore), booted)}),
                   set(mounted(kStore), "yes")),
          for_each(kStore, all_of({volumes(), same(machine(kStore), booted)}),
                   set_if(by_fstab, mounted(kStore), "yes")),
          std::move(address_again)};
}

}  // namespace wme::model
