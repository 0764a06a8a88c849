#include "app/commands/human_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace studio::app {
namespace {

/// Width on a terminal, near enough for tables: code points, not bytes.
std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

/// Two digits are as much as a prediction knows.
std::string roughly(double value) {
  if (value < 10) return fixed(value, 1);
  const double unit = value < 100 ? 1 : std::pow(10, std::floor(std::log10(value)) - 1);
  return fixed(std::round(value / unit) * unit, 0);
}

}  // namespace

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string bytesText(engine::Bytes bytes) {
  constexpr std::array<const char*, 4> kUnits{"KiB", "MiB", "GiB", "TiB"};
  if (std::abs(bytes.count) < 1024) return std::to_string(bytes.count) + " bytes";
  double value = static_cast<double>(bytes.count) / 1024;
  std::size_t unit = 0;
  while (std::abs(value) >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0) + " " + kUnits[unit];
}

std::string countText(std::int64_t count) {
  std::string text = std::to_string(count);
  const std::ptrdiff_t sign = count < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > sign; at -= 3) text.insert(text.begin() + at, ',');
  return text;
}

std::string secondsText(double seconds) {
  if (seconds < 10) return fixed(seconds, 2) + " s";
  if (seconds < 60) return fixed(seconds, 1) + " s";
  const auto whole = static_cast<long>(std::lround(seconds));
  const std::string rest = std::to_string(whole % 60);
  return std::to_string(whole / 60) + " min " + (rest.size() < 2 ? "0" : "") + rest + " s";
}

std::string timeText(const std::optional<engine::PredictedTime>& time) {
  if (!time) return "not known yet";
  const double likely = time->likely.count();
  if (time->high.count() < 1) return "less than a second";
  const char* unit = likely < 120 ? "s" : likely < 7200 ? "min" : "h";
  const double seconds = likely < 120 ? 1 : likely < 7200 ? 60 : 3600;
  return "about " + roughly(likely / seconds) + " " + unit + " (" + roughly(time->low.count() / seconds) + " to " +
         roughly(time->high.count() / seconds) + " " + unit + ")";
}

std::string printable(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) c = '?';
  }
  return text;
}

std::string alignedRows(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& [name, value] : rows) width = std::max(width, columns(name));
  std::string text;
  for (const auto& [name, value] : rows) {
    std::string line;
    for (const char c : value) {
      line += c;
      if (c == '\n') line += std::string(width + 2, ' ');
    }
    text += padded(name, width + 2) + line + "\n";
  }
  return text;
}

std::string alignedTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i] + 2);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace studio::app
