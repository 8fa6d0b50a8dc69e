#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>
#include <tuple>

#include "executor/journal/sqlite_journal.hpp"
#include "tests/executor/journal/sample_entries.hpp"
#include "tests/support/process.hpp"

/// A journal cut at each byte of its end, and with bytes flipped anywhere: it is recovered or
/// refused, never misread. By default a sample; REHYDRATE_DAMAGE=whole does all and prints counts.
namespace wme::executor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEndBytes = 64 * 1024;
constexpr std::size_t kFlips = 1000;

bool whole() {
  const char* asked = std::getenv("REHYDRATE_DAMAGE");
  return asked != nullptr && std::string(asked) == "whole";
}

/// What stands on the disk when a process is killed, and what it had written.
struct Image {
  std::string name;
  std::string file;
  std::string log;  ///< FILE-wal
  std::vector<Row> rows;
  std::vector<std::size_t> commits;  ///< ends of the transactions in the log that count
};

std::vector<Row> all_rows(const StoredJournal& journal) {
  auto rows = journal.rows();
  EXPECT_TRUE(rows);
  return rows ? rows.value() : std::vector<Row>{};
}

/// As large as that of a small installation: its inputs first, then each step's entries.
void append_run(StoredJournal& journal, std::size_t from, std::size_t to) {
  const auto samples = sample_entries();
  for (std::size_t i = from; i < to; ++i) {
    Entry entry = i == 1 ? attachment(kStart, "plan.json", std::string(12'000, 'p'))
                         : samples[i % samples.size()];
    entry.details["detail"] = std::string(100 + i * 37 % 900, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(journal.append(entry));
  }
}

/// Big-endian, as all numbers in the log.
std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::vector<std::size_t> commits_of(const std::string& log) {
  std::vector<std::size_t> ends;
  if (log.empty()) return ends;
  const std::size_t frame = 24 + number_at(log, 8);
  for (std::size_t at = 32; at + frame <= log.size(); at += frame) {
    if (log.compare(at + 8, 8, log, 16, 8) != 0) break;
    if (number_at(log, at + 4) != 0) ends.push_back(at + frame);
  }
  return ends;
}

class DamageTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kEntries = 60;

  std::unique_ptr<SqliteJournal> begun(const std::string& name) {
    path_ = folder_.path() / name;
    auto journal = SqliteJournal::create(path_, {Durability::kNone, [] { return kStart; }});
    EXPECT_TRUE(journal) << journal.error().message;
    return std::move(journal).value();
  }
  Image image(const std::string& name, const std::vector<Row>& rows) const {
    Image taken{name, testing_support::text_of(path_), "", rows, {}};
    const fs::path log = path_.string() + "-wal";
    if (fs::exists(log)) taken.log = testing_support::text_of(log);
    taken.commits = commits_of(taken.log);
    return taken;
  }
  /// A run that has ended: SQLite has put everything into the one file.
  Image closed() {
    auto journal = begun("closed");
    append_run(*journal, 0, kEntries);
    const auto rows = all_rows(*journal);
    journal.reset();
    return image("closed", rows);
  }
  /// A run that was killed: everything is in the log still.
  Image killed() {
    const auto journal = begun("killed");
    append_run(*journal, 0, kEntries);
    return image("killed", all_rows(*journal));
  }
  /// A run that was killed after its log had been taken over into the file and begun anew: what
  /// follows in the log is left over.
  Image killed_later() {
    const auto journal = begun("killed-later");
    append_run(*journal, 0, kEntries - 30);
    SQLite::Database(path_.string(), SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint");
    append_run(*journal, kEntries - 30, kEntries);
    return image("killed-later", all_rows(*journal));
  }

  /// One damaged copy: how much of it is read, or why nothing is.
  struct Reading {
    std::size_t entries = 0;
    std::string refusal;  ///< empty: it was read
  };
  static Reading read_copy(const Image& image, const fs::path& path, bool read_only) {
    write_bytes(path, image.file);
    fs::remove(path.string() + "-shm");
    fs::remove(path.string() + "-wal");
    if (!image.log.empty()) write_bytes(path.string() + "-wal", image.log);
    const auto journal =
        read_only ? SqliteJournal::open_read_only(path) : SqliteJournal::open(path);
    if (!journal) return {0, journal.error().message};
    const auto rows = journal.value()->rows();
    if (!rows) return {0, rows.error().message};
    // Whoever only looks has to verify; whoever goes on with it has it verified for him.
    if (const auto end = read_only ? verify(rows.value()) : ChainEnd{}; !end)
      return {0, end.error().message};
    EXPECT_LE(rows.value().size(), image.rows.size());
    for (std::size_t i = 0; i < rows.value().size(); ++i)
      EXPECT_TRUE(same(rows.value()[i], image.rows[i])) << "entry " << i + 1 << " is misread";
    // What was recovered can be gone on with.
    EXPECT_TRUE(read_only || journal.value()->append(sample_entries()[0]));
    return {rows.value().size(), ""};
  }
  static bool same(const Row& a, const Row& b) {
    const auto columns = [](const Row& row) {
      return std::tie(row.sequence, row.at, row.kind, row.step, row.action, row.arguments,
                      row.token, row.text, row.observed, row.details, row.hash, row.wall_clock,
                      row.wall_seal);
    };
    return columns(a) == columns(b);
  }
  static void write_bytes(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  using Damage = std::function<Image(std::size_t)>;
  using Judge = std::function<void(std::size_t, const Reading&)>;
  /// Reads each damaged copy, by several threads; `judge` is asked one at a time.
  void each(const std::string& what, std::size_t count, std::size_t stride, const Damage& damaged,
            const Judge& judge) {
    std::atomic<std::size_t> next = 0;
    std::mutex judging;
    std::size_t refused = 0;
    std::map<std::string, std::size_t> reasons;
    const auto work = [&](const fs::path& copy) {
      for (std::size_t at = next++ * stride; at < count; at = next++ * stride) {
        const Reading reading = read_copy(damaged(at), copy, at / stride % 4 == 0);
        const std::lock_guard lock(judging);
        judge(at, reading);
        if (reading.refusal.empty()) continue;
        ++refused;
        ++reasons[kind_of(reading.refusal)];
        EXPECT_TRUE(says_where(reading.refusal)) << reading.refusal;
      }
    };
    std::vector<std::thread> threads;
    const std::size_t workers = whole() ? std::max(1U, std::thread::hardware_concurrency()) : 2;
    for (std::size_t i = 0; i < workers; ++i)
      threads.emplace_back(work, folder_.path() / ("copy-" + std::to_string(i)));
    for (std::thread& thread : threads) thread.join();
    if (!whole()) return;
    const std::size_t cases = (count + stride - 1) / stride;
    std::cout << what << ": " << cases << " cases, " << cases - refused << " recovered, " << refused
              << " refused, 0 misread" << (HasFailure() ? " (FAILED)" : "") << "\n";
    for (const auto& [reason, times] : reasons)
      std::cout << "  " << times << " x " << reason << "\n";
  }
  static std::string kind_of(std::string refusal) {
    refusal = refusal.substr(std::min(refusal.find(": ") + 2, refusal.size()));
    std::string kind;
    for (const char c : refusal.substr(0, 90)) kind += c >= '0' && c <= '9' ? '#' : c;
    return kind;
  }
  static bool says_where(const std::string& refusal) {
    for (const char* place : {"byte", "entry", "beside its entries", "page", "Page", "table",
                              "header", "not a journal", "schema"})
      if (refusal.find(place) != std::string::npos) return true;
    return false;
  }

  testing_support::TemporaryFolder folder_;
  fs::path path_;
};

TEST_F(DamageTest, OfAClosedFileThatIsCutIsRefusedWithTheByte) {
  const Image sound = closed();
  ASSERT_GT(sound.file.size(), kEndBytes);
  ASSERT_TRUE(sound.log.empty());
  each(
      "closed file, cut", kEndBytes, whole() ? 1 : 1999,
      [&](std::size_t at) {
        Image cut = sound;
        cut.file.resize(sound.file.size() - 1 - at);
        return cut;
      },
      [&](std::size_t at, const Reading& reading) {
        const std::string byte =
            "is cut off at byte " + std::to_string(sound.file.size() - 1 - at) + " ";
        EXPECT_NE(reading.refusal.find(byte), std::string::npos) << reading.refusal;
      });
}

TEST_F(DamageTest, OfALogThatIsCutLosesNothingThatStandsBeforeTheCut) {
  for (const Image& sound : {killed(), killed_later()}) {
    ASSERT_GE(sound.commits.size(), 30U) << sound.name;
    const std::size_t end = sound.commits.back();
    ASSERT_GT(end, kEndBytes);
    each(
        "log of a run " + sound.name + ", cut", kEndBytes, whole() ? 1 : 1999,
        [&](std::size_t at) {
          Image cut = sound;
          cut.log.resize(end - 1 - at);
          return cut;
        },
        [&](std::size_t at, const Reading& reading) {
          const auto cut_off =
              std::count_if(sound.commits.begin(), sound.commits.end(),
                            [&](std::size_t commit) { return commit >= end - at; });
          EXPECT_EQ(reading.refusal, "");
          EXPECT_EQ(reading.entries, sound.rows.size() - static_cast<std::size_t>(cut_off));
        });
  }
}

TEST_F(DamageTest, OfAFileWhoseLogIsWholeIsRecoveredOrRefused) {
  const Image sound = killed_later();
  each(
      "file of a run killed-later, cut", std::min(kEndBytes, sound.file.size()), whole() ? 1 : 1999,
      [&](std::size_t at) {
        Image cut = sound;
        cut.file.resize(sound.file.size() - 1 - at);
        return cut;
      },
      [&](std::size_t, const Reading& reading) {
        EXPECT_TRUE(!reading.refusal.empty() || reading.entries == sound.rows.size());
      });
}

/// Flips over the file and its log alike; whatever is read is everything.
TEST_F(DamageTest, OfFlippedBytesHidesNoEntry) {
  int number = 0;
  for (const Image& sound : {closed(), killed(), killed_later()}) {
    std::mt19937 random(static_cast<unsigned>(++number));  // NOLINT(cert-msc51-cpp): repeatable
    std::vector<std::pair<std::size_t, char>> flips;
    for (std::size_t i = 0; i < kFlips; ++i)
      flips.emplace_back(random() % (sound.file.size() + sound.log.size()),
                         static_cast<char>(1 + random() % 255));
    std::size_t refused = 0;
    each(
        "flipped bytes, run " + sound.name, kFlips, whole() ? 1 : 25,
        [&](std::size_t i) {
          Image flipped = sound;
          const auto& [at, change] = flips[i];
          char& byte =
              at < sound.file.size() ? flipped.file[at] : flipped.log[at - sound.file.size()];
          byte = static_cast<char>(byte ^ change);
          return flipped;
        },
        [&](std::size_t i, const Reading& reading) {
          refused += reading.refusal.empty() ? 0 : 1;
          EXPECT_TRUE(!reading.refusal.empty() || reading.entries == sound.rows.size())
              << "byte " << flips[i].first;
        });
    EXPECT_GT(refused, 0U) << sound.name;
  }
}

/// The last transaction in the log is what a crash tears; a flip there must not look like that.
/// (Where a flip leaves a word of zeros, it may: so does a sector that was never written.)
TEST_F(DamageTest, OfTheLastTransactionIsNotTakenForACrash) {
  const Image sound = killed();
  const std::size_t end = sound.commits.back();
  const std::size_t from = sound.commits[sound.commits.size() - 2];
  const auto flipped_at = [&](std::size_t at) {
    Image flipped = sound;
    flipped.log[from + at] = static_cast<char>(flipped.log[from + at] ^ 0x10);
    return flipped;
  };
  each("flipped bytes, last transaction", end - from, whole() ? 1 : 499, flipped_at,
       [&](std::size_t at, const Reading& reading) {
         const bool zero = number_at(flipped_at(at).log, from + at / 4 * 4) == 0;
         EXPECT_TRUE(zero || reading.refusal.find("is damaged") != std::string::npos)
             << "byte " << from + at << ": " << reading.refusal;
       });
}

/// What a power cut may leave of a transaction of several frames: any of its sectors, but not all.
TEST_F(DamageTest, OfATornTransactionIsACrash) {
  constexpr std::size_t kSector = 512;
  const Image sound = killed();
  const std::size_t from = sound.commits[sound.commits.size() - 2];
  const std::size_t end = sound.commits.back();
  each(
      "torn last transaction", end / kSector - from / kSector + 1, 1,
      [&](std::size_t sector) {
        Image torn = sound;
        const std::size_t at = std::max(from, (from / kSector + sector) * kSector);
        const std::size_t count = std::min(end, (from / kSector + sector + 1) * kSector) - at;
        torn.log.replace(at, count, count, '\0');
        return torn;
      },
      [&](std::size_t sector, const Reading& reading) {
        EXPECT_EQ(reading.refusal, "") << "sector " << sector;
        EXPECT_GE(reading.entries, sound.rows.size() - 1);
      });
}

}  // namespace
}  // namespace wme::executor
