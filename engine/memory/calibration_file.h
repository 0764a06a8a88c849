#pragma once

#include "engine/memory/calibration_table.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace studio::engine {

/// The calibration table as it is kept in the folder for caches, shared by all processes. What is broken is as nothing,
/// and what cannot be written is lost: it can be measured again. For one thread at a time.
class CalibrationFile {
 public:
  /// Without a folder the table lives as long as this.
  explicit CalibrationFile(const std::filesystem::path& cacheFolder = {});

  bool isIn(const std::filesystem::path& cacheFolder) const { return cacheFolder == cacheFolder_; }

  /// As it is now: read again only when the file has changed.
  const CalibrationTable& table();

  /// Adds to what is there by then.
  void add(const std::vector<std::pair<CalibrationKey, Measurement>>& measurements);

 private:
  std::filesystem::path path() const;

  std::filesystem::path cacheFolder_;
  std::filesystem::file_time_type read_{};
  CalibrationTable table_;
};

}  // namespace studio::engine
