#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "model/inventory.hpp"
#include "model/result.hpp"

/// Rows of the section `containers`: one row may stand for a range of containers,
///   name: c{1..40}, id: ccc-{n:8}, owner: dev{n}@acme.example
/// where {n} is the running number and {n:8} the same, filled with zeros to eight digits.
namespace wme::scenarios {

/// Letters, digits, '.', '_' and '-', starting with a letter or a digit; 63 at most.
bool is_entity_name(std::string_view text);
/// An entity name, or one with a range {FROM..TO} in it.
bool is_row_name(std::string_view text);

/// The containers that a row stands for; a row without an id gives them their names as ids.
/// Error kInvalid: "what is wrong: why; what to do" without a place.
Result<std::vector<model::Container>> unfold(const model::Container& row,
                                             std::size_t containers_max);

/// The fewest rows that unfold to exactly `containers`, in their order; runs shorter than four stay
/// rows of their own, which read better.
std::vector<model::Container> fold(const std::vector<model::Container>& containers);

}  // namespace wme::scenarios
