#!/usr/bin/env python3
"""Writes tests/data/machines/*.txt: what /proc, /sys and NVIDIA's libraries may say on machines of several kinds.

Made by hand after what is publicly known of these files' formats (the kernel's documentation, NVML's reference, lists
of PCI ids); none was recorded on such a machine. How the files are read: tests/engine/device/recorded_machine.h.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "data" / "machines"
GIB, MIB = 1 << 30, 1 << 20
SPEEDS = {1: "2.5 GT/s PCIe", 2: "5.0 GT/s PCIe", 3: "8.0 GT/s PCIe", 4: "16.0 GT/s PCIe", 5: "32.0 GT/s PCIe"}
SSE = "fpu sse sse2 sse4_1 sse4_2"
AVX2 = SSE + " avx fma avx2"
AVX512 = AVX2 + " avx512f avx512_vnni"


class Machine:
    def __init__(self, name, about):
        self.name, self.about, self.parts = name, about, []
        self.mounts, self.driver = [], []

    def file(self, path, text):
        self.parts.append(f"== {path}\n{text.rstrip()}\n")

    def link(self, path, target):
        self.parts.append(f"-> {path} {target}\n")

    def variable(self, name, value):
        self.parts.append(f"$ {name} {value}\n")

    def cpu(self, name, cores, threads, flags, nodes=1):
        lines = []
        for i in range(threads):
            lines += [f"processor\t: {i}", f"model name\t: {name}", f"physical id\t: {i % cores * nodes // cores}",
                      f"core id\t\t: {i % cores}", f"flags\t\t: {flags}", ""]
        self.file("proc/cpuinfo", "\n".join(lines))
        for i in range(nodes):
            self.file(f"sys/devices/system/node/node{i}/cpulist", "0")

    def memory(self, total_mib, available_mib, swap_mib=0, zram_mib=0):
        self.file("proc/meminfo", f"MemTotal:       {total_mib * 1024} kB\nMemFree:        1024 kB\n"
                  f"MemAvailable:   {available_mib * 1024} kB\nSwapTotal:      {swap_mib * 1024} kB\n"
                  f"SwapFree:       {swap_mib * 1024} kB")
        if zram_mib:
            self.file("sys/block/zram0/disksize", str(zram_mib * MIB))

    def disk(self, name, number, point, kind, rotates, inner="1"):
        """A disk with one partition, mounted."""
        base = f"sys/devices/pci0000:00/ata1/block/{name}"
        part = name + ("p" if name[-1].isdigit() else "") + inner
        self.file(f"{base}/queue/rotational", "1" if rotates else "0")
        self.file(f"{base}/{part}/partition", inner)
        self.link(f"sys/dev/block/{number}", f"../../../{base}/{part}")
        self.link(f"sys/class/block/{part}", f"../../../{base}/{part}")
        self.mounts.append(f"{30 + len(self.mounts)} 1 {number} / {point} rw,relatime shared:1 - {kind} /dev/{part} rw")

    def mount(self, line):
        self.mounts.append(line)

    def card(self, slot, vendor, device, driver, links, kind="0x030000", shown=None, files=()):
        """`links`: from the root port to the card, as (generation now, lanes now, generation at most, lanes at most)."""
        path = "sys/devices/pci0000:00"
        for depth, (now, lanes, most, most_lanes) in enumerate(links):
            last = depth == len(links) - 1
            address = slot if last else f"0000:00:{slot[5:7]}.{depth}"
            path += "/" + address
            text = {"vendor": vendor if last else "0x8086", "device": device if last else "0x1901",
                    "class": kind if last else "0x060400"}
            if now:
                text |= {"current_link_speed": SPEEDS[now], "current_link_width": str(lanes),
                         "max_link_speed": SPEEDS[most], "max_link_width": str(most_lanes)}
            for file, content in text.items():
                self.file(f"{path}/{file}", content)
            self.link(f"sys/bus/pci/devices/{address}", "../../../" + path.removeprefix("sys/"))
        if driver:
            self.link(f"{path}/driver", f"../../../bus/pci/drivers/{driver}")
        if shown is not None:
            for connector, state in (("HDMI-A-1", "disabled"), ("DP-1", "enabled" if shown else "disabled")):
                self.file(f"{path}/drm/card0/card0-{connector}/enabled", state)
        for file, content in files:
            self.file(f"{path}/{file}", content)

    def nvidia(self, driver, cuda, cards, order=None):
        self.file("proc/driver/nvidia/version", f"NVRM version: NVIDIA UNIX x86_64 Kernel Module  {driver}  Sun Jan  1")
        uuids = [line.split()[1] for line in cards if line.startswith("gpu ")]
        self.driver = [f"driver {driver}", f"cuda {cuda}", "order " + " ".join(order or uuids), *cards]

    def process(self, number, name, memory_mib=0, files=()):
        self.file(f"proc/{number}/comm", name)
        self.file(f"proc/{number}/stat", f"{number} ({name}) S 1 1 1 0 -1 0 0 0 0 0 100 50 0 0 20 0 1 0 10 0 0")
        self.file(f"proc/{number}/statm", f"{memory_mib * 512} {memory_mib * 256 + 100} 100 1 0 1 0")
        for handle, target, text in files:
            self.link(f"proc/{number}/fd/{handle}", target)
            self.file(f"proc/{number}/fdinfo/{handle}", text)

    def kfd(self, cards):
        nodes = "sys/class/kfd/kfd/topology/nodes"
        self.file(f"{nodes}/0/properties", "cpu_cores_count 16\nsimd_count 0\ngfx_target_version 0\nlocation_id 0")
        for i, (target, location, render, size) in enumerate(cards, 1):
            self.file(f"{nodes}/{i}/properties", f"cpu_cores_count 0\nsimd_count 80\ngfx_target_version {target}\n"
                      f"vendor_id 4098\nlocation_id {location}\ndomain 0\ndrm_render_minor {render}")
            self.file(f"{nodes}/{i}/mem_banks/0/properties", f"heap_type 1\nsize_in_bytes {size}\nflags 0")

    def write(self):
        if self.mounts:
            self.file("proc/self/mountinfo", "\n".join(self.mounts))
        if self.driver:
            self.parts.append(">>\n" + "\n".join(self.driver) + "\n")
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{self.name}.txt").write_text(f"# {self.about}\n" + "".join(self.parts))


def uuid(n):
    return f"GPU-{n:08x}-1111-2222-3333-444444444444"


def nvidia_card(n, name, slot, total_mib, free_mib, capability, *more):
    return [f"gpu {uuid(n)}", f"name {name}", f"pci 0000{slot}", f"memory {total_mib * MIB} {free_mib * MIB}",
            f"capability {capability}", *more]


def desktop(name, about, cores=8, memory=32048):
    machine = Machine(name, about)
    machine.cpu("AMD Ryzen 7 5800X 8-Core Processor", cores, cores * 2, AVX2)
    machine.memory(memory, memory * 3 // 4, 2048)
    machine.disk("nvme0n1", "259:1", "/", "ext4", False)
    machine.process(4000900, "Xorg", 120)
    machine.process(4001200, "firefox", 900)
    return machine


SLOT = "0000:01:00.0"


def nvidia_desktop(name, about, device, card, capability, total, link, driver="580.95.05", cuda=13000, **more):
    machine = desktop(name, about, **more)
    machine.card(SLOT, "0x10de", device, "nvidia", [link, link])
    used = ["graphics 4000900 310000000", "graphics 4001200 220000000", "display 1", "power 200000"]
    machine.nvidia(driver, cuda, nvidia_card(1, "NVIDIA GeForce " + card, SLOT, total, total - 520, capability, *used))
    machine.write()


def laptop():
    machine = Machine("laptop_without_gpu", "A laptop: the processor's own graphics, swap in compressed memory, Btrfs.")
    machine.cpu("11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", 4, 8, AVX512)
    machine.memory(15800, 9000, 8192, 8192)
    machine.card("0000:00:02.0", "0x8086", "0x9a49", "i915", [(0, 0, 0, 0)], shown=True)
    machine.disk("nvme0n1", "259:2", "/boot", "vfat", False)
    base = "sys/devices/pci0000:00/ata1/block/nvme0n1"
    machine.file(f"{base}/nvme0n1p3/partition", "3")
    machine.link("sys/class/block/nvme0n1p3", f"../../../{base}/nvme0n1p3")
    machine.mount("40 1 0:35 /root / rw,relatime shared:1 - btrfs /dev/nvme0n1p3 rw,subvol=/root")
    machine.process(4000800, "gnome-shell", 400)
    machine.write()


def two_cards():
    machine = desktop("rtx_4090_two", "Two cards, one of them hidden and one in a slot with four lanes.", 16, 128000)
    machine.variable("CUDA_VISIBLE_DEVICES", "1")
    machine.card("0000:01:00.0", "0x10de", "0x2684", "nvidia", [(1, 16, 4, 16), (1, 16, 4, 16)])
    machine.card("0000:02:00.0", "0x10de", "0x2684", "nvidia", [(1, 4, 3, 4), (1, 4, 4, 16)])
    cards = nvidia_card(1, "NVIDIA GeForce RTX 4090", "0000:01:00.0", 24564, 23000, "8 9", "graphics 4000900 900000000",
                        "display 1", "power 450000")
    cards += nvidia_card(2, "NVIDIA GeForce RTX 4090", "0000:02:00.0", 24564, 24100, "8 9", "display 0", "power 450000")
    machine.nvidia("580.95.05", 13000, cards, [uuid(2)])
    machine.write()


def mig():
    machine = Machine("mig_slice", "A server's card that is split, of which a container sees one part.")
    machine.cpu("AMD EPYC 7742 64-Core Processor", 16, 32, AVX2, nodes=2)
    machine.memory(515000, 480000)
    machine.mount("30 1 0:60 / / rw,relatime - overlay overlay rw")
    machine.card("0000:c1:00.0", "0x10de", "0x20b0", "nvidia", [(4, 16, 4, 16)], kind="0x030200")
    part = "MIG-aaaaaaaa-1111-2222-3333-444444444444"
    machine.nvidia("580.95.05", 13000, nvidia_card(1, "NVIDIA A100-SXM4-40GB", "0000:C1:00.0", 40960, 40000, "8 0", "mig 1",
                   f"instance {part}", "name NVIDIA A100-SXM4-40GB MIG 1g.5gb", f"memory {4864 * MIB} {4850 * MIB}"), [part])
    machine.write()


def amd(name, about, device, target, size, links, slot, location, override=None, access=True):
    machine = desktop(name, about)
    usage = "drm-driver:\tamdgpu\ndrm-pdev:\t%s\ndrm-client-id:\t%d\ndrm-memory-vram:\t%d KiB"
    machine.process(4001500, "blender", 700, [(7, "/dev/dri/renderD128", usage % (slot, 12, 2097152)),
                                           (8, "/dev/dri/renderD128", usage % (slot, 12, 2097152))])
    machine.card(slot, "0x1002", device, "amdgpu", links, shown=True, files=[
        ("drm/renderD128/dev", "226:128"), ("mem_info_vram_total", str(size)), ("mem_info_vram_used", str(3 * GIB)),
        ("hwmon/hwmon3/power1_cap", "230000000")])
    machine.kfd([(target, location, 128, size)])
    if override:
        machine.variable("HSA_OVERRIDE_GFX_VERSION", override)
    if access:
        machine.file("dev/kfd", "")
        machine.file("dev/dri/renderD128", "")
    machine.write()


def arc():
    machine = desktop("arc_a770", "A card that no build has a back end for, beside the processor's own graphics.")
    machine.card("0000:00:02.0", "0x8086", "0x4680", "i915", [(0, 0, 0, 0)], shown=False)
    machine.card("0000:03:00.0", "0x8086", "0x56a0", "xe", [(4, 16, 4, 16), (4, 16, 4, 16), (1, 1, 1, 1), (1, 1, 1, 1)], shown=True,
                 files=[("hwmon/hwmon5/power1_max", "190000000")])
    machine.file("usr/share/misc/pci.ids",
                 "8086  Intel Corporation\n\t4680  AlderLake-S GT1 [UHD Graphics 770]\n\t56a0  DG2 [Arc A770]\n"
                 "\t\t8086 1020  A board\nffff  Illegal Vendor ID")
    machine.write()


def container():
    machine = Machine("container", "A container with 6 GiB of a large machine; its card is on the bus, but was not passed on.")
    machine.cpu("Intel(R) Xeon(R) Platinum 8480+", 56, 112, AVX512 + " avx512_bf16 avx512_fp16 amx_bf16 amx_int8", nodes=2)
    machine.memory(1031000, 900000)
    machine.file("proc/self/cgroup", "0::/")
    machine.file("sys/fs/cgroup/memory.max", str(6 * GIB))
    machine.file("sys/fs/cgroup/memory.current", str(2 * GIB))
    machine.file("sys/fs/cgroup/memory.stat", f"anon {GIB}\ninactive_file {GIB // 2}\nactive_file 0")
    machine.card("0000:19:00.0", "0x10de", "0x2330", "nvidia", [(5, 16, 5, 16)], kind="0x030200")
    machine.file("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95.05  Sun Jan  1")
    machine.mount("600 500 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b")
    machine.mount("601 600 0:70 / /home/user/models rw,relatime - nfs4 server:/export/models rw")
    machine.write()


def broken_driver():
    machine = desktop("broken_driver", "The driver was updated while the old one runs, and the tools are installed.")
    machine.card(SLOT, "0x10de", "0x2484", "nvidia", [(1, 16, 4, 16)] * 2, shown=True)
    machine.file("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.133.07  Sun Jan  1")
    machine.file("usr/bin/nvidia-smi", "")
    machine.file("usr/local/cuda/bin/nvcc", "")
    machine.driver = ["result nvmlInit_v2 18", "result cuInit 803"]
    machine.write()


def hard_disk():
    machine = Machine("hdd_only", "An old computer with a hard disk and no card.")
    machine.cpu("Intel(R) Core(TM) i5-2500K CPU @ 3.30GHz", 4, 4, SSE + " avx")
    machine.memory(15900, 11000, 16000)
    machine.disk("sda", "8:1", "/", "ext4", True)
    machine.write()


def small_memory():
    machine = Machine("ram_8_gb", "8 GB of memory, most of it taken.")
    machine.cpu("AMD Ryzen 3 3200G with Radeon Vega Graphics", 4, 4, AVX2)
    machine.memory(5900, 1800, 2048)
    machine.disk("sda", "8:1", "/", "ext4", False)
    machine.card("0000:08:00.0", "0x1002", "0x15d8", "amdgpu", [(3, 16, 3, 16)], shown=True, files=[
        ("drm/renderD128/dev", "226:128"), ("mem_info_vram_total", str(2 * GIB)), ("mem_info_vram_used", str(GIB // 2))])
    machine.process(4000700, "chrome", 1500)
    machine.process(4000701, "chrome", 900)
    machine.write()


def main():
    laptop()
    nvidia_desktop("gtx_1650_4gb", "A small card of 2019.", "0x1f82", "GTX 1650", "7 5", 3903, (1, 16, 3, 16))
    nvidia_desktop("gtx_1060_6gb", "A card too old for CUDA 13.", "0x1c03", "GTX 1060 6GB", "6 1", 6072, (1, 16, 3, 16))
    nvidia_desktop("gtx_1080_ti_11gb", "Likewise, with an old driver.", "0x1b06", "GTX 1080 Ti", "6 1", 11169, (1, 16, 3, 16),
                   "535.183.01", 12020)
    nvidia_desktop("rtx_3070_8gb", "A good card with an old driver.", "0x2484", "RTX 3070", "8 6", 7982, (1, 16, 4, 16),
                   "550.54.14", 12040)
    nvidia_desktop("rtx_4070_12gb", "A good card in a good slot.", "0x2786", "RTX 4070", "8 9", 11994, (2, 16, 4, 16))
    two_cards()
    mig()
    switch = [(4, 16, 4, 16), (4, 16, 4, 16), (1, 8, 4, 16)]
    amd("rx_6700_xt", "A card whose target no libtorch is made for; its user may not open it.", "0x73df", 100301,
        12 * GIB, switch, "0000:03:00.0", 0x300, access=False)
    amd("rx_7900_xtx", "A card that libtorch for ROCm is made for.", "0x744c", 110000, 24 * GIB, switch, "0000:03:00.0", 0x300)
    arc()
    container()
    broken_driver()
    hard_disk()
    small_memory()


if __name__ == "__main__":
    main()
