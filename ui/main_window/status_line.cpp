#include "ui/main_window/status_line.h"

#include "ui/bridge/engine_words.h"
#include "ui/bridge/generation_session.h"
#include "ui/bridge/library.h"
#include "ui/bridge/text.h"
#include "ui/main_window/machine_watch.h"
#include "ui/queue/durations.h"
#include "ui/widgets/text_role.h"

#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace studio::ui {

StatusLine::StatusLine(const MachineWatch& machine, const GenerationSession& session, const Library& library,
                       QWidget* parent)
    : QWidget(parent), machine_(machine), session_(session), library_(library) {
  buildLayout();
  connectSignals();
  updateDevice();
  updateEngine();
  updateMemory();
  updateLibrary();
}

void StatusLine::buildLayout() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 2, 12, 4);
  row->setSpacing(18);
  for (QLabel** label : {&device_, &engine_, &memory_, &libraryText_}) {
    *label = new QLabel(this);
    setTextRole(*label, TextRole::SmallMuted);
  }
  row->addWidget(device_);
  row->addWidget(engine_);
  row->addWidget(memory_);
  row->addStretch(1);
  row->addWidget(libraryText_);
}

void StatusLine::connectSignals() {
  connect(&machine_, &MachineWatch::devicesChanged, this, &StatusLine::updateDevice);
  connect(&machine_, &MachineWatch::memoryChanged, this, &StatusLine::updateMemory);
  connect(&session_, &GenerationSession::engineStatusChanged, this, &StatusLine::updateEngine);
  connect(&library_, &Library::changed, this, &StatusLine::updateLibrary);
  connect(&library_, &Library::scanningChanged, this, &StatusLine::updateLibrary);
}

/// The device pictures are made on: the first usable one; the others with their reasons are in the tooltip.
void StatusLine::updateDevice() {
  const auto& devices = machine_.devices();
  const auto usable = std::find_if(devices.begin(), devices.end(), [](const auto& device) { return device.usable; });
  device_->setText(usable == devices.end() ? QString() : toQString(usable->name));
  device_->setVisible(usable != devices.end());
  QStringList lines;
  for (const engine::DeviceInfo& device : devices) {
    lines.append(device.usable ? toQString(device.name)
                               : tr("%1: not used. %2").arg(toQString(device.name), inWords(device.reason)));
  }
  device_->setToolTip(lines.join(u'\n'));
}

void StatusLine::updateEngine() {
  const auto& status = session_.engineStatus();
  engine_->setVisible(status.has_value());
  if (!status) return;
  engine_->setText(
      tr("%1 · %n thread(s)", nullptr, status->threads).arg(toQString(engine::labelOf(status->precision))));
  engine_->setToolTip(inWords(status->reason));
}

void StatusLine::updateMemory() {
  const auto& memory = machine_.memory();
  memory_->setVisible(memory.has_value());
  if (!memory) return;
  memory_->setText(tr("RAM %1 of %2").arg(bytesText(memory->used.count), bytesText(memory->total.count)));
}

void StatusLine::updateLibrary() {
  if (library_.isScanning()) {
    libraryText_->setText(tr("Looking for models…"));
    return;
  }
  const auto models = static_cast<int>(library_.listing().models.size());
  const auto loras = static_cast<int>(library_.listing().loras.size());
  libraryText_->setText(tr("%1 · %2").arg(tr("%n model(s)", nullptr, models), tr("%n LoRA(s)", nullptr, loras)));
}

}  // namespace studio::ui
