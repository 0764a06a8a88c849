#include "engine/device/host_memory.h"

#include "tests/support/safetensors_writer.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class HostMemoryTest : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) const { root_.write(path, text); }
  HostMemory memory() const { return hostMemory(root_.path()); }

  tests::TemporaryFolder root_;
};

TEST_F(HostMemoryTest, isTheMachinesWithoutAGroup) {
  write("proc/meminfo", "MemTotal:       1000 kB\nMemFree:         10 kB\nMemAvailable:    600 kB\n");
  EXPECT_EQ(memory().total, Bytes{1000 * 1024});
  EXPECT_EQ(memory().available, Bytes{600 * 1024});
}

TEST_F(HostMemoryTest, isWhatTheTightestGroupAroundLeaves) {
  write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 600 kB\n");
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
  write("sys/fs/cgroup/outer/memory.max", "400000\n");
  write("sys/fs/cgroup/outer/memory.current", "350000\n");
  write("sys/fs/cgroup/outer/memory.stat", "anon 1\ninactive_file 100000\nactive_file 20000\n");
  EXPECT_EQ(memory().total, Bytes{400000});
  EXPECT_EQ(memory().available, Bytes{400000 - (350000 - 120000)}) << "caches of files are given back first";
  write("sys/fs/cgroup/outer/inner/memory.max", "90000\n");
  write("sys/fs/cgroup/outer/inner/memory.current", "95000\n");
  EXPECT_EQ(memory().available, Bytes{0});
}

TEST_F(HostMemoryTest, knowsGroupsOfVersionOne) {
  write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 600 kB\n");
  write("proc/self/cgroup", "7:cpu:/x\n5:memory:/a\n");
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "300000\n");
  write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "100000\n");
  EXPECT_EQ(memory().available, Bytes{200000});
}

TEST_F(HostMemoryTest, knowsTheRootOfAContainer) {
  write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 600 kB\n");
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "200000\n");
  write("sys/fs/cgroup/memory.current", "50000\n");
  EXPECT_EQ(memory().available, Bytes{150000});
}

TEST_F(HostMemoryTest, knowsHowLongProgramsWaitForIt) {
  write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 600 kB\n");
  EXPECT_EQ(memory().stalled, 0);
  write("proc/pressure/memory",
        "some avg10=1.50 avg60=9.00 avg300=9.00 total=1\nfull avg10=7.00 avg60=0 avg300=0 total=1\n");
  EXPECT_EQ(memory().stalled, 1.5);
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("sys/fs/cgroup/outer/memory.pressure", "some avg10=12.25 avg60=0.00 avg300=0.00 total=1\n");
  EXPECT_EQ(memory().stalled, 12.25) << "the group's own, although it has no limit";
  write("sys/fs/cgroup/outer/memory.pressure", "some avg10=\nsome\n");
  EXPECT_EQ(memory().stalled, 1.5);
}

TEST_F(HostMemoryTest, leavesTheMachineAMargin) {
  EXPECT_EQ(hostMargin({{1000}, {500}}), Bytes{256 << 20});
  EXPECT_EQ(hostMargin({{std::int64_t{100} << 30}, {}}), Bytes{(std::int64_t{100} << 30) / 100 * 3});
}

TEST_F(HostMemoryTest, saysNothingOfWhatItCannotRead) {
  EXPECT_EQ(memory().available, Bytes{0});
  write("proc/meminfo", "MemTotal: x\nMemAvailable\n");
  write("proc/self/cgroup", "0\n:\nx:y\n");
  EXPECT_EQ(memory().total, Bytes{0});
}

TEST(HostMemoryHere, isMoreThanThisTestTakes) {
  const HostMemory here = hostMemory();
  EXPECT_GT(here.available.count, 16 << 20);
  EXPECT_LE(here.available, here.total);
}

}  // namespace
}  // namespace studio::engine
