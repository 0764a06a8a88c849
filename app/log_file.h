#pragma once

#include "engine/api/log.h"

#include <QString>

#include <memory>

namespace spdlog {
class logger;
}

namespace studio::app {

/// One rotating file for engine and window. A folder that cannot be written only costs the log.
class LogFile {
 public:
  explicit LogFile(const QString& file);
  ~LogFile();

  /// For the engine; may be called from any thread while this lives.
  engine::LogSink sink() const;

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace studio::app
