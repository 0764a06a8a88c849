#pragma once

#include "engine/api/predicted_time.h"
#include "engine/api/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace studio::app {

/// "1.99 GiB", "512 MiB", "17 bytes"
std::string bytesText(engine::Bytes bytes);
/// "859,520,964"
std::string countText(std::int64_t count);
/// "0.84 s", "12.3 s", "4 min 05 s"
std::string secondsText(double seconds);
/// "about 40 s (30 to 60 s)", "about 12 min (9.0 to 18 min)", "less than a second"; "not known yet" for nothing.
std::string timeText(const std::optional<engine::PredictedTime>& time);
/// With the given number of digits behind the point.
std::string fixed(double value, int digits);
/// Text from a file for a terminal: control characters, escape sequences among them, become '?', tabs and line ends
/// stay.
std::string printable(std::string text);

/// Rows of two columns, the second aligned; continuation lines of a value are indented.
std::string alignedRows(const std::vector<std::pair<std::string, std::string>>& rows);

/// Columns as wide as their widest cell, two spaces apart.
std::string alignedTable(const std::vector<std::vector<std::string>>& rows);

}  // namespace studio::app
