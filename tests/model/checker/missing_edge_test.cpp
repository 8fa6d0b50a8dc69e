#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "tests/model/checker/support.hpp"

namespace wme::tests {
namespace {

using namespace wme::model;  // NOLINT

/// What became of one deleted edge.
struct Row {
  std::string edge;
  std::string outcome;
  std::string mend;
};

std::vector<Row> delete_each_edge(const Planned& made, std::size_t& refuted, std::size_t& mended) {
  std::vector<Row> rows;
  for (std::size_t s = 0; s < made.plan.steps.size(); ++s)
    for (std::size_t e = 0; e < made.plan.steps[s].after.size(); ++e) {
      Plan mutant = made.plan;
      const Edge gone = mutant.steps[s].after[e];
      mutant.steps[s].after.erase(mutant.steps[s].after.begin() + static_cast<std::ptrdiff_t>(e));
      VerifyOptions options;
      options.explore = VerifyOptions::Explore::kNever;
      const Result<Verification> verification = verify(*made.model, mutant, options);
      EXPECT_TRUE(verification) << verification.error().message;
      if (!verification) continue;
      Row row{gone.step + " → " + mutant.steps[s].id + " (" + gone.because + ")",
              std::string(to_string(verification.value().verdict)), ""};
      if (verification.value().verdict == Verdict::kRefuted) ++refuted;
      if (!verification.value().counterexamples.empty()) {
        const Counterexample& first = verification.value().counterexamples.front();
        row.mend = first.mend;
        if (first.mend_from == gone.step && first.mend_to == mutant.steps[s].id) ++mended;
        const Result<GroundPlan> ground = GroundPlan::of(*made.model, mutant);
        for (const Counterexample& each : verification.value().counterexamples)
          expect_replays(ground.value(), each);
      }
      rows.push_back(std::move(row));
    }
  return rows;
}

class MissingEdge : public testing::TestWithParam<std::tuple<Procedure, Provider, Addresses>> {};

/// No edge of any plan is there in vain, and the edge that is missing is the one that is proposed.
TEST_P(MissingEdge, IsFoundAndProposed) {
  const auto& [procedure, provider, addresses] = GetParam();
  FleetShape shape;
  shape.provider = provider;
  shape.addresses = addresses;
  const Planned made = planned(procedure, shape);
  std::size_t refuted = 0;
  std::size_t mended = 0;
  const std::vector<Row> rows = delete_each_edge(made, refuted, mended);
  ASSERT_FALSE(rows.empty());
  std::string table;
  for (const Row& row : rows)
    table += "  " + row.outcome + "  without " + row.edge + "; proposed: " + row.mend + "\n";
  EXPECT_EQ(refuted, rows.size()) << table;
  EXPECT_EQ(mended, rows.size()) << table;
  std::cout << to_string(procedure) << " on " << to_string(provider) << ": " << rows.size()
            << " edges, each deleted alone: " << refuted << " refuted, " << mended
            << " mended by the very edge\n";
  if (std::getenv("WME_SHOW_TABLES")) std::cout << table;
}

std::string named(const testing::TestParamInfo<MissingEdge::ParamType>& info) {
  static constexpr const char* kAddressWords[] = {"SameAddresses", "NewExternal", "NewPlatform"};
  std::string name = std::string(to_string(std::get<0>(info.param))) + "_" +
                     std::string(to_string(std::get<1>(info.param))) + "_" +
                     kAddressWords[static_cast<int>(std::get<2>(info.param))];
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Aws, MissingEdge,
    testing::Combine(testing::ValuesIn(kEveryProcedure), testing::Values(Provider::kAws),
                     testing::Values(Addresses::kSame, Addresses::kNewPlatform)),
    named);
INSTANTIATE_TEST_SUITE_P(ByArchive, MissingEdge,
                         testing::Combine(testing::ValuesIn(kEveryProcedure),
                                          testing::Values(Provider::kHyperV),
                                          testing::Values(Addresses::kSame)),
                         named);

}  // namespace
}  // namespace wme::tests
