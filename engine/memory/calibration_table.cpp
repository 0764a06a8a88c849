#include "engine/memory/calibration_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace studio::engine {
namespace {

constexpr std::string_view kFirstLine = "kiln measurements 1";
constexpr std::size_t kLongestName = 160;
constexpr double kLargestNumber = 1e24, kLongestSeconds = 1e8;
constexpr double kLargestFactor = 1.1;

/// Without what would end a field or a line.
std::string named(std::string name) {
  name.resize(std::min(name.size(), kLongestName));
  std::replace_if(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '_');
  return name;
}

std::array<double, 5> numbersOf(const Measurement& m) {
  return {m.time.work, m.time.bytes, m.time.seconds, m.predictedPeak, m.peak};
}

bool isPossible(const Measurement& m) {
  const auto numbers = numbersOf(m);
  const bool sane = std::all_of(numbers.begin(), numbers.end(),
                                [](double n) { return std::isfinite(n) && n >= 0 && n <= kLargestNumber; });
  return sane && m.time.seconds > 0 && m.time.seconds <= kLongestSeconds && m.time.work + m.time.bytes > 0;
}

std::string_view takeUntil(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::optional<Measurement> measurementFrom(std::string_view line) {
  std::array<double, 5> numbers{};
  for (double& number : numbers) {
    const std::string_view field = takeUntil(line, '\t');
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  }
  const Measurement m{{numbers[0], numbers[1], numbers[2]}, numbers[3], numbers[4]};
  return line.empty() && isPossible(m) ? std::optional(m) : std::nullopt;
}

void append(std::string& text, double number) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::general, 9);
  text.append(digits.data(), end.ptr);
}

}  // namespace

const CalibrationTable::Entry* CalibrationTable::find(const CalibrationKey& key) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& e) { return e.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

void CalibrationTable::add(CalibrationKey key, const Measurement& measurement) {
  if (!isPossible(measurement)) return;
  Entry entry{{named(std::move(key.model)), named(std::move(key.setting))}, {}};
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&entry](const Entry& e) { return e.key == entry.key; });
  if (found != entries_.end()) {
    entry = std::move(*found);
    entries_.erase(found);
  }
  entry.measurements.push_back(measurement);
  if (entry.measurements.size() > kMostMeasurements) entry.measurements.pop_front();
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMostKeys) entries_.pop_front();
}

std::vector<TimeSample> CalibrationTable::samplesOf(const CalibrationKey& key) const {
  std::vector<TimeSample> samples;
  if (const Entry* entry = find(key)) {
    for (const Measurement& m : entry->measurements) samples.push_back(m.time);
  }
  return samples;
}

std::vector<TimeSample> CalibrationTable::samplesIn(std::string_view setting) const {
  std::vector<TimeSample> samples;
  for (const Entry& entry : entries_) {
    if (entry.key.setting != setting) continue;
    for (const Measurement& m : entry.measurements) samples.push_back(m.time);
  }
  return samples;
}

double CalibrationTable::peakFactor(const CalibrationKey& key) const {
  std::vector<double> factors;
  if (const Entry* entry = find(key)) {
    for (const Measurement& m : entry->measurements) {
      if (m.predictedPeak > 0 && m.peak > 0) factors.push_back(m.peak / m.predictedPeak);
    }
  }
  if (factors.empty()) return 1;
  const auto middle = factors.begin() + static_cast<std::ptrdiff_t>(factors.size() / 2);
  std::nth_element(factors.begin(), middle, factors.end());
  return std::clamp(*middle, 1.0, kLargestFactor);
}

std::string CalibrationTable::text() const {
  std::string text(kFirstLine);
  text += '\n';
  for (const Entry& entry : entries_) {
    text += "for\t" + entry.key.model + '\t' + entry.key.setting + '\n';
    for (const Measurement& m : entry.measurements) {
      const char* before = "";
      for (const double number : numbersOf(m)) {
        text += before;
        append(text, number);
        before = "\t";
      }
      text += '\n';
    }
  }
  return text;
}

std::optional<CalibrationTable> CalibrationTable::fromText(std::string_view text) {
  if (takeUntil(text, '\n') != kFirstLine || (!text.empty() && text.back() != '\n')) return std::nullopt;
  CalibrationTable table;
  while (!text.empty()) {
    std::string_view line = takeUntil(text, '\n');
    if (line.starts_with("for\t")) {
      line.remove_prefix(4);
      const std::string_view model = takeUntil(line, '\t');
      CalibrationKey key{std::string(model), std::string(line)};
      const bool clean = key == CalibrationKey{named(key.model), named(key.setting)};
      if (!clean || table.find(key) != nullptr || table.entries_.size() >= kMostKeys) return std::nullopt;
      table.entries_.push_back({std::move(key), {}});
      continue;
    }
    const auto measurement = measurementFrom(line);
    if (!measurement || table.entries_.empty()) return std::nullopt;
    auto& measurements = table.entries_.back().measurements;
    if (measurements.size() >= kMostMeasurements) return std::nullopt;
    measurements.push_back(*measurement);
  }
  return table;
}

}  // namespace studio::engine
