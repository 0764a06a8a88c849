#pragma once

#include "engine/api/engine_options.h"

#include <CLI/CLI.hpp>

#include <string>

namespace studio::app {

/// `--device-budget`, `--memory-mode` and `--decode-mode`: how much of the device a job may take.
class MemoryFlags {
 public:
  void addTo(CLI::App& command);

  /// Sets what the flags say. Throws BadRequest for a size or a mode that is none.
  void apply(engine::EngineOptions& options) const;

 private:
  std::string budget_;
  std::string mode_ = "auto", decode_ = "auto";
};

}  // namespace studio::app
