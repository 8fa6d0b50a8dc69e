#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "scenarios/report/svg.hpp"

/// Where to draw the nodes of a directed acyclic graph: layer by layer from top to bottom, few
/// crossings, long edges straight (the scheme of Sugiyama, Tagawa and Toda, 1981).
namespace wme::scenarios {

using GraphEdges = std::vector<std::pair<std::size_t, std::size_t>>;

/// An edge is implied when another way leads from its start to its end. O(nodes × edges).
GraphEdges without_implied_edges(std::size_t nodes, const GraphEdges& edges);
/// Whether no way leads back.
bool is_acyclic(std::size_t nodes, const GraphEdges& edges);

struct NodeSize {
  double width = 204;
  double height = 44;
  double gap_x = 18;
  double gap_y = 30;
};

struct LayeredDrawing {
  std::vector<svg::Point> nodes;               ///< upper left corners
  std::vector<std::vector<svg::Point>> edges;  ///< bends of each edge, both ends included
  double width = 0;
  double height = 0;
};

/// `edges` must be acyclic. The same graph gives the same drawing.
LayeredDrawing draw_layers(std::size_t nodes, const GraphEdges& edges, const NodeSize& size = {});

}  // namespace wme::scenarios
