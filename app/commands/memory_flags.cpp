#include "app/commands/memory_flags.h"

#include "app/commands/command_failure.h"
#include "app/commands/size_argument.h"

namespace studio::app {

void MemoryFlags::addTo(CLI::App& command) {
  command
      .add_option("--device-budget", budget_,
                  "most memory for networks and their work, like 512MiB or 2GiB (default: no limit)")
      ->type_name("SIZE");
  command
      .add_option("--memory-mode", mode_,
                  "auto, highvram, medvram, lowvram or streaming: how much stays on the device (default auto)")
      ->type_name("NAME");
}

void MemoryFlags::apply(engine::EngineOptions& options) const {
  if (!budget_.empty()) options.deviceBudget = sizeFrom(budget_, "--device-budget");
  const auto mode = engine::choiceFrom<engine::MemoryMode>(mode_);
  if (!mode)
    refuseArguments("The memory mode is \"" + mode_ +
                    "\"; it must be auto, highvram, medvram, lowvram or streaming (--memory-mode).");
  options.memoryMode = *mode;
}

}  // namespace studio::app
