#include "model/checker/commutation.hpp"

#include <algorithm>

namespace wme::model {

namespace {

bool meet(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  for (std::size_t word = 0; word < a.size(); ++word)
    if ((a[word] & b[word]) != 0) return true;
  return false;
}

bool commute(const Footprint& a, const Footprint& b) {
  return !meet(a.write, b.write) && !meet(a.write, b.decide) && !meet(b.write, a.decide);
}

}  // namespace

Commutation::Commutation(const PackedPlan& packed) : words_((packed.events().size() + 63) / 64) {
  const auto events = static_cast<std::uint32_t>(packed.events().size());
  bits_.assign((events + 1) * words_, 0);
  std::vector<Footprint> footprints;
  for (std::uint32_t e = 0; e < events; ++e) footprints.push_back(packed.footprint(e));
  for (std::uint32_t f = 0; f < events; ++f)
    for (std::uint32_t e = f + 1; e < events; ++e)
      if (commute(footprints[e], footprints[f]) && !meet(footprints[f].write, footprints[e].judge))
        bits_[f * words_ + e / 64] |= std::uint64_t{1} << e % 64;
}

}  // namespace wme::model
