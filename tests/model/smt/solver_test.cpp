#include "model/smt/solver.hpp"

#include <gmock/gmock.h>

namespace wme::tests {
namespace {

using namespace wme::model::smt;  // NOLINT
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const std::vector<std::string> kWords = {"down", "up"};
const std::vector<OpenFunction> kHome = {{"home", OpenSort::kContainer, OpenSort::kInstance}};

Ref container(const char* name) { return {OpenSort::kContainer, name, {}, false}; }
Ref home_of(const char* name) { return {OpenSort::kInstance, name, {"home"}, false}; }
Expr is_up(const char* symbol, Ref at) {
  return is_in({symbol, std::move(at), symbol, &kWords, false}, 2);
}
Expr every_container_is_up() {
  return for_all(OpenSort::kContainer, "c", is_up("run", container("c")));
}
/// A container that is up is at home on an instance that is up.
Expr homes_are_up() {
  return for_all(OpenSort::kContainer, "c",
                 implication(is_up("run", container("c")), is_up("power", home_of("c"))));
}

TEST(Solver, SaysNoForAnySizeAndWhatItTook) {
  Solver solver(kHome);
  solver.suppose("all up", every_container_is_up());
  solver.suppose("homes", homes_are_up());
  solver.suppose("idle", for_all(OpenSort::kInstance, "i",
                                 is_up("lamp", {OpenSort::kInstance, "i", {}, false})));
  const Solver::Reply reply =
      solver.possible(negation(is_up("power", home_of("the c"))), {"all up", "homes", "idle"}, {});
  EXPECT_EQ(reply.answer, Answer::kNo);
  EXPECT_THAT(reply.needed, UnorderedElementsAre("all up", "homes"));
}

TEST(Solver, SaysYesWhereASuppositionIsMissing) {
  Solver solver(kHome);
  solver.suppose("homes", homes_are_up());
  EXPECT_EQ(solver.possible(negation(is_up("power", home_of("the c"))), {"homes"}, {}).answer,
            Answer::kYes);
}

TEST(Solver, FindsAWitnessForWhatIsNotTrueOfAll) {
  Solver solver(kHome);
  solver.suppose("all up", every_container_is_up());
  EXPECT_EQ(solver.possible(negation(every_container_is_up()), {"all up"}, {}).answer, Answer::kNo);
  EXPECT_EQ(solver.possible(negation(every_container_is_up()), {}, {}).answer, Answer::kYes);
}

/// Two members of a sort may well be the same one, or not.
TEST(Solver, DoesNotTakeTwoNamesForTwoMembers) {
  Solver solver(kHome);
  const Expr differ =
      conjunction({is_up("run", container("the c")), negation(is_up("run", container("the d")))});
  EXPECT_EQ(solver.possible(differ, {}, {}).answer, Answer::kYes);
  EXPECT_EQ(
      solver.possible(conjunction({differ, same(container("the c"), container("the d"))}), {}, {})
          .answer,
      Answer::kNo);
}

TEST(Solver, DoesNotAnswerWhatItsMethodCannotDecide) {
  Solver solver(kHome);
  // For each container there is another one that is up: the witness would depend on the first.
  const Expr nested =
      for_all(OpenSort::kContainer, "c",
              negation(for_all(OpenSort::kContainer, "d", negation(is_up("run", container("d"))))));
  EXPECT_EQ(solver.possible(nested, {}, {}).answer, Answer::kUnknown);
}

TEST(SolverDeathTest, DoesNotSupposeThatThereIsSomething) {
  Solver solver(kHome);
  EXPECT_DEATH(solver.suppose("some", negation(every_container_is_up())), "cannot suppose");
}

TEST(StructureOf, HasTheSizeThatWasAskedFor) {
  const Expr formula = conjunction({negation(every_container_is_up()), homes_are_up()});
  const Sizes none = {{OpenSort::kContainer, 0}, {OpenSort::kInstance, 1}, {OpenSort::kShard, 0}};
  EXPECT_FALSE(structure_of(formula, kHome, {}, none));
  const Sizes two = {{OpenSort::kContainer, 2}, {OpenSort::kInstance, 1}, {OpenSort::kShard, 0}};
  const auto found = structure_of(formula, kHome, {}, two);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->holds(formula));
  EXPECT_EQ(found->words.at("run").size(), 2U);
  EXPECT_EQ(found->functions.at("home").size(), 2U);
}

TEST(StructureOf, KnowsWhoTheNamesAre) {
  const Expr formula =
      conjunction({is_up("run", container("the c")), negation(is_up("run", container("the d")))});
  const Sizes two = {{OpenSort::kContainer, 2}, {OpenSort::kInstance, 1}, {OpenSort::kShard, 0}};
  const auto found = structure_of(
      formula, kHome, {{"the c", OpenSort::kContainer}, {"the d", OpenSort::kContainer}}, two);
  ASSERT_TRUE(found);
  EXPECT_NE(found->constants.at("the c"), found->constants.at("the d"));
}

}  // namespace
}  // namespace wme::tests
