#include "app/commands/devices_json.h"
#include "app/commands/human_text.h"

#include <algorithm>

namespace studio::app {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMostPrograms = 5;

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string linkText(const engine::GpuProfile& gpu) {
  const auto words = [](const engine::PcieLink& link) {
    return "generation " + std::to_string(link.generation) + ", " + std::to_string(link.lanes) + " lanes";
  };
  const std::string now = words(gpu.linkNow), most = words(gpu.linkMost);
  if (gpu.linkMost == engine::PcieLink() || now == most) return now;
  return now + " now; at most " + most + " (idle cards slow it down)";
}

void addDevice(const engine::DeviceInfo& device, Rows& rows) {
  rows.emplace_back(device.id, printable(device.name));
  const bool known = device.totalMemory.count > 0;
  rows.emplace_back("  Memory", known ? bytesText(device.totalMemory) + ", " + bytesText(device.freeMemory) + " free"
                                      : std::string("not told"));
  if (device.threads > 0) rows.emplace_back("  Threads", std::to_string(device.threads));
  if (!device.features.empty()) rows.emplace_back("  Features", printable(joined(device.features)));
}

void addUsable(const engine::DeviceInfo& device, Rows& rows) {
  rows.emplace_back("  Usable", device.usable ? "yes" : "no");
  if (!device.reason.pattern.empty())
    rows.back().second += (device.usable ? "; " : ": ") + printable(device.reason.text());
}

void addGpu(const engine::GpuProfile& gpu, Rows& rows) {
  addDevice(gpu.device, rows);
  std::vector<std::string> programs;
  for (const engine::ProgramMemory& program : gpu.device.programs) {
    if (programs.size() == kMostPrograms) break;
    programs.push_back(printable(program.name) + (program.bytes.count > 0 ? " " + bytesText(program.bytes) : ""));
  }
  if (!programs.empty()) rows.emplace_back("  Used by", joined(programs, ", "));
  if (gpu.drivesDisplay) rows.emplace_back("  Display", *gpu.drivesDisplay ? "yes" : "no");
  if (gpu.linkNow != engine::PcieLink()) rows.emplace_back("  PCIe", linkText(gpu));
  if (gpu.powerLimit.count > 0) rows.emplace_back("  Power", "at most " + fixed(gpu.powerLimit.count, 0) + " W");
  if (!gpu.slowedBy.empty()) rows.emplace_back("  Slowed by", joined(gpu.slowedBy, ", "));
  addUsable(gpu.device, rows);
}

void addMemory(const engine::MemoryProfile& memory, Rows& rows) {
  std::string text = bytesText(memory.total) + ", " + bytesText(memory.available) + " free";
  if (memory.isLimited) text += "; a control group allows no more of the machine's " + bytesText(memory.machine);
  rows.emplace_back("Memory", text);
  if (memory.swap.count == 0) return;
  rows.emplace_back("Swap", bytesText(memory.swap) + ", " + bytesText(memory.freeSwap) + " free");
  if (memory.zram.count > 0) rows.back().second += "; " + bytesText(memory.zram) + " of it in memory (zram)";
}

std::string diskText(const engine::DiskProfile& disk) {
  std::vector<std::string> words;
  if (disk.total.count > 0) words.push_back(bytesText(disk.free) + " free");
  if (!disk.fileSystem.empty()) words.push_back(printable(disk.fileSystem) + " at " + printable(disk.mountPoint));
  if (disk.rotates) words.emplace_back(*disk.rotates ? "hard disk" : "solid state");
  if (disk.isRemote) words.emplace_back("not on this machine");
  return joined(words, ", ");
}

}  // namespace

std::string hardwareText(const engine::HardwareProfile& profile) {
  Rows rows;
  addDevice(profile.cpu.device, rows);
  rows.emplace_back("  Cores", std::to_string(profile.cpu.cores));
  addUsable(profile.cpu.device, rows);
  for (const engine::GpuProfile& gpu : profile.gpus) addGpu(gpu, rows);
  addMemory(profile.memory, rows);
  for (const engine::DiskProfile& disk : profile.disks)
    rows.emplace_back("Folder", printable(engine::utf8FromPath(disk.folder)) + ": " + diskText(disk));
  for (std::size_t i = 0; i < std::min(profile.programs.size(), kMostPrograms); ++i) {
    const engine::BackgroundProgram& program = profile.programs[i];
    rows.emplace_back(i == 0 ? "Other programs" : "", printable(program.name) + " " + bytesText(program.memory) + ", " +
                                                          fixed(program.processors, 1) + " processors");
  }
  for (const engine::HardwareCheck& check : profile.checks)
    rows.emplace_back(check.id, (check.present ? printable(check.found) : std::string("not there")) + ": " +
                                    printable(check.meaning.text()));
  for (const auto& [name, value] : profile.variables) rows.emplace_back(name, printable(value));
  return alignedRows(rows);
}

}  // namespace studio::app
