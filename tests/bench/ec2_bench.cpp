#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "executor/drivers/aws/sigv4.hpp"
#include "model/wme/installation.hpp"
#include "scenarios/inventory/fleet.hpp"
#include "simulators/aws/ec2_front.hpp"
#include "simulators/core/world.hpp"

/// What the simulated EC2 costs: signature, filters and XML, on one core and without sockets.
namespace wme {
namespace {

constexpr std::chrono::sys_seconds kWallTime{std::chrono::seconds(1700000000)};
constexpr int kAtOnce = 100;  // the most that one RunInstances makes

class StandingClock : public simulators::WorldClock {
 public:
  simulators::TimePoint now() const override {
    return simulators::TimePoint(std::chrono::seconds(1800000000));
  }
};

simulators::HttpRequest request_of(const std::string& form) {
  executor::aws::UnsignedRequest request{
      "POST",
      "/",
      {{"Host", "ec2.bench"}, {"Content-Type", "application/x-www-form-urlencoded"}},
      "Version=2016-11-15&" + form};
  const auto signature = executor::aws::sign(request, {"AKID", executor::Secret("secret"), {}},
                                             {"eu-central-1", "ec2", kWallTime});
  request.headers.insert(request.headers.end(), signature.added.begin(), signature.added.end());
  return {request.method, request.target, request.headers, request.body};
}

/// An account with this many instances of a user's own beside a small installation.
class Account {
 public:
  explicit Account(int instances)
      : world_(model::installation_of(
                   scenarios::generate_fleet(scenarios::Fleet::kXs, model::Provider::kAws),
                   model::Procedure::kDehydrate),
               clock_, {}),
        front_(world_, {{{"AKID", "secret", ""}}, [] { return kWallTime; }, "eu-central-1"}) {
    const std::string image = world_.installation().inventory.launch.image;
    const std::string count = std::to_string(kAtOnce);
    for (int made = 0; made < instances; made += kAtOnce)
      handle(request_of("Action=RunInstances&ImageId=" + image + "&MinCount=" + count +
                        "&MaxCount=" + count + "&ClientToken=t" + std::to_string(made)));
  }
  simulators::HttpResponse handle(const simulators::HttpRequest& request) {
    simulators::HttpResponse response = front_.handle(request);
    if (response.status != 200) std::abort();
    return response;
  }

 private:
  StandingClock clock_;
  simulators::World world_;
  simulators::aws::Ec2Front front_;
};

void describe(benchmark::State& state, const std::string& form) {
  Account account(static_cast<int>(state.range(0)));
  const simulators::HttpRequest request = request_of("Action=DescribeInstances&" + form);
  std::vector<double> milliseconds;
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    bytes = account.handle(request).body.size();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    milliseconds.push_back(took.count());
  }
  std::ranges::sort(milliseconds);
  state.counters["p99_ms"] = milliseconds[(milliseconds.size() - 1) * 99 / 100];
  state.counters["bytes"] = static_cast<double>(bytes);
  state.SetItemsProcessed(state.iterations());
}

void launch(benchmark::State& state) {
  for (auto _ : state) Account account(static_cast<int>(state.range(0)));
}

BENCHMARK_CAPTURE(describe, all, "")->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(describe, page, "MaxResults=100")
    ->Arg(1000)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(describe, by_filter, "Filter.1.Name=client-token&Filter.1.Value.1=t0")
    ->Arg(1000)
    ->Arg(10000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(launch)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace wme
