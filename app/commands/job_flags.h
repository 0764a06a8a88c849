#pragma once

#include "app/commands/command.h"
#include "app/commands/engine_flags.h"
#include "app/commands/memory_flags.h"
#include "app/commands/request_flags.h"

#include <string>
#include <vector>

namespace studio::app {

/// The flags that say what a job makes and how the engine works at it: those of `generate` and of `estimate`.
class JobFlags {
 public:
  void addTo(CLI::App& command);

  /// The request, with files found and what only the model knows filled in. Throws BadRequest, MissingFile, BadFile.
  engine::GenerationRequest request(CommandEnvironment& environment) const;

  /// Without previews. Throws BadRequest.
  engine::EngineOptions options(const CommandEnvironment& environment) const;

 private:
  RequestFlags request_;
  EngineFlags engine_;
  MemoryFlags memory_;
  std::vector<std::string> embeddings_;
  CLI::Option* strictFlag_ = nullptr;
  bool strict_ = false;
  std::string from_;
  std::string checkpoint_ = "on";
};

}  // namespace studio::app
