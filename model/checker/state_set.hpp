#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace wme::model {

/// A set of packed states, each with a number in the order of arrival. Exact: whole states are
/// compared, never their hashes alone.
class StateSet {
 public:
  explicit StateSet(std::size_t words) : words_(words), slots_(kFirstSlots, kEmpty) {}

  std::size_t size() const { return size_; }
  std::span<const std::uint64_t> operator[](std::uint32_t number) const {
    return {states_.data() + number * words_, words_};
  }

  /// The state's number, and whether it is new.
  std::pair<std::uint32_t, bool> insert(std::span<const std::uint64_t> state) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    for (std::size_t at = hash(state) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == kEmpty) {
        const auto number = static_cast<std::uint32_t>(size_++);
        slots_[at] = number;
        states_.insert(states_.end(), state.begin(), state.end());
        return {number, true};
      }
      if (equal((*this)[slots_[at]], state)) return {slots_[at], false};
    }
  }

 private:
  static constexpr std::uint32_t kEmpty = static_cast<std::uint32_t>(-1);
  static constexpr std::size_t kFirstSlots = 1024;

  static bool equal(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
    for (std::size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i]) return false;
    return true;
  }

  static std::size_t hash(std::span<const std::uint64_t> state) {
    std::uint64_t mixed = 0x9e3779b97f4a7c15U;
    for (const std::uint64_t word : state) {
      mixed = (mixed ^ word) * 0xff51afd7ed558ccdU;
      mixed ^= mixed >> 32U;
    }
    return static_cast<std::size_t>(mixed);
  }

  void grow() {
    std::vector<std::uint32_t> larger(slots_.size() * 2, kEmpty);
    for (std::uint32_t number = 0; number < size_; ++number) {
      std::size_t at = hash((*this)[number]) & (larger.size() - 1);
      while (larger[at] != kEmpty) at = (at + 1) & (larger.size() - 1);
      larger[at] = number;
    }
    slots_ = std::move(larger);
  }

  std::size_t words_;
  std::size_t size_ = 0;
  std::vector<std::uint64_t> states_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace wme::model
