#include "engine/device/amd/amd_gpus.h"
#include "engine/device/amd/kfd_topology.h"
#include "engine/device/busy_programs.h"
#include "engine/device/disk_profile.h"
#include "engine/device/drm_clients.h"
#include "engine/device/gpu_names.h"
#include "engine/device/nvidia/nvidia_gpus.h"
#include "engine/device/pcie_link.h"
#include "engine/device/tool_checks.h"
#include "tests/engine/device/fake_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(PcieLink, isReadFromTheKernelsWords) {
  EXPECT_EQ(pcieGeneration("2.5 GT/s PCIe"), 1);
  EXPECT_EQ(pcieGeneration("5.0 GT/s PCIe"), 2);
  EXPECT_EQ(pcieGeneration("8.0 GT/s"), 3);
  EXPECT_EQ(pcieGeneration("8 GT/s"), 3) << "older kernels";
  EXPECT_EQ(pcieGeneration("16.0 GT/s PCIe"), 4);
  EXPECT_EQ(pcieGeneration("64.0 GT/s PCIe"), 6);
  for (const char* none : {"", "Unknown", "8", "80 GT/s", "2.5GHz"}) EXPECT_EQ(pcieGeneration(none), 0) << none;
}

TEST(PcieLink, isTheSlowestOnTheWay) {
  const FakeMachine machine;
  const auto add = [&](const std::string& path, const char* now, const char* lanes) {
    machine.write("sys/" + path + "/vendor", "0x10de");
    for (const char* which : {"current", "max"}) {
      machine.write("sys/" + path + "/" + which + "_link_speed", now);
      machine.write("sys/" + path + "/" + which + "_link_width", lanes);
    }
  };
  add("port", "16.0 GT/s PCIe", "16");
  add("port/slot", "8.0 GT/s PCIe", "4");
  add("port/slot/card", "16.0 GT/s PCIe", "16");
  const PciePath path = pciePath(machine.source().root / "sys/port/slot/card");
  EXPECT_EQ(path.now, (PcieLink{3, 4}));
  EXPECT_EQ(path.most, (PcieLink{3, 4}));
  add("port/slot", "Unknown", "255");
  EXPECT_EQ(pciePath(machine.source().root / "sys/port/slot/card").now, (PcieLink{4, 16})) << "what does not tell";
}

TEST(GpuName, isTheSystemsOrOursOrTheIds) {
  constexpr std::string_view kList =
      "# comment\n1002  AMD\n\t73df  Navi 22\n\t\t1002 0e36  Board\n10de  NVIDIA\n\t73df  Another\n\t2684  AD102\n";
  EXPECT_EQ(nameInPciIds(kList, 0x1002, 0x73df), "Navi 22");
  EXPECT_EQ(nameInPciIds(kList, 0x10de, 0x2684), "AD102");
  EXPECT_EQ(nameInPciIds(kList, 0x1002, 0x2684), "") << "another maker's";
  EXPECT_EQ(nameInPciIds("10de  NVIDIA\n\t26", 0x10de, 0x26), "");
  const FakeMachine machine;
  const PciCard card{"0000:01:00.0", kAmdVendor, 0x73df, ""};
  EXPECT_EQ(gpuName(card, machine.source().root), "AMD Radeon RX 6700/6750");
  machine.write("usr/share/misc/pci.ids", std::string(kList));
  EXPECT_EQ(gpuName(card, machine.source().root), "AMD Navi 22");
  EXPECT_EQ(gpuName({"", 0x1a03, 0x2000, ""}, machine.source().root), "GPU 1a03:2000");
}

TEST(DrmClient, isReadFromAnOpenFilesState) {
  const DrmClient client = drmClientFrom(
      "pos:\t0\ndrm-driver:\tamdgpu\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t12\n"
      "drm-memory-vram:\t1024 KiB\ndrm-resident-vram:\t2 MiB\ndrm-memory-gtt: \t5 KiB\n");
  EXPECT_EQ(client.pciAddress, "0000:03:00.0");
  EXPECT_EQ(client.id, 12);
  EXPECT_EQ(client.memory, Bytes{2 << 20});
  EXPECT_EQ(drmClientFrom("drm-memory-vram:\t-5 KiB\n:\ndrm-pdev:\n").memory, Bytes{0});
  EXPECT_EQ(drmClientFrom("drm-memory-vram: 9223372036854775807 KiB\n").memory, Bytes{0});
}

TEST(KfdNode, isNamedAsCompilersNameIt) {
  const auto target = [](const char* version) {
    return kfdNodeFrom(std::string("simd_count 80\ngfx_target_version ") + version + "\n").target;
  };
  EXPECT_EQ(target("100301"), "gfx1031");
  EXPECT_EQ(target("110000"), "gfx1100");
  EXPECT_EQ(target("90010"), "gfx90a");
  EXPECT_EQ(target("120001"), "gfx1201");
  EXPECT_EQ(target("90402"), "gfx942");
  EXPECT_EQ(target("0"), "");
  EXPECT_EQ(target("-7"), "");
  EXPECT_EQ(kfdNodeFrom("simd_count 0\ngfx_target_version 100301\n").target, "") << "a processor";
  EXPECT_EQ(kfdNodeFrom("simd_count 4\ngfx_target_version 90010\nlocation_id 50432\ndomain 1\n").pciAddress,
            "0001:c5:00.0");
}

TEST(AmdObstacle, namesTheCardBeforeTheDriverAndTheDriverBeforeTheBuild) {
  const auto kindOf = [](const std::string& target, bool mayOpen, std::optional<std::string> override, BackEnd built) {
    const auto obstacle = amdObstacle(target, mayOpen, override, built);
    return obstacle ? obstacle->kind : DeviceObstacle::None;
  };
  EXPECT_EQ(kindOf("", true, {}, BackEnd::Rocm), DeviceObstacle::NoDriver);
  EXPECT_EQ(kindOf("gfx803", false, {}, BackEnd::Cpu), DeviceObstacle::CardUnknown);
  EXPECT_EQ(kindOf("gfx1031", true, {}, BackEnd::Rocm), DeviceObstacle::CardUnknown);
  EXPECT_EQ(kindOf("gfx1031", true, "10.3.0", BackEnd::Rocm), DeviceObstacle::None);
  EXPECT_EQ(kindOf("gfx1030", false, {}, BackEnd::Rocm), DeviceObstacle::NoAccess);
  EXPECT_EQ(kindOf("gfx1030", true, {}, BackEnd::Cuda), DeviceObstacle::NoBackEnd);
  EXPECT_EQ(kindOf("gfx1100", true, {}, BackEnd::Rocm), DeviceObstacle::None);
  EXPECT_THAT(amdObstacle("gfx1031", true, {}, BackEnd::Rocm)->reason.text(), HasSubstr("HSA_OVERRIDE_GFX_VERSION"));
  EXPECT_THAT(amdObstacle("gfx803", true, {}, BackEnd::Rocm)->reason.text(),
              testing::Not(HasSubstr("HSA_OVERRIDE_GFX_VERSION")))
      << "offered for RDNA 2 only";
}

TEST(VisibleNodes, followBothVariables) {
  EXPECT_THAT(*visibleNodes(3, {}, {}), ElementsAre(0, 1, 2));
  EXPECT_THAT(*visibleNodes(3, "2,0", {}), ElementsAre(2, 0));
  EXPECT_THAT(*visibleNodes(3, "2,0", "1"), ElementsAre(0)) << "the second one counts among what the first one left";
  EXPECT_THAT(*visibleNodes(3, {}, "1,-1,2"), ElementsAre(1)) << "what is no number of a card ends the list";
  EXPECT_THAT(*visibleNodes(3, "", {}), IsEmpty());
  EXPECT_FALSE(visibleNodes(3, "GPU-abcdef", {}));
}

TEST(Mounts, areReadWithBlanksInTheirNames) {
  const auto mounts = mountsFrom(
      "36 35 8:1 / /my\\040disk rw,noatime master:1 shared:2 - ext4 /dev/sda1 rw\nnonsense\n"
      "37 35 0:44 / /net rw - nfs4 server:/x rw\n38 35 8:2 / /cut rw\n");
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].point, "/my disk");
  EXPECT_EQ(mounts[0].number, "8:1");
  EXPECT_EQ(mounts[1].fileSystem, "nfs4");
}

TEST(DiskProfile, takesTheNearestMountAndOfTwoAtOnePlaceTheLaterOne) {
  FakeMachine machine;
  machine.write("proc/self/mountinfo",
                "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /data rw - xfs /dev/sdb1 rw\n"
                "3 1 8:3 / /data rw - fuse.sshfs host: rw\n4 1 8:4 / /dat rw - vfat /dev/sdc1 rw\n");
  EXPECT_EQ(diskProfile("/data/models", machine.source()).fileSystem, "fuse.sshfs");
  EXPECT_TRUE(diskProfile("/data", machine.source()).isRemote);
  EXPECT_EQ(diskProfile("/database", machine.source()).fileSystem, "ext4") << "a name that only begins like it";
  EXPECT_EQ(diskProfile("/data/../dat/x", machine.source()).fileSystem, "vfat");
}

TEST(BusyPrograms, countWhatTheyDidBetweenTwoLooks) {
  EXPECT_EQ(ticksFrom("12 (a) b) c) S 1 1 1 0 -1 0 0 0 0 0 100 50 0 0 20"), 150);
  EXPECT_EQ(ticksFrom("12 (name S 1"), 0);
  EXPECT_EQ(ticksFrom("12 (name) S 1 1 1 0 -1 0 0 0 0 0 -100 50"), 0);
  ProgramSample before, after;
  before.processes = {{1, {"game", 100, {}}}, {2, {"game", 0, {}}}};
  after.processes = {{1, {"game", 150, {50}}}, {2, {"game", 100, {60}}}, {3, {"new", 900, {7}}}, {4, {"idle", 1, {1}}}};
  const auto programs = busyPrograms(before, after, 100, {5}, 9);
  ASSERT_EQ(programs.size(), 2U);
  EXPECT_EQ(programs[0].name, "game");
  EXPECT_EQ(programs[0].memory, Bytes{110});
  EXPECT_DOUBLE_EQ(programs[0].processors, 1.5);
  EXPECT_EQ(programs[1].name, "new") << "what began in between has done nothing that is known";
  EXPECT_DOUBLE_EQ(programs[1].processors, 0);
  EXPECT_EQ(busyPrograms(before, after, 100, {0}, 1).size(), 1U);
}

TEST(NvidiaState, isToldInWords) {
  FakeMachine machine;
  const auto look = [&](const std::string& more) {
    machine.installDriver("driver 580.1\ngpu GPU-00000000-0000-0000-0000-000000000000\nname A card\n" + more);
    return nvidiaGpus({}, machine.source()).at(0);
  };
  const GpuProfile gpu = look("display 1\npower 200500\nslowed 100\n");
  EXPECT_EQ(gpu.drivesDisplay, true);
  EXPECT_DOUBLE_EQ(gpu.powerLimit.count, 200.5);
  EXPECT_THAT(gpu.slowedBy, ElementsAre("power", "heat"));
  EXPECT_THAT(look("slowed 1\n").slowedBy, IsEmpty()) << "it has nothing to do";
  EXPECT_THAT(look("slowed 8\n").slowedBy, ElementsAre("heat or power supply"));
  EXPECT_FALSE(look("").drivesDisplay);
}

TEST(HardwareChecks, sayWhereThingsAreAndWhatTheirAbsenceMeans) {
  FakeMachine machine;
  machine.write("proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Rel\n");
  machine.write("opt/bin/nvcc", "");
  machine.set("PATH", "relative:/opt/bin:");
  const auto checks = hardwareChecks({}, machine.source());
  ASSERT_EQ(checks.size(), 5U);
  EXPECT_EQ(checks[0].found, "580.95.05");
  EXPECT_FALSE(checks[1].present);
  EXPECT_THAT(checks[1].meaning.text(), HasSubstr("does not need it"));
  EXPECT_EQ(checks[2].found, "/opt/bin/nvcc");
  EXPECT_FALSE(checks[3].present);
  machine.set("HIP_VISIBLE_DEVICES", "0");
  EXPECT_THAT(gpuVariables(machine.source()), ElementsAre(Pair("HIP_VISIBLE_DEVICES", "0")));
}

}  // namespace
}  // namespace studio::engine
