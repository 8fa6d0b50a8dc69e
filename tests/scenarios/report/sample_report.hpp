#pragma once

#include "scenarios/report/report.hpp"

namespace wme::scenarios {

/// Dehydration, loss and restore of the XS fleet on AWS, with the times that they take.
RehearsalReport xs_report();
/// The same of 95 containers on 4 instances: some 600 steps, 3 000 requests.
RehearsalReport big_report();
/// The XS fleet, but the snapshot came too early and the restore stopped.
RehearsalReport failed_report();

}  // namespace wme::scenarios
