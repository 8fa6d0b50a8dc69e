#pragma once

#include <string>

namespace wme::model {

/// docs/INVARIANTS.md: every rule with its verdict, who keeps it, and the test that violates it;
/// from the data, so that the page cannot say what the program does not do.
std::string invariants_markdown();

}  // namespace wme::model
