#pragma once

#include <functional>
#include <string>

namespace studio::engine {

enum class LogLevel { Debug, Info, Warning, Error };

/// Where the engine's log lines go; called from any thread. Prompts are logged at Debug only.
using LogSink = std::function<void(LogLevel, const std::string& area, const std::string& message)>;

}  // namespace studio::engine
