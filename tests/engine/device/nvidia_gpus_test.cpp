#include "engine/device/nvidia/nvidia_gpus.h"

#include "tests/engine/device/fake_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include <unistd.h>

namespace studio::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kFirst = "GPU-01234567-89ab-cdef-0123-456789abcdef";
constexpr const char* kSecond = "GPU-fedcba98-7654-3210-fedc-ba9876543210";

std::string system(const std::string& order) { return "driver 580.65.06\ncuda 13000\norder " + order + "\n"; }

std::string card(const std::string& uuid, const std::string& more = {}) {
  return "gpu " + uuid + "\nname A card\nmemory 8000 3000\ncapability 8 9\n" + more;
}

class NvidiaGpusTest : public testing::Test {
 protected:
  std::vector<DeviceInfo> devices() {
    std::vector<DeviceInfo> all;
    for (GpuProfile& gpu : gpus()) all.push_back(std::move(gpu.device));
    return all;
  }
  std::vector<GpuProfile> gpus() { return nvidiaGpus(pciCards(machine_.source().root), machine_.source()); }
  DeviceInfo onlyDevice() {
    const auto all = devices();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? DeviceInfo() : all.front();
  }
  void addToBus(const std::string& vendor = "0x10de", const std::string& kind = "0x030000") const {
    const std::string folder = "sys/bus/pci/devices/0000:01:00.0/";
    machine_.write(folder + "vendor", vendor + "\n");
    machine_.write(folder + "device", "0x2684\n");
    machine_.write(folder + "class", kind + "\n");
  }

  FakeMachine machine_;
};

TEST_F(NvidiaGpusTest, tellsWhatTheDriverTells) {
  machine_.installDriver(system(kFirst) + card(kFirst));
  const DeviceInfo device = onlyDevice();
  EXPECT_EQ(device.id, "cuda:0");
  EXPECT_EQ(device.kind, "gpu");
  EXPECT_EQ(device.name, "A card");
  EXPECT_EQ(device.uuid, kFirst);
  EXPECT_EQ(device.totalMemory, Bytes{8000});
  EXPECT_EQ(device.freeMemory, Bytes{3000});
  EXPECT_THAT(device.features, ElementsAre("compute 8.9", "driver 580.65.06", "CUDA 13.0"));
}

TEST_F(NvidiaGpusTest, namesThePrograms) {
  machine_.write("proc/10/comm", "game\n");
  machine_.write("proc/11/comm", "browser\n");
  machine_.write("proc/12/comm", "browser\n");
  const std::string self = std::to_string(::getpid());
  const std::string programs = "graphics 10 700\ngraphics 11 500\ncompute 12 400\ncompute 11 500\ncompute 13 100\n";
  machine_.installDriver(system(kFirst) + card(kFirst, programs + "compute " + self + " 5000\n"));
  const DeviceInfo device = onlyDevice();
  ASSERT_EQ(device.programs.size(), 3U) << "this one is no other program";
  EXPECT_EQ(device.programs[0].name, "browser") << "two processes of one name; one is in both lists";
  EXPECT_EQ(device.programs[0].bytes, Bytes{900});
  EXPECT_EQ(device.programs[1].name, "game");
  EXPECT_EQ(device.programs[2].name, "PID 13") << "the system does not say";
}

TEST_F(NvidiaGpusTest, namesProgramsWhoseMemoryTheDriverKeepsToItselfLast) {
  machine_.write("proc/10/comm", "a silent one\n");
  machine_.write("proc/11/comm", "one that is told\n");
  machine_.installDriver(system(kFirst) + card(kFirst, "graphics 10 -\ngraphics 11 5\n"));
  const DeviceInfo device = onlyDevice();
  ASSERT_EQ(device.programs.size(), 2U);
  EXPECT_EQ(device.programs[0].bytes, Bytes{5});
  EXPECT_EQ(device.programs[1].name, "a silent one");
  EXPECT_EQ(device.programs[1].bytes, Bytes{0});
}

TEST_F(NvidiaGpusTest, readsTheListsOfOldDriversAndLongOnes) {
  machine_.write("proc/7/comm", "last\n");
  std::string programs;
  for (int i = 0; i < 100; ++i) programs += "compute " + std::to_string(1'000'000 + i) + " 1\n";
  for (const char* built : {STUDIO_FAKE_NVIDIA, STUDIO_FAKE_NVIDIA_OLD}) {
    machine_.installDriver(system(kFirst) + card(kFirst, programs + "graphics 7 100\n"), built);
    const DeviceInfo device = onlyDevice();
    ASSERT_EQ(device.programs.size(), 101U) << built;
    EXPECT_EQ(device.programs[0].name, "last");
  }
}

TEST_F(NvidiaGpusTest, followsCudasOrderByUuid) {
  machine_.installDriver(system(std::string(kSecond) + " " + kFirst) + card(kFirst) + card(kSecond));
  const auto all = devices();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].uuid, kFirst);
  EXPECT_EQ(all[0].id, "cuda:1");
  EXPECT_EQ(all[1].id, "cuda:0");
}

TEST_F(NvidiaGpusTest, showsWhatIsHidden) {
  machine_.set("CUDA_VISIBLE_DEVICES", "1");
  machine_.installDriver(system(kSecond) + card(kFirst) + card(kSecond));
  const auto all = devices();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, kFirst) << "CUDA has no number for it";
  EXPECT_FALSE(all[0].usable);
  EXPECT_EQ(all[1].id, "cuda:0") << "not its place in the driver's list";
  EXPECT_THAT(all[1].features, Contains("CUDA_VISIBLE_DEVICES=1"));
}

TEST_F(NvidiaGpusTest, guessesNoOrderWhereCudaDoesNotTell) {
  machine_.installDriver("result cuInit 999\n" + system(kFirst) + card(kFirst));
  EXPECT_EQ(onlyDevice().id, "cuda:0") << "there is only one";
  machine_.installDriver("result cuInit 999\n" + system(kFirst) + card(kFirst) + card(kSecond));
  for (const DeviceInfo& device : devices()) EXPECT_EQ(device.id, device.uuid);
}

TEST_F(NvidiaGpusTest, listsTheInstancesOfASplitCard) {
  const std::string parts =
      "mig 1\npci 00000000:C1:00.0\n"
      "instance MIG-11111111-89ab-cdef-0123-456789abcdef\nname A part\nmemory 1000 900\ncompute 5 60\n"
      "instance MIG-22222222-89ab-cdef-0123-456789abcdef\nname Another part\nmemory 2000 2000\n";
  machine_.installDriver(system("MIG-22222222-89ab-cdef-0123-456789abcdef") + card(kFirst, parts));
  const auto all = devices();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].obstacle, DeviceObstacle::Split);
  EXPECT_THAT(all[0].reason.text(), HasSubstr("instances are listed"));
  EXPECT_EQ(all[1].name, "A part");
  EXPECT_THAT(all[1].features, Contains("compute 8.9")) << "the card's";
  EXPECT_EQ(all[1].programs.size(), 1U);
  EXPECT_EQ(all[2].id, "cuda:0");
  EXPECT_EQ(all[2].totalMemory, Bytes{2000});
  machine_.installDriver(system("") + card(kFirst, "mig 1\n"));
  EXPECT_THAT(onlyDevice().reason.text(), HasSubstr("has no instance"));
}

TEST_F(NvidiaGpusTest, namesACardOnTheBusWithoutADriver) {
  EXPECT_THAT(devices(), IsEmpty()) << "no card, no driver";
  addToBus();
  DeviceInfo device = onlyDevice();
  EXPECT_EQ(device.obstacle, DeviceObstacle::NoDriver);
  EXPECT_EQ(device.id, "pci:0000:01:00.0");
  EXPECT_EQ(device.name, "NVIDIA 10de:2684");
  EXPECT_FALSE(device.usable);
  EXPECT_THAT(device.reason.text(), HasSubstr("version 580 or newer"));
  const std::vector<std::pair<int, DeviceObstacle>> answers = {{9, DeviceObstacle::NoDriver},
                                                               {18, DeviceObstacle::DriverChanged},
                                                               {4, DeviceObstacle::NoAccess},
                                                               {15, DeviceObstacle::Lost},
                                                               {999, DeviceObstacle::DriverFailed}};
  for (const auto& [code, obstacle] : answers) {
    machine_.installDriver("result nvmlInit_v2 " + std::to_string(code) + "\n");
    EXPECT_EQ(onlyDevice().obstacle, obstacle) << code;
  }
  EXPECT_THAT(onlyDevice().reason.text(), HasSubstr("error 999"));
  addToBus("0x10de", "0x040300");  // its sound
  EXPECT_THAT(devices(), IsEmpty());
  addToBus("0x1002");  // another maker's
  EXPECT_THAT(devices(), IsEmpty());
}

TEST_F(NvidiaGpusTest, doesNotWaitForADriverThatHangs) {
  addToBus();
  machine_.installDriver("hang nvmlInit_v2 600\n" + system(kFirst) + card(kFirst));
  machine_.source().limit = std::chrono::milliseconds(50);
  const auto start = std::chrono::steady_clock::now();
  const DeviceInfo device = onlyDevice();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
  EXPECT_EQ(device.obstacle, DeviceObstacle::DriverSilent);
  std::this_thread::sleep_for(std::chrono::milliseconds(800));  // what was left behind ends before the folder goes
}

TEST_F(NvidiaGpusTest, knowsACardWithoutCudaWhereThatHangs) {
  machine_.installDriver("hang cuInit 600\n" + system(kFirst) + card(kFirst));
  machine_.source().limit = std::chrono::milliseconds(200);
  EXPECT_EQ(onlyDevice().totalMemory, Bytes{8000});
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
}

TEST_F(NvidiaGpusTest, believesNoAbsurdAnswers) {
  machine_.installDriver("driver x\ncuda -5\norder " + std::string(kFirst) + "\ngpu " + kFirst +
                         "\nmemory 18446744073709551615 18446744073709551614\ncapability 99999 -7\n");
  const DeviceInfo device = onlyDevice();
  EXPECT_EQ(device.totalMemory, Bytes{1LL << 50});
  EXPECT_LE(device.freeMemory, device.totalMemory);
  EXPECT_THAT(device.features, ElementsAre("driver x"));
}

TEST_F(NvidiaGpusTest, takesALibraryThatIsNoneForNone) {
  machine_.write("text.so", "not a library");
  machine_.source().nvml = machine_.source().root / "text.so";
  EXPECT_THAT(devices(), IsEmpty());
}

}  // namespace
}  // namespace studio::engine
