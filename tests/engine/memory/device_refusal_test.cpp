#include "engine/memory/device_refusal.h"

#include <gtest/gtest.h>

#include <string>

namespace studio::engine {
namespace {

TEST(DeviceRefusal, isReadFromTheWordsOfTorch) {
  const DeviceRefusal refusal = deviceRefusalIn(
      "CUDA out of memory. Tried to allocate 20.50 MiB. GPU 0 has a total capacity of 7.79 GiB of which 512.00 KiB is "
      "free. Including non-PyTorch memory, this process has 7.77 GiB memory in use.");
  EXPECT_EQ(refusal.asked.count, (41 << 20) / 2);
  EXPECT_EQ(refusal.free.count, 512 << 10);
  EXPECT_EQ(deviceRefusalIn("Tried to allocate 512 bytes").asked.count, 512);
  EXPECT_EQ(deviceRefusalIn("HIP out of memory. Tried to allocate 2.00 GiB. GPU 1").asked.count, std::int64_t{2} << 30);
}

TEST(DeviceRefusal, isUnknownWhereTheWordsAreOthers) {
  for (const char* words :
       {"", "out of memory", "Tried to allocate", "Tried to allocate ", "Tried to allocate much MiB",
        "Tried to allocate -3.00 MiB", "Tried to allocate 3.00", "Tried to allocate 3.00 parsecs",
        "Tried to allocate 9e99 GiB", "Tried to allocate 99999999999999999999999 GiB", "Tried to allocate nan MiB"}) {
    EXPECT_EQ(deviceRefusalIn(words).asked.count, 0) << words;
    EXPECT_EQ(deviceRefusalIn(words).free.count, 0) << words;
  }
  EXPECT_EQ(deviceRefusalIn(std::string("Tried to allocate 1\0.5 MiB", 26)).asked.count, 0);
}

}  // namespace
}  // namespace studio::engine
