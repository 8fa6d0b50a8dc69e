#include "scenarios/report/layers.hpp"

#include <algorithm>
#include <numeric>

namespace wme::scenarios {
namespace {

using Adjacency = std::vector<std::vector<std::size_t>>;

Adjacency successors(std::size_t nodes, const GraphEdges& edges) {
  Adjacency next(nodes);
  for (const auto& [from, to] : edges) next[from].push_back(to);
  return next;
}

/// Every node after all that lead to it; shorter than `nodes` when the graph has a cycle.
std::vector<std::size_t> topological_order(std::size_t nodes, const GraphEdges& edges) {
  std::vector<std::size_t> open(nodes, 0);
  for (const auto& edge : edges) ++open[edge.second];
  const Adjacency next = successors(nodes, edges);
  std::vector<std::size_t> order;
  for (std::size_t node = 0; node < nodes; ++node)
    if (open[node] == 0) order.push_back(node);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const std::size_t to : next[order[i]])
      if (--open[to] == 0) order.push_back(to);
  return order;
}

/// A node of the drawing: one of the graph, or a place where a long edge passes a layer.
struct Slot {
  std::size_t layer = 0;
  double width = 0;
  bool passing = false;
  std::vector<std::size_t> above;
  std::vector<std::size_t> below;
  double x = 0;  ///< of its middle
};

struct Net {
  std::vector<Slot> slots;  ///< the graph's nodes first
  std::vector<std::vector<std::size_t>> layers;
  std::vector<std::vector<std::size_t>> ways;  ///< slots that each edge runs through
};

Net build_net(std::size_t nodes, const GraphEdges& edges, const NodeSize& size) {
  Net net;
  net.slots.resize(nodes);
  const Adjacency next = successors(nodes, edges);
  for (const std::size_t node : topological_order(nodes, edges))
    for (const std::size_t to : next[node])
      net.slots[to].layer = std::max(net.slots[to].layer, net.slots[node].layer + 1);
  for (Slot& slot : net.slots) slot.width = size.width;
  for (const auto& [from, to] : edges) {
    std::vector<std::size_t> way{from};
    for (std::size_t layer = net.slots[from].layer + 1; layer < net.slots[to].layer; ++layer) {
      way.push_back(net.slots.size());
      net.slots.push_back({layer, 0, true, {}, {}, 0});
    }
    way.push_back(to);
    for (std::size_t i = 1; i < way.size(); ++i) {
      net.slots[way[i - 1]].below.push_back(way[i]);
      net.slots[way[i]].above.push_back(way[i - 1]);
    }
    net.ways.push_back(std::move(way));
  }
  for (std::size_t i = 0; i < net.slots.size(); ++i) {
    if (net.layers.size() <= net.slots[i].layer) net.layers.resize(net.slots[i].layer + 1);
    net.layers[net.slots[i].layer].push_back(i);
  }
  return net;
}

std::vector<double> positions(const Net& net) {
  std::vector<double> position(net.slots.size(), 0);
  for (const auto& layer : net.layers)
    for (std::size_t i = 0; i < layer.size(); ++i) position[layer[i]] = static_cast<double>(i);
  return position;
}

std::size_t crossings(const Net& net) {
  const std::vector<double> position = positions(net);
  std::size_t count = 0;
  for (const auto& layer : net.layers) {
    std::vector<std::pair<double, double>> lines;
    for (const std::size_t slot : layer)
      for (const std::size_t to : net.slots[slot].below)
        lines.emplace_back(position[slot], position[to]);
    for (std::size_t a = 0; a < lines.size(); ++a)
      for (std::size_t b = a + 1; b < lines.size(); ++b)
        if ((lines[a].first - lines[b].first) * (lines[a].second - lines[b].second) < 0) ++count;
  }
  return count;
}

/// Sorts one layer by the mean position of its neighbours in the layer just sorted.
void order_layer(Net& net, std::vector<std::size_t>& layer, bool by_above) {
  const std::vector<double> position = positions(net);
  std::vector<double> mean(net.slots.size(), 0);
  for (const std::size_t slot : layer) {
    const auto& near = by_above ? net.slots[slot].above : net.slots[slot].below;
    double sum = 0;
    for (const std::size_t other : near) sum += position[other];
    mean[slot] = near.empty() ? position[slot] : sum / static_cast<double>(near.size());
  }
  std::stable_sort(layer.begin(), layer.end(),
                   [&](std::size_t a, std::size_t b) { return mean[a] < mean[b]; });
}

void reduce_crossings(Net& net) {
  constexpr int kSweeps = 16;
  auto best = net.layers;
  std::size_t least = crossings(net);
  for (int sweep = 0; sweep < kSweeps && least > 0; ++sweep) {
    const bool down = sweep % 2 == 0;
    const std::size_t count = net.layers.size();
    for (std::size_t i = 1; i < count; ++i)
      order_layer(net, net.layers[down ? i : count - 1 - i], down);
    if (const std::size_t now = crossings(net); now < least) {
      least = now;
      best = net.layers;
    }
  }
  net.layers = best;
}

/// Moves the slots of a layer as near to where they want to be as order and distances allow: least
/// squares, by pooling neighbours that push each other.
void place_layer(Net& net, const std::vector<std::size_t>& layer, const std::vector<double>& wish,
                 double gap) {
  struct Pool {
    double sum;
    double weight;
    std::size_t count;
    double mean() const { return sum / weight; }
  };
  std::vector<double> offset(layer.size(), 0);
  for (std::size_t i = 1; i < layer.size(); ++i)
    offset[i] =
        offset[i - 1] + gap + (net.slots[layer[i - 1]].width + net.slots[layer[i]].width) / 2;
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const double weight = net.slots[layer[i]].passing ? 6 : 1;  // long edges stay straight
    pools.push_back({(wish[i] - offset[i]) * weight, weight, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back() = {pools.back().sum + last.sum, pools.back().weight + last.weight,
                      pools.back().count + last.count};
    }
  }
  std::size_t i = 0;
  for (const Pool& pool : pools)
    for (std::size_t k = 0; k < pool.count; ++k, ++i)
      net.slots[layer[i]].x = pool.mean() + offset[i];
}

void assign_x(Net& net, double gap) {
  constexpr int kSweeps = 24;
  for (const auto& layer : net.layers)
    place_layer(net, layer, std::vector<double>(layer.size()), gap);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const bool down = sweep % 2 == 0;
    for (std::size_t i = 0; i < net.layers.size(); ++i) {
      const auto& layer = net.layers[down ? i : net.layers.size() - 1 - i];
      std::vector<double> wish;
      for (const std::size_t slot : layer) {
        const auto& near = down ? net.slots[slot].above : net.slots[slot].below;
        double sum = 0;
        for (const std::size_t other : near) sum += net.slots[other].x;
        wish.push_back(near.empty() ? net.slots[slot].x : sum / static_cast<double>(near.size()));
      }
      place_layer(net, layer, wish, gap);
    }
  }
}

}  // namespace

bool is_acyclic(std::size_t nodes, const GraphEdges& edges) {
  return topological_order(nodes, edges).size() == nodes;
}

GraphEdges without_implied_edges(std::size_t nodes, const GraphEdges& edges) {
  const Adjacency next = successors(nodes, edges);
  GraphEdges kept;
  std::vector<std::size_t> seen(nodes, 0);
  std::size_t mark = 0;
  for (const auto& [from, to] : edges) {
    ++mark;
    std::vector<std::size_t> open;
    for (const std::size_t other : next[from])
      if (other != to) open.push_back(other);
    bool implied = false;
    while (!open.empty() && !implied) {
      const std::size_t node = open.back();
      open.pop_back();
      implied = node == to;
      if (seen[node] == mark) continue;
      seen[node] = mark;
      open.insert(open.end(), next[node].begin(), next[node].end());
    }
    if (!implied) kept.emplace_back(from, to);
  }
  return kept;
}

LayeredDrawing draw_layers(std::size_t nodes, const GraphEdges& edges, const NodeSize& size) {
  LayeredDrawing drawing;
  if (nodes == 0) return drawing;
  Net net = build_net(nodes, edges, size);
  reduce_crossings(net);
  assign_x(net, size.gap_x);
  double least = net.slots.front().x;
  double most = least;
  for (const Slot& slot : net.slots) {
    least = std::min(least, slot.x - slot.width / 2);
    most = std::max(most, slot.x + slot.width / 2);
  }
  const double pitch = size.height + size.gap_y;
  for (std::size_t i = 0; i < nodes; ++i)
    drawing.nodes.push_back(
        {net.slots[i].x - size.width / 2 - least, pitch * static_cast<double>(net.slots[i].layer)});
  for (const auto& way : net.ways) {
    std::vector<svg::Point> bends;
    for (std::size_t i = 0; i < way.size(); ++i) {
      const Slot& slot = net.slots[way[i]];
      const double top = pitch * static_cast<double>(slot.layer);
      const double x = slot.x - least;
      if (i > 0) bends.push_back({x, top});
      if (i + 1 < way.size()) bends.push_back({x, top + size.height});
    }
    drawing.edges.push_back(std::move(bends));
  }
  drawing.width = most - least;
  drawing.height = pitch * static_cast<double>(net.layers.size()) - size.gap_y;
  return drawing;
}

}  // namespace wme::scenarios
