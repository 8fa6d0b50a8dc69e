// gtest before rapidcheck/gtest.h, which needs it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "scenarios/inventory/inventory_file.hpp"
#include "tests/scenarios/inventory/generators.hpp"
#include "tests/scenarios/inventory/sample.hpp"

namespace wme::scenarios {
namespace {

RC_GTEST_PROP(InventoryYaml, IsReadBackAsItWasWritten, ()) {
  const model::Inventory inventory = any_inventory();
  const std::string text = to_yaml(inventory);
  RC_LOG() << text;
  const auto read = parse_inventory(text, "i.yaml");
  if (!read) RC_LOG() << read.error().message;
  RC_ASSERT(bool(read));
  RC_ASSERT(read.value() == inventory);
}

RC_GTEST_PROP(InventoryYaml, IsRefusedWhereverItWasCutOff, ()) {
  const std::string text = to_yaml(any_inventory());
  const auto length = *rc::gen::inRange<std::size_t>(0, text.size());
  RC_ASSERT(!errors_of(text.substr(0, length)).empty());
}

RC_GTEST_PROP(InventoryYaml, OfDamagedFilesIsReadOrRefusedWithAPlace, ()) {
  std::string text = sample_text();
  const int changes = *rc::gen::inRange(1, 6);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    text[at] = *rc::gen::element('{', '}', '[', ']', ':', '-', '\n', ' ', '"', '&', '*', '!', '0',
                                 '\xff', '#', ',', 'x', '\t', '|', '?');
  }
  const std::string errors = errors_of(text);
  RC_ASSERT(errors.empty() || errors.starts_with("i.yaml:"));
}

}  // namespace
}  // namespace wme::scenarios
