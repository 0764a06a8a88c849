// How long it takes to look at this machine: the devices alone, as jobs ask for them, and the whole of it.
//   detection_bench [FOLDER…]

#include "engine/device/local_device_catalog.h"
#include "engine/device/local_hardware_survey.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

namespace {

constexpr int kRepeat = 10;
constexpr double kAim = 300;  // milliseconds

/// The first time, the middle and the longest of the others, in milliseconds.
void measure(const char* what, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i <= kRepeat; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  const double first = times.front();
  std::sort(times.begin() + 1, times.end());
  std::printf("%-10s first %6.1f ms, median %6.1f ms, longest %6.1f ms%s\n", what, first, times[1 + kRepeat / 2],
              times.back(), std::max(first, times.back()) > kAim ? "  over the aim of 300 ms" : "");
}

}  // namespace

int main(int count, char** words) {
  using namespace studio::engine;
  const std::vector<std::filesystem::path> folders(words + 1, words + count);
  measure("devices", [] { LocalDeviceCatalog().devices(); });
  measure("everything", [&] { LocalHardwareSurvey().look(folders); });
  return 0;
}
