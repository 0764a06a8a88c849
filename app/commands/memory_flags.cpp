#include "app/commands/memory_flags.h"

#include "app/commands/command_failure.h"
#include "app/commands/size_argument.h"

#include <charconv>
#include <string_view>

namespace studio::app {
namespace {

constexpr const char* kGroup = "Memory";  // of the help
constexpr int kMostPercent = 100, kMostFragmented = 1000;

/// The whole text as a number from 1; 0 when it is none.
std::int64_t numberFrom(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0 ? value : 0;
}

[[noreturn]] void refuseFailure(const std::string& text) {
  refuseArguments("The allocation to fail is \"" + text +
                  "\"; it must be like 12, 12,sticky=70, size=64MiB or fragmented=120 (--fail-allocation).");
}

/// "12", "12,sticky=70", "size=64MiB" or "fragmented=120".
engine::AllocationFailure failureFrom(const std::string& text) {
  constexpr std::string_view kSize = "size=", kSticky = ",sticky=", kFragmented = "fragmented=";
  if (text.starts_with(kSize)) return {.largerThan = sizeFrom(text.substr(kSize.size()), "--fail-allocation")};
  if (text.starts_with(kFragmented)) {
    const std::int64_t percent = numberFrom(std::string_view(text).substr(kFragmented.size()));
    if (percent == 0 || percent > kMostFragmented) refuseFailure(text);
    return {.fragmentedPercent = static_cast<int>(percent)};
  }
  const std::size_t sticky = text.find(kSticky);
  const bool once = sticky == std::string::npos;
  const std::int64_t number = numberFrom(std::string_view(text).substr(0, sticky));
  const std::int64_t percent = once ? 0 : numberFrom(std::string_view(text).substr(sticky + kSticky.size()));
  if (number == 0 || percent > kMostPercent || (!once && percent == 0)) refuseFailure(text);
  return {.number = number, .stickyPercent = static_cast<int>(percent)};
}

int modelsFrom(const std::string& text) {
  constexpr int kMost = 1000;
  int models = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), models);
  if (error != std::errc() || end != text.data() + text.size() || models < 0 || models > kMost)
    refuseArguments("The number of models is \"" + text + "\"; it must be auto or from 0 to 1000 (--keep-models).");
  return models;
}

}  // namespace

void MemoryFlags::addTo(CLI::App& command) {
  command
      .add_option("--device-budget", budget_,
                  "most memory for networks and their work, like 512MiB or 2GiB (default: no limit)")
      ->type_name("SIZE")
      ->group(kGroup);
  command
      .add_option("--reserve-vram", reserve_,
                  "memory left free for other programs, out of the budget or else of what is free (default: none)")
      ->type_name("SIZE")
      ->group(kGroup);
  command
      .add_option(
          "--memory-mode", mode_,
          "auto, highvram, medvram, lowvram or streaming: how much stays on the device; hybrid: only the network "
          "that denoises works there; cpu: nothing does (default auto)")
      ->type_name("NAME")
      ->group(kGroup);
  command
      .add_option("--pinned", pinned_,
                  "on or off: whether weights that wait for a GPU lie in memory that the system may not move (default: "
                  "where there is a GPU)")
      ->type_name("on|off")
      ->group(kGroup);
  command
      .add_option("--keep-models", kept_,
                  "how many models stay in main memory beside the one in use, for a later picture (default auto: as "
                  "many as have room)")
      ->type_name("N|auto")
      ->group(kGroup);
  command
      .add_option(
          "--decode-mode", decode_,
          "auto, whole, strips (the same picture in less memory) or tiles (less still, but colours may differ a "
          "little): how the VAE makes the picture (default auto: whole or in strips)")
      ->type_name("NAME")
      ->group(kGroup);
  command
      .add_option("--oom-policy", policy_,
                  "lossless, classic, ask or off: what to do when memory runs out (default lossless: only what gives "
                  "the same picture)")
      ->type_name("NAME")
      ->group(kGroup);
  command
      .add_option("--fail-allocation", failure_,
                  "for tests: let the job's N-th allocation on the device fail (N), or leave PERCENT of the planned "
                  "peak from there on (N,sticky=PERCENT), or fail what is larger (size=SIZE), or give "
                  "it PERCENT of the planned peak as one range in which nothing moves (fragmented=PERCENT)")
      ->type_name("WHICH")
      ->group("Testing");
}

void MemoryFlags::apply(engine::EngineOptions& options) const {
  if (!budget_.empty()) options.deviceBudget = sizeFrom(budget_, "--device-budget");
  if (!reserve_.empty() && reserve_ != "0") options.reserve = sizeFrom(reserve_, "--reserve-vram");
  const auto mode = engine::choiceFrom<engine::MemoryMode>(mode_);
  if (!mode)
    refuseArguments("The memory mode is \"" + mode_ +
                    "\"; it must be auto, highvram, medvram, lowvram, streaming, hybrid or cpu (--memory-mode).");
  options.memoryMode = *mode;
  const auto pinned = engine::choiceFrom<engine::PinnedMemory>(pinned_);
  if (!pinned) refuseArguments("Pinned memory is \"" + pinned_ + "\"; it must be on or off (--pinned).");
  options.pinned = *pinned;
  if (kept_ != "auto") options.keptModels = modelsFrom(kept_);
  const auto decode = engine::choiceFrom<engine::DecodeMode>(decode_);
  if (!decode)
    refuseArguments("The decode mode is \"" + decode_ + "\"; it must be auto, whole, strips or tiles (--decode-mode).");
  options.decode = *decode;
  const auto policy = engine::choiceFrom<engine::OomPolicy>(policy_);
  if (!policy)
    refuseArguments("The policy is \"" + policy_ + "\"; it must be lossless, classic, ask or off (--oom-policy).");
  options.oomPolicy = *policy;
  if (!failure_.empty()) options.failAllocation = failureFrom(failure_);
}

}  // namespace studio::app
