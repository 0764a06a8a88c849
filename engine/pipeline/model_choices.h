#pragma once

#include "engine/api/inspector.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace studio::engine {

/// What people chose for single models, kept in a small text file by the models' SHA-256, so that a choice follows a
/// file that is moved or renamed. One line each: hash, size, prediction type, zero terminal SNR. The file is read at
/// every question and replaced at once; of two programs that write at the same time the last wins.
class ModelChoices {
 public:
  /// Without a file nothing is kept. Hashes of models are kept in `cacheFolder`.
  ModelChoices(std::filesystem::path file, std::filesystem::path cacheFolder)
      : file_(std::move(file)), cacheFolder_(std::move(cacheFolder)) {}

  /// Reads no model unless one of its size is known; then it is read once. Throws Cancelled.
  ModelChoice find(const std::filesystem::path& model, const std::stop_token& stop) const;

  /// Two times Automatic forgets. Reads the model if its hash is not known. Throws Cancelled, and
  /// EngineException(CannotWrite).
  void remember(const std::filesystem::path& model, const ModelChoice& choice, const std::stop_token& stop) const;

 private:
  struct Line {
    std::string hash;
    std::uintmax_t size = 0;
    ModelChoice choice;
  };
  std::vector<Line> lines() const;

  std::filesystem::path file_;
  std::filesystem::path cacheFolder_;
};

}  // namespace studio::engine
