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

Formula reachable(Term m) {
  return all_of({power(m) == "running",
                 any_of({negation(attribute("kind", {m}, {"platform"})), old_one(m),
                         fact("address-changes", "yes"), address() == "new-platform"})});
}

Formula served(Term c) {
  return any_of({all_of({in(place(c), {"home", "parked"}), setup(platform(home(c))) == "running"}),
                 all_of({in(place(c), {"successor", "parked"}),
                         setup(platform(successor(home(c)))) == "running"})});
}

}  // namespace wme::model
