#pragma once

#include "engine/api/device_catalog.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <optional>
#include <vector>

namespace studio::ui {

/// Main memory of the machine.
struct MemoryState {
  engine::Bytes total;
  engine::Bytes used;
};

/// Asks for devices once and for the memory every few seconds, on a thread of its own.
class MachineWatch : public QObject {
  Q_OBJECT

 public:
  explicit MachineWatch(const engine::DeviceCatalog& catalog, QObject* parent = nullptr);
  ~MachineWatch() override;

  const std::vector<engine::DeviceInfo>& devices() const { return devices_; }
  const std::optional<MemoryState>& memory() const { return memory_; }

 Q_SIGNALS:
  void devicesChanged();
  void memoryChanged();

 private:
  void askDevices();
  void askMemory();

  const engine::DeviceCatalog& catalog_;
  std::vector<engine::DeviceInfo> devices_;
  std::optional<MemoryState> memory_;
  QTimer timer_;
  QThreadPool worker_;
};

}  // namespace studio::ui
