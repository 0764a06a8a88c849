#pragma once

#include "engine/api/engine_options.h"

#include <CLI/CLI.hpp>

#include <string>

namespace studio::app {

/// `--precision` and `--threads`, which every command that computes has.
class EngineFlags {
 public:
  void addTo(CLI::App& command);

  /// Throws BadRequest for a precision that is none.
  engine::EngineOptions read() const;

 private:
  std::string precision_ = "auto";
  int threads_ = 0;
};

}  // namespace studio::app
