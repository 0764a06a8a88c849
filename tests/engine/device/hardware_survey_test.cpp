#include "engine/device/local_hardware_survey.h"

#include "engine/device/local_device_catalog.h"
#include "tests/engine/device/recorded_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMachines = "tests/data/machines";

std::vector<fs::path> machines() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kMachines)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string textOfFile(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

HardwareProfile look(const FakeMachine& machine) {
  return LocalHardwareSurvey(machine.source()).look({"/home/user/models"});
}

/// What becomes of the GPUs in the other builds.
std::string useIn(const char* name, BackEnd backEnd, FakeMachine& machine) {
  machine.source().backEnd = backEnd;
  std::string text;
  for (const GpuProfile& gpu : look(machine).gpus)
    text += std::string("with ") + name + ": " + gpu.device.id + " " +
            (gpu.device.usable ? "usable" : deviceObstacleName(gpu.device.obstacle)) + "\n";
  return text;
}

class RecordedMachine : public testing::TestWithParam<fs::path> {};

/// STUDIO_APPROVE_MACHINES=1 writes what is told now; look at the difference.
TEST_P(RecordedMachine, isDescribedAsApproved) {
  const fs::path approved = fs::path(GetParam()).replace_extension(".profile");
  const auto machine = recordedMachine(GetParam());
  std::string got = factsOf(look(*machine));
  got += useIn("cuda", BackEnd::Cuda, *machine);
  got += useIn("rocm", BackEnd::Rocm, *machine);
  if (std::getenv("STUDIO_APPROVE_MACHINES") != nullptr) tests::writeBytes(approved, got);
  EXPECT_EQ(got, textOfFile(approved));
}

TEST_P(RecordedMachine, hasTheCardsThatMayComputeInTheCatalog) {
  const auto machine = recordedMachine(GetParam());
  const HardwareProfile profile = look(*machine);
  std::vector<std::string> expected{"cpu"}, ids;
  for (const GpuProfile& gpu : profile.gpus) {
    if (!gpu.sharesMemory) expected.push_back(gpu.device.id);
  }
  for (const DeviceInfo& device : LocalDeviceCatalog(machine->source()).devices()) {
    ids.push_back(device.id);
    EXPECT_EQ(device.usable, device.reason.pattern.empty()) << "a reason for each that is not";
  }
  EXPECT_EQ(ids, expected);
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, RecordedMachine, testing::ValuesIn(machines()),
                         [](const auto& each) { return each.param.stem().string(); });

TEST(HardwareSurvey, knowsMachinesOfManyKinds) { EXPECT_GE(machines().size(), 15U); }

TEST(HardwareSurvey, tellsAServersConsoleFromACard) {
  const FakeMachine machine;
  const std::string folder = "sys/bus/pci/devices/0000:02:00.0/";
  for (const auto& [file, text] : {std::pair("vendor", "0x1a03"), {"device", "0x2000"}, {"class", "0x030000"}})
    machine.write(folder + file, text);
  ASSERT_EQ(look(machine).gpus.size(), 1U);
  EXPECT_EQ(look(machine).gpus[0].device.name, "GPU 1a03:2000");
  EXPECT_EQ(LocalDeviceCatalog(machine.source()).devices().size(), 1U);
}

TEST(HardwareSurvey, worksWithoutProcAndSys) {
  const FakeMachine machine;
  const HardwareProfile profile = look(machine);
  EXPECT_TRUE(profile.gpus.empty());
  EXPECT_EQ(profile.cpu.device.id, "cpu");
  EXPECT_GE(profile.cpu.device.threads, 1);
  EXPECT_EQ(profile.memory.total, Bytes{0});
  ASSERT_EQ(profile.disks.size(), 1U);
  EXPECT_EQ(profile.disks[0].free, Bytes{400});
  EXPECT_EQ(profile.checks.size(), 5U);
}

TEST(HardwareSurvey, describesThisMachineInTime) {
  const auto start = std::chrono::steady_clock::now();
  const HardwareProfile profile = LocalHardwareSurvey().look({fs::temp_directory_path()});
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(9));
  EXPECT_GT(profile.memory.total.count, 0);
  EXPECT_GE(profile.cpu.cores, 1);
  EXPECT_GT(profile.disks.at(0).free.count, 0);
  EXPECT_FALSE(profile.disks.at(0).fileSystem.empty());
}

TEST(HardwareSurvey, doesNotWaitForADiskThatDoesNotAnswer) {
  FakeMachine machine;
  machine.source().limit = std::chrono::milliseconds(50);
  const auto mayAnswer = std::make_shared<std::atomic<bool>>(false),
             answered = std::make_shared<std::atomic<bool>>(false);
  machine.source().space = [mayAnswer, answered](const fs::path&) {
    mayAnswer->wait(false);
    *answered = true;
    answered->notify_all();
    return std::optional(DiskSpace{{7}, {7}});
  };
  const HardwareProfile profile = look(machine);
  ASSERT_EQ(profile.disks.size(), 1U);
  EXPECT_EQ(profile.disks[0].folder, "/home/user/models");
  EXPECT_EQ(profile.disks[0].total, Bytes{0}) << "not told";
  *mayAnswer = true;
  mayAnswer->notify_all();
  answered->wait(false);  // nothing of the machine is in use any more
}

/// Each file of each machine replaced by what nobody expects, one kind of nonsense after the other.
TEST(HardwareSurvey, survivesFilesThatSayAnything) {
  const std::vector<std::string> nonsense = {"",
                                             "-1",
                                             "99999999999999999999999999",
                                             "-9223372036854775808",
                                             std::string("\0\0\0\0", 4),
                                             std::string(200'000, 'x'),
                                             "0x",
                                             ":::\n : \n\t\n)) ((\n- - - - - - - - -\n",
                                             "0x10de\n0x10de\n",
                                             "\xff\xfe\xfd 0xffffffffffffffffff"};
  for (const char* name : {"rx_6700_xt.txt", "rtx_4090_two.txt", "container.txt"}) {
    const auto machine = recordedMachine(fs::path(kMachines) / name);
    for (const std::string& text : nonsense) {
      for (const auto& entry : fs::recursive_directory_iterator(machine->source().root)) {
        if (entry.is_regular_file() && !entry.is_symlink()) std::ofstream(entry.path(), std::ios::binary) << text;
      }
      const HardwareProfile profile = look(*machine);
      EXPECT_GE(profile.memory.total.count, 0);
      EXPECT_LE(profile.memory.available, profile.memory.total);
      for (const GpuProfile& gpu : profile.gpus) EXPECT_LE(gpu.device.freeMemory, gpu.device.totalMemory);
      for (const BackgroundProgram& program : profile.programs) EXPECT_GE(program.memory.count, 0);
    }
  }
}

TEST(HardwareSurvey, survivesFoldersInThePlaceOfFilesAndLinksToThemselves) {
  const FakeMachine machine;
  const fs::path root = machine.source().root;
  for (const char* file : {"proc/cpuinfo", "proc/meminfo", "proc/self/mountinfo", "proc/12/comm"})
    fs::create_directories(root / file);
  const fs::path card = root / "sys/bus/pci/devices/0000:01:00.0";
  fs::create_directories(card.parent_path());
  fs::create_symlink("0000:01:00.0", card);
  fs::create_symlink(".", root / "sys/bus/pci/devices/0000:02:00.0");
  EXPECT_TRUE(look(machine).gpus.empty());
}

}  // namespace
}  // namespace studio::engine
