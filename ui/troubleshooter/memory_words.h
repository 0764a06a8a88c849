#pragma once

#include "engine/api/memory_report.h"

#include <QString>

namespace studio::ui {

/// What a report about memory says, in the window's language.
QString memoryTitle(const engine::MemoryReport& report, int keptSteps);
QString memoryHappened(const engine::MemoryReport& report);
/// Predicted against measured, and what is brought to the device at each step.
QString memoryNumbers(const engine::MemoryReport& report);
/// "UNet, 12 of 25 blocks", "Activations", "firefox".
QString holderText(const engine::MemoryHolder& holder);
/// As the name of a choice, without its full stop.
QString fixText(const engine::MemoryFix& fix);
QString effectText(engine::PictureEffect effect);
/// What becomes of the picture, in a sentence; empty when it stays identical.
QString effectExplained(const engine::MemoryFix& fix);
/// "Decode in strips 412 MiB · …"; empty for none.
QString notEnoughText(const engine::MemoryReport& report);

}  // namespace studio::ui
