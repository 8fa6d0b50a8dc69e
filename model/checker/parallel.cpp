#include "model/checker/parallel.hpp"

#include <mutex>
#include <thread>
#include <vector>

namespace wme::model {

namespace {

std::mutex turn;

}  // namespace

Turn::Turn() { turn.lock(); }
Turn::~Turn() { turn.unlock(); }

void in_parallel(std::size_t parts, const std::function<void(std::size_t)>& work) {
  std::vector<std::jthread> others;
  for (std::size_t part = 1; part < parts; ++part) others.emplace_back(work, part);
  work(0);
}

}  // namespace wme::model
