#include "executor/journal/chain.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "executor/journal/journal.hpp"
#include "tests/executor/journal/sample_entries.hpp"

namespace wme::executor {
namespace {

std::vector<Row> sample_rows() {
  InMemoryJournal journal([] { return kStart; });
  for (const Entry& entry : sample_entries()) EXPECT_TRUE(journal.append(entry));
  return journal.rows().value();
}

TEST(Chain, OfTheSampleEndsInTheKnownHash) {
  const auto end = verify(sample_rows());
  ASSERT_TRUE(end);
  EXPECT_EQ(end.value().entries, 15);
  // A canary: journals of earlier versions no longer verify when this moves (then raise the
  // schema).
  EXPECT_EQ(genesis_hash(), "801e850cacbc5ea010e65f0578451f01c04b93a39e6a2fc172881dd625ec57b1");
  EXPECT_EQ(end.value().hash, "390e42f9855b237e609be1117b3b0ba213647d167728273dcb3d6576813a2040");
}

TEST(Chain, OfNothingVerifies) {
  const auto end = verify(std::vector<Row>{});
  ASSERT_TRUE(end);
  EXPECT_EQ(end.value().hash, genesis_hash());
}

TEST(Chain, ReadsBackEachEntryThatItTook) {
  const std::vector<Row> rows = sample_rows();
  const std::vector<Entry> entries = sample_entries();
  ASSERT_EQ(rows.size(), entries.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto entry = decode(rows[i]);
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(entry.value(), entries[i]);
  }
}

TEST(Chain, SaysAtWhichEntryItBreaksWhateverColumnWasChanged) {
  const std::vector<Row> sound = sample_rows();
  for (std::size_t at = 0; at < sound.size(); ++at) {
    for (std::string Row::*column :
         {&Row::at, &Row::kind, &Row::step, &Row::action, &Row::arguments, &Row::token, &Row::text,
          &Row::observed, &Row::details, &Row::hash, &Row::wall_clock, &Row::wall_seal}) {
      std::vector<Row> changed = sound;
      (changed[at].*column) += " ";
      const auto end = verify(changed);
      ASSERT_FALSE(end);
      const std::string place = "at entry " + std::to_string(at + 1) + ":";
      EXPECT_NE(end.error().message.find(place), std::string::npos) << end.error().message;
    }
  }
}

TEST(Chain, BreaksWhereAnEntryIsMissingOrOutOfPlace) {
  std::vector<Row> gap = sample_rows();
  gap.erase(gap.begin() + 3);
  EXPECT_EQ(verify(gap).error().message,
            "journal: the chain breaks at entry 5: entry 4 should stand here");
  std::vector<Row> swapped = sample_rows();
  std::swap(swapped[3], swapped[4]);
  EXPECT_FALSE(verify(swapped));
}

TEST(Chain, DoesNotVouchForAColumnThatNobodyCanRead) {
  // Given a row whose hash is right, but whose details are no JSON object of strings
  for (const char* details : {"[]", "{\"a\":1}", "{\"a\": \"b\"}", "{"}) {
    Row row = encode(1, genesis_hash(), sample_entries().front(), kStart);
    row.details = details;
    const auto entry = decode(row);
    ASSERT_FALSE(entry) << details;
    EXPECT_NE(entry.error().message.find("at entry 1"), std::string::npos);
  }
}

TEST(Chain, DoesNotDependOnTheWallClock) {
  InMemoryJournal today([] { return kStart; });
  InMemoryJournal tomorrow([] { return kStart + std::chrono::hours{24}; });
  for (const Entry& entry : sample_entries()) {
    ASSERT_TRUE(today.append(entry));
    ASSERT_TRUE(tomorrow.append(entry));
  }
  EXPECT_EQ(canonical_text(today).value(), canonical_text(tomorrow).value());
  EXPECT_NE(today.rows().value()[0].wall_clock, tomorrow.rows().value()[0].wall_clock);
}

TEST(Chain, ReplacesBytesThatAreNoText) {
  Entry entry = sample_entries()[2];
  entry.text = std::string("a\0b\xFFz", 5);
  entry.details["answer"] = "\xC3";
  const Row row = encode(1, genesis_hash(), entry, kStart);
  EXPECT_TRUE(verify({row}));
  EXPECT_EQ(decode(row).value().text,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBDz");
  EXPECT_EQ(decode(row).value().details.at("answer"), "\xEF\xBF\xBD");
}

RC_GTEST_PROP(Chain, VerifiesAndReadsBackWhateverIsPrintable, ()) {
  const auto text = rc::gen::string<std::string>();
  const auto printable = rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~'));
  Entry entry;
  entry.at = kStart;
  entry.step = *printable;
  entry.arguments = *rc::gen::container<std::vector<std::string>>(printable);
  entry.details[*printable] = *printable;
  entry.observed = {{{*printable, {*printable}}, *printable, *printable}};
  Entry wild = entry;
  wild.text = *text;
  InMemoryJournal journal([] { return kStart; });
  RC_ASSERT(bool(journal.append(entry)));
  RC_ASSERT(bool(journal.append(wild)));
  const auto read = records(journal);
  RC_ASSERT(bool(read));
  RC_ASSERT(read.value()[0].entry == entry);
  RC_ASSERT(bool(canonical_text(journal)));
}

}  // namespace
}  // namespace wme::executor
