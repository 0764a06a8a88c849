// What an estimate costs while somebody types: the first one of a model, one more of the same request, and one for each
// of several sizes. Milliseconds, best and worst.
//   estimate_bench MODEL [REPEAT]

#include "engine/api/engine_factory.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace studio::engine {
namespace {

double millisecondsOf(Estimator& estimator, const GenerationRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const auto estimate = estimator.estimate(request, {});
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  if (!estimate) {
    std::fprintf(stderr, "%s\n", estimate.error().message.c_str());
    std::exit(1);
  }
  return taken.count();
}

void run(const char* model, int repeat) {
  const auto estimator = makeEstimator();
  GenerationRequest request;
  request.model = pathFromUtf8(model);
  request.size = {1024, 1024};
  std::printf("first           %8.1f\n", millisecondsOf(*estimator, request));
  double best = 1e9, worst = 0;
  const auto count = [&](double taken) { best = std::min(best, taken), worst = std::max(worst, taken); };
  for (int i = 0; i < repeat; ++i) count(millisecondsOf(*estimator, request));
  std::printf("the same again  %8.1f %8.1f\n", best, worst);
  best = 1e9, worst = 0;
  for (int i = 0; i < repeat; ++i) {
    request.size.width = 512 + 64 * (i % 9);
    count(millisecondsOf(*estimator, request));
  }
  std::printf("another size    %8.1f %8.1f\n", best, worst);
}

}  // namespace
}  // namespace studio::engine

int main(int count, char** values) {
  if (count < 2) {
    std::fprintf(stderr, "estimate_bench MODEL [REPEAT]\n");
    return 2;
  }
  studio::engine::run(values[1], count > 2 ? std::max(1, std::atoi(values[2])) : 9);
  return 0;
}
