#include "engine/device/local_device_catalog.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace studio::engine {
namespace {

TEST(LocalDeviceCatalog, putsAUsableProcessorFirst) {
  const auto devices = LocalDeviceCatalog().devices();
  ASSERT_FALSE(devices.empty());
  const DeviceInfo& cpu = devices.front();
  EXPECT_EQ(cpu.id, "cpu");
  EXPECT_EQ(cpu.kind, "cpu");
  EXPECT_TRUE(cpu.usable);
  EXPECT_FALSE(cpu.name.empty());
  EXPECT_GE(cpu.threads, 1);
  EXPECT_LE(cpu.threads, static_cast<int>(std::thread::hardware_concurrency()));
  EXPECT_GT(cpu.freeMemory.count, 0);
  EXPECT_LE(cpu.freeMemory, cpu.totalMemory);
}

TEST(LocalDeviceCatalog, namesEachDeviceOnceAndSaysWhyOneIsNotUsable) {
  std::set<std::string> ids;
  for (const DeviceInfo& device : LocalDeviceCatalog().devices()) {
    EXPECT_TRUE(ids.insert(device.id).second) << device.id;
    EXPECT_TRUE(device.usable || !device.reason.pattern.empty()) << device.id;
  }
}

}  // namespace
}  // namespace studio::engine
