#include "executor/journal/wal_file.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace wme::executor {
namespace {

constexpr std::size_t kWalHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 24;
constexpr std::uint32_t kWalMagic = 0x377F0682;  // the last bit: checksums of big-endian words

/// Big-endian, as all of the log but its checksums' words may be.
std::uint32_t word_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Checksum {
  std::uint32_t one = 0;
  std::uint32_t two = 0;
  bool operator==(const Checksum&) const = default;
};

/// Over each byte of a log, at each opening: whole words at a time.
template <bool kSwap>
Checksum summed(Checksum sum, std::string_view bytes) {
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    if constexpr (kSwap) words = {__builtin_bswap32(words[0]), __builtin_bswap32(words[1])};
    sum.one += words[0] + sum.two;
    sum.two += words[1] + sum.one;
  }
  return sum;
}

Checksum checksum(Checksum sum, std::string_view bytes, bool big_endian) {
  const bool swap = big_endian != (std::endian::native == std::endian::big);
  return swap ? summed<true>(sum, bytes) : summed<false>(sum, bytes);
}

Checksum checksum_at(std::string_view bytes, std::size_t at) {
  return {word_at(bytes, at), word_at(bytes, at + 4)};
}

constexpr std::uint32_t inverse_of_odd(std::uint32_t value) {
  std::uint32_t inverse = value;  // right in its last 3 bits; each round doubles them
  for (int round = 0; round < 4; ++round) inverse *= 2U - value * inverse;
  return inverse;
}

/// Whether one word of a frame is another than it was, by what the checksum of its number, its
/// commit mark and its page comes to, and stands as. Each word adds a multiple of two Fibonacci
/// numbers to the sum, which depend on its place only. No crash looks like that: it leaves whole
/// sectors as they were before. Only where that was nothing, and the word that is missing the only
/// one in its sector, it may: a zero in the page proves nothing.
bool differs_in_one_word(std::string_view page, Checksum sum, Checksum stands) {
  const Checksum off{stands.one - sum.one, stands.two - sum.two};
  Checksum first{1, 1};   // what a one in the first word of the last pair adds
  Checksum second{0, 1};  // and in the second
  const auto explains = [&](const Checksum& weight) {
    const std::uint32_t change = weight.one % 2 != 0 ? off.one * inverse_of_odd(weight.one)
                                                     : off.two * inverse_of_odd(weight.two);
    return change * weight.one == off.one && change * weight.two == off.two;
  };
  for (std::size_t at = page.size(); at >= 8; at -= 8) {
    if (explains(first)) return word_at(page, at - 8) != 0;
    if (explains(second)) return word_at(page, at - 4) != 0;
    for (Checksum* weight : {&first, &second})
      *weight = {weight->one + weight->two, weight->one + 2 * weight->two};
  }
  // A word of the frame's header, or of the checksum itself.
  return explains(first) || explains(second) || off.one == 0 || off.two == 0;
}

/// The file's own words for where it is damaged; none: it is sound, or torn as a crash tears it.
std::optional<std::string> damage_of(std::string_view wal) {
  if (wal.size() < kWalHeaderBytes) return std::nullopt;  // its creation was interrupted
  const std::uint32_t magic = word_at(wal, 0);
  const bool big_endian = (magic & 1U) != 0;
  const std::size_t page = word_at(wal, 8);
  const std::size_t frame = page + kFrameHeaderBytes;
  const bool sound_header = (magic & ~1U) == kWalMagic &&
                            checksum({}, wal.substr(0, 24), big_endian) == checksum_at(wal, 24);
  // One write of 32 bytes at the start of a sector, synced before any frame: never torn.
  if (!sound_header && wal.size() > kWalHeaderBytes + kFrameHeaderBytes)
    return "its header (bytes 0 to 31) is damaged";
  if (!sound_header || page == 0) return std::nullopt;
  Checksum before = checksum_at(wal, 24);
  std::optional<std::size_t> torn;
  int commits_behind = 0;
  for (std::size_t at = kWalHeaderBytes; at + frame <= wal.size(); at += frame) {
    // Each frame goes on from the checksum that stands in the one before.
    const Checksum sum = checksum(checksum(before, wal.substr(at, 8), big_endian),
                                  wal.substr(at + kFrameHeaderBytes, page), big_endian);
    const Checksum stands = checksum_at(wal, at + 16);
    before = stands;
    const bool salts = wal.substr(at + 8, 8) == wal.substr(16, 8);
    if (!torn && sum == stands && salts) continue;
    // Frames with other salts are left over from before the last checkpoint.
    const bool ours =
        wal.substr(at + 8, 4) == wal.substr(16, 4) || wal.substr(at + 12, 4) == wal.substr(20, 4);
    if (!torn && ours &&
        (sum == stands ||
         differs_in_one_word(wal.substr(at + kFrameHeaderBytes, page), sum, stands)))
      return "the frame at byte " + std::to_string(at) + " is damaged";
    if (!torn) torn = at;
    if (ours && word_at(wal, at + 4) != 0 && ++commits_behind > 1)
      return "the frame at byte " + std::to_string(*torn) +
             " is damaged, with later transactions behind it";
  }
  return std::nullopt;
}

std::string bytes_of_wal(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace

Status check_wal(const std::filesystem::path& journal) {
  const std::filesystem::path path = journal.string() + "-wal";
  std::optional<std::string> damage;
  // A live run may begin the log anew while it is read, which looks like damage once, not thrice.
  constexpr int kLooks = 3;
  for (int look = 0; look < kLooks; ++look) {
    damage = damage_of(bytes_of_wal(path));
    if (!damage) return Done{};
  }
  return Error{ErrorCode::kFailed,
               "journal " + journal.string() + ": its write-ahead log " + path.string() +
                   " is damaged: " + *damage +
                   "; entries would be lost. Nothing was changed: keep both files, and go on with "
                   "a copy of both from before the damage"};
}

}  // namespace wme::executor
