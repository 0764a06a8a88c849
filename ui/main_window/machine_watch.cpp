#include "ui/main_window/machine_watch.h"

#include <chrono>
#include <fstream>
#include <string>

namespace studio::ui {
namespace {

constexpr std::chrono::seconds kInterval{3};

/// From /proc/meminfo; nothing on systems without it.
std::optional<MemoryState> readMemory() {
  std::ifstream file("/proc/meminfo");
  std::int64_t total = 0;
  std::int64_t available = 0;
  std::string name;
  std::int64_t kibibytes = 0;
  for (std::string unit; file >> name >> kibibytes; std::getline(file, unit)) {
    if (name == "MemTotal:") total = kibibytes * 1024;
    if (name == "MemAvailable:") available = kibibytes * 1024;
  }
  if (total <= 0) return std::nullopt;
  return MemoryState{{total}, {total - available}};
}

}  // namespace

MachineWatch::MachineWatch(const engine::DeviceCatalog& catalog, QObject* parent) : QObject(parent), catalog_(catalog) {
  worker_.setMaxThreadCount(1);
  timer_.setInterval(kInterval);
  connect(&timer_, &QTimer::timeout, this, &MachineWatch::askMemory);
  timer_.start();
  askDevices();
  askMemory();
}

MachineWatch::~MachineWatch() {
  worker_.clear();
  worker_.waitForDone();
}

void MachineWatch::askDevices() {
  worker_.start([this] {
    std::vector<engine::DeviceInfo> found = catalog_.devices();
    QMetaObject::invokeMethod(this, [this, found = std::move(found)]() mutable {
      devices_ = std::move(found);
      Q_EMIT devicesChanged();
    });
  });
}

void MachineWatch::askMemory() {
  worker_.start([this] {
    const std::optional<MemoryState> memory = readMemory();
    QMetaObject::invokeMethod(this, [this, memory] {
      memory_ = memory;
      Q_EMIT memoryChanged();
    });
  });
}

}  // namespace studio::ui
