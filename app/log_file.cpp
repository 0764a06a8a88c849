#include "app/log_file.h"

#include <QDir>
#include <QFileInfo>

#include <spdlog/logger.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

namespace studio::app {
namespace {

constexpr std::size_t kLargestFile = 2 << 20;
constexpr std::size_t kFiles = 3;

spdlog::level::level_enum levelFrom(engine::LogLevel level) {
  switch (level) {
    case engine::LogLevel::Debug:
      return spdlog::level::debug;
    case engine::LogLevel::Info:
      return spdlog::level::info;
    case engine::LogLevel::Warning:
      return spdlog::level::warn;
    case engine::LogLevel::Error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::sink_ptr openFile(const QString& file) {
  QDir().mkpath(QFileInfo(file).absolutePath());
  try {
    return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.toStdString(), kLargestFile, kFiles);
  } catch (const spdlog::spdlog_ex&) {
    return std::make_shared<spdlog::sinks::null_sink_mt>();
  }
}

}  // namespace

LogFile::LogFile(const QString& file) : logger_(std::make_shared<spdlog::logger>("studio", openFile(file))) {
  logger_->flush_on(spdlog::level::warn);
}

LogFile::~LogFile() { logger_->flush(); }

engine::LogSink LogFile::sink() const {
  return [logger = logger_](engine::LogLevel level, const std::string& area, const std::string& message) {
    logger->log(levelFrom(level), "{}: {}", area, message);
  };
}

}  // namespace studio::app
