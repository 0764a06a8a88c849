#include "engine/device/other_programs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <vector>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace studio::engine {
namespace {

constexpr std::size_t kHeld = std::size_t{64} << 20;

/// Another process of this name that holds memory until it is ended.
class Holder {
 public:
  explicit Holder(const char* name) {
    int ready[2];
    if (::pipe(ready) != 0) return;
    child_ = ::fork();
    if (child_ == 0) {
      ::prctl(PR_SET_NAME, name);
      auto* memory = static_cast<volatile char*>(std::malloc(kHeld));  // compilers drop what nobody reads
      for (std::size_t i = 0; i < kHeld; i += 1024) memory[i] = 1;
      [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
      while (true) ::pause();
    }
    char byte = 0;
    [[maybe_unused]] const auto got = ::read(ready[0], &byte, 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Holder() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

 private:
  pid_t child_ = -1;
};

TEST(OtherPrograms, areNamedWithWhatTheyHoldTogether) {
  const Holder first("memory holder"), second("memory holder");
  const auto programs = largestPrograms(1000);
  const auto found = std::find_if(programs.begin(), programs.end(),
                                  [](const ProgramMemory& program) { return program.name == "memory holder"; });
  ASSERT_NE(found, programs.end());
  EXPECT_GE(found->bytes.count, static_cast<std::int64_t>(2 * kHeld));
}

TEST(OtherPrograms, comeLargestFirstAndNoMoreThanAskedFor) {
  const Holder holder("memory holder");
  const auto programs = largestPrograms(2);
  ASSERT_LE(programs.size(), 2U);
  EXPECT_TRUE(std::is_sorted(programs.begin(), programs.end(),
                             [](const ProgramMemory& a, const ProgramMemory& b) { return a.bytes > b.bytes; }));
  EXPECT_TRUE(largestPrograms(0).empty());
}

}  // namespace
}  // namespace studio::engine
