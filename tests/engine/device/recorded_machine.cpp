#include "tests/engine/device/recorded_machine.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

/// One part as it is read: where its lines go.
struct Part {
  std::string path;  // of the file; empty: the driver's answers
  std::string text;
};

void finish(const Part& part, FakeMachine& machine) {
  if (!part.path.empty()) {
    machine.write(part.path, part.text);
  } else if (!part.text.empty()) {
    machine.installDriver(part.text);
  }
}

void makeLink(const FakeMachine& machine, const std::string& path, const std::string& target) {
  const fs::path link = machine.source().root / path;
  fs::create_directories(link.parent_path());
  fs::create_symlink(target, link);
}

std::string list(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void write(std::ostream& out, const char* name, const std::string& value) {
  if (!value.empty()) out << "  " << name << ": " << value << "\n";
}
void write(std::ostream& out, const char* name, Bytes bytes) {
  if (bytes.count > 0) out << "  " << name << ": " << (bytes.count >> 20) << " MiB\n";
}
void write(std::ostream& out, const char* name, const PcieLink& link) {
  if (link.lanes > 0) out << "  " << name << ": generation " << link.generation << ", " << link.lanes << " lanes\n";
}
void write(std::ostream& out, const char* name, const std::optional<bool>& value) {
  if (value) out << "  " << name << ": " << (*value ? "yes" : "no") << "\n";
}

void write(std::ostream& out, const GpuProfile& gpu) {
  const DeviceInfo& device = gpu.device;
  out << device.id << ": " << device.name << "\n";
  write(out, "vendor", std::string(gpuVendorName(gpu.vendor)));
  write(out, "pci", gpu.pciAddress + " " + gpu.pciIds);
  write(out, "uuid", device.uuid);
  write(out, "architecture", gpu.architecture);
  write(out, "driver", gpu.driver);
  write(out, "features", list(device.features));
  write(out, "total", device.totalMemory);
  write(out, "free", device.freeMemory);
  for (const ProgramMemory& program : device.programs)
    out << "  program: " << program.name << " " << (program.bytes.count >> 20) << " MiB\n";
  if (gpu.sharesMemory) write(out, "shares memory", std::optional(true));
  write(out, "drives display", gpu.drivesDisplay);
  write(out, "link now", gpu.linkNow);
  write(out, "link at most", gpu.linkMost);
  if (gpu.powerLimit.count > 0) out << "  power limit: " << gpu.powerLimit.count << " W\n";
  write(out, "slowed by", list(gpu.slowedBy));
  write(out, "obstacle", std::string(deviceObstacleName(device.obstacle)));
  write(out, "reason", device.reason.text());
}

}  // namespace

std::unique_ptr<FakeMachine> recordedMachine(const fs::path& file) {
  auto machine = std::make_unique<FakeMachine>();
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("no " + file.string());
  Part part;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string mark, name, value;
    words >> mark >> name >> value;
    const bool begins = mark == "==" || mark == "->" || mark == "$" || mark == ">>";
    if (begins) {
      finish(part, *machine);
      part = {};
    }
    if (mark == "==") part.path = name;
    if (mark == "->") makeLink(*machine, name, value);
    if (mark == "$") machine->set(name, value);
    if (!begins && (!part.path.empty() || mark != "#")) part.text += line + "\n";
  }
  finish(part, *machine);
  return machine;
}

std::string factsOf(const HardwareProfile& profile) {
  std::ostringstream out;
  out << "cpu: " << profile.cpu.device.name << "\n";
  out << "  cores: " << profile.cpu.cores << ", threads: " << profile.cpu.threads
      << ", NUMA nodes: " << profile.cpu.numaNodes << "\n";
  write(out, "instruction sets", list(profile.cpu.device.features));
  for (const GpuProfile& gpu : profile.gpus) write(out, gpu);
  out << "memory\n";
  write(out, "machine", profile.memory.machine);
  write(out, "total", profile.memory.total);
  write(out, "available", profile.memory.available);
  write(out, "limited by a group", std::optional(profile.memory.isLimited));
  write(out, "swap", profile.memory.swap);
  write(out, "zram", profile.memory.zram);
  for (const DiskProfile& disk : profile.disks) {
    out << "folder " << disk.folder.string() << "\n";
    write(out, "mount", disk.fileSystem + " at " + disk.mountPoint);
    write(out, "rotates", disk.rotates);
    write(out, "remote", std::optional(disk.isRemote));
  }
  for (const BackgroundProgram& program : profile.programs)
    out << "program " << program.name << ": " << (program.memory.count >> 20) << " MiB\n";
  for (const HardwareCheck& check : profile.checks)
    out << "check " << check.id << ": " << (check.present ? check.found : "no") << ". " << check.meaning.text() << "\n";
  for (const auto& [name, value] : profile.variables) out << "variable " << name << ": " << value << "\n";
  return out.str();
}

}  // namespace studio::engine
