#pragma once

#include "engine/api/engine_options.h"

#include <CLI/CLI.hpp>

#include <string>

namespace studio::app {

/// `--device-budget`, `--reserve-vram`, `--memory-mode`, `--pinned`, `--decode-mode`, `--oom-policy` and
/// `--fail-allocation`: how much of the device a job may take, and what happens when that is not enough.
class MemoryFlags {
 public:
  void addTo(CLI::App& command);

  /// Sets what the flags say. Throws BadRequest for what is none of the flag's words.
  void apply(engine::EngineOptions& options) const;

 private:
  std::string budget_, reserve_;
  std::string mode_ = "auto", decode_ = "auto";
  std::string pinned_ = "auto";
  std::string kept_ = "auto";
  std::string policy_ = "lossless";
  std::string failure_;
};

}  // namespace studio::app
