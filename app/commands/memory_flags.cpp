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
  command
      .add_option(
          "--decode-mode", decode_,
          "auto, whole, strips (the same picture in less memory) or tiles (less still, but colours may differ a "
          "little): how the VAE makes the picture (default auto: what fits)")
      ->type_name("NAME");
}

void MemoryFlags::apply(engine::EngineOptions& options) const {
  if (!budget_.empty()) options.deviceBudget = sizeFrom(budget_, "--device-budget");
  const auto mode = engine::choiceFrom<engine::MemoryMode>(mode_);
  if (!mode)
    refuseArguments("The memory mode is \"" + mode_ +
                    "\"; it must be auto, highvram, medvram, lowvram or streaming (--memory-mode).");
  options.memoryMode = *mode;
  const auto decode = engine::choiceFrom<engine::DecodeMode>(decode_);
  if (!decode)
    refuseArguments("The decode mode is \"" + decode_ + "\"; it must be auto, whole, strips or tiles (--decode-mode).");
  options.decode = *decode;
}

}  // namespace studio::app
