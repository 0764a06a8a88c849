#include "app/commands/devices_json.h"

namespace studio::app {
namespace {

/// Null where nothing was told.
Json orNull(engine::Bytes bytes) { return bytes.count > 0 ? Json(bytes.count) : Json(); }
template <class Value>
Json orNull(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json linkJson(const engine::PcieLink& link) {
  if (link == engine::PcieLink()) return {};
  return {{"generation", link.generation}, {"lanes", link.lanes}};
}

Json deviceJson(const engine::DeviceInfo& device) {
  Json json = {{"id", device.id},
               {"name", device.name},
               {"kind", device.kind},
               {"total_bytes", device.totalMemory.count},
               {"free_bytes", device.freeMemory.count},
               {"features", device.features},
               {"usable", device.usable},
               {"reason", device.reason.text()},
               {"obstacle", engine::deviceObstacleName(device.obstacle)}};
  if (device.threads > 0) json["threads"] = device.threads;
  if (!device.uuid.empty()) json["uuid"] = device.uuid;
  return json;
}

Json cpuJson(const engine::CpuProfile& cpu) {
  Json json = deviceJson(cpu.device);
  json["cores"] = cpu.cores;
  json["machine_threads"] = cpu.threads;
  json["numa_nodes"] = cpu.numaNodes;
  return json;
}

Json gpuJson(const engine::GpuProfile& gpu) {
  Json json = deviceJson(gpu.device);
  json["vendor"] = engine::gpuVendorName(gpu.vendor);
  json["pci_address"] = gpu.pciAddress;
  json["pci_ids"] = gpu.pciIds;
  json["architecture"] = gpu.architecture;
  json["driver"] = gpu.driver;
  json["shares_memory"] = gpu.sharesMemory;
  json["drives_display"] = orNull(gpu.drivesDisplay);
  json["pcie_now"] = linkJson(gpu.linkNow);
  json["pcie_most"] = linkJson(gpu.linkMost);
  json["power_limit_watts"] = gpu.powerLimit.count > 0 ? Json(gpu.powerLimit.count) : Json();
  json["slowed_by"] = gpu.slowedBy;
  Json programs = Json::array();
  for (const engine::ProgramMemory& program : gpu.device.programs)
    programs.push_back({{"name", program.name}, {"bytes", orNull(program.bytes)}});
  json["programs"] = std::move(programs);
  return json;
}

Json memoryJson(const engine::MemoryProfile& memory) {
  return {{"machine_bytes", memory.machine.count},
          {"total_bytes", memory.total.count},
          {"available_bytes", memory.available.count},
          {"limited_by_group", memory.isLimited},
          {"swap_bytes", memory.swap.count},
          {"free_swap_bytes", memory.freeSwap.count},
          {"zram_bytes", memory.zram.count}};
}

Json diskJson(const engine::DiskProfile& disk) {
  return {{"folder", engine::utf8FromPath(disk.folder)},
          {"mount_point", disk.mountPoint},
          {"file_system", disk.fileSystem},
          {"total_bytes", orNull(disk.total)},
          {"free_bytes", orNull(disk.free)},
          {"rotates", orNull(disk.rotates)},
          {"remote", disk.isRemote}};
}

}  // namespace

Json hardwareJson(const engine::HardwareProfile& profile) {
  Json devices = Json::array({cpuJson(profile.cpu)}), disks = Json::array(), programs = Json::array(),
       checks = Json::array(), variables = Json::object();
  for (const engine::GpuProfile& gpu : profile.gpus) devices.push_back(gpuJson(gpu));
  for (const engine::DiskProfile& disk : profile.disks) disks.push_back(diskJson(disk));
  for (const engine::BackgroundProgram& program : profile.programs)
    programs.push_back(
        {{"name", program.name}, {"memory_bytes", program.memory.count}, {"processors", program.processors}});
  for (const engine::HardwareCheck& check : profile.checks)
    checks.push_back(
        {{"id", check.id}, {"present", check.present}, {"found", check.found}, {"meaning", check.meaning.text()}});
  for (const auto& [name, value] : profile.variables) variables[name] = value;
  return {{"devices", devices}, {"memory", memoryJson(profile.memory)},
          {"disks", disks},     {"programs", programs},
          {"checks", checks},   {"variables", variables}};
}

}  // namespace studio::app
