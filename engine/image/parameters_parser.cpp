#include "engine/api/image_io.h"
#include "engine/api/request_fields.h"
#include "engine/image/lora_tags.h"
#include "engine/image/sampler_names.h"
#include "engine/image/text_encoding.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestText = 4U << 20;
constexpr std::string_view kNegative = "Negative prompt:";
using Settings = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// End of the value that starts at `at`: the next comma, or the one behind a quoted string.
std::size_t valueEnd(std::string_view line, std::size_t at) {
  const std::size_t first = line.find_first_not_of(' ', at);
  if (first != std::string_view::npos && line[first] == '"') {
    for (std::size_t i = first + 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == '"') {
        return std::min(line.find(',', i), line.size());
      }
    }
  }
  return std::min(line.find(',', at), line.size());
}

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  const auto json = nlohmann::json::parse(value, nullptr, false);
  return json.is_string() ? json.get<std::string>() : std::string(value.substr(1, value.size() - 2));
}

/// "Steps: 20, Sampler: Euler a, Lora hashes: "a: 1, b: 2"". Pieces without a colon are left out.
Settings settingsOf(std::string_view line) {
  Settings settings;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t stop = line.find_first_of(":,", at);
    if (stop == std::string_view::npos) break;
    if (line[stop] == ',') {
      at = stop + 1;
      continue;
    }
    const std::size_t end = valueEnd(line, stop + 1);
    const std::string_view key = trimmed(line.substr(at, stop - at));
    if (!key.empty()) settings.emplace(key, unquoted(trimmed(line.substr(stop + 1, end - stop - 1))));
    at = end + 1;
  }
  return settings;
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

/// The three parts of the text.
struct Parts {
  std::string prompt;
  std::string negativePrompt;
  Settings settings;
};

bool isSettingsLine(std::string_view line) { return line.starts_with("Steps: ") || settingsOf(line).size() >= 3; }

/// The settings are the last line that looks like them; "Steps:" decides when programs added lines of their own.
std::optional<std::size_t> settingsIndex(const std::vector<std::string_view>& lines) {
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (trimmed(lines[i]).starts_with("Steps: ")) return i;
  }
  std::size_t last = lines.size();
  while (last > 0 && trimmed(lines[last - 1]).empty()) --last;
  if (last > 0 && isSettingsLine(lines[last - 1])) return last - 1;
  return std::nullopt;
}

Parts partsOf(std::string_view text) {
  const std::vector<std::string_view> lines = linesOf(text);
  const std::optional<std::size_t> settings = settingsIndex(lines);
  Parts parts;
  if (settings) parts.settings = settingsOf(trimmed(lines[*settings]));
  std::string* into = &parts.prompt;
  bool first = true;
  for (std::size_t i = 0; i < settings.value_or(lines.size()); ++i) {
    std::string_view line = lines[i];
    if (trimmed(line).starts_with(kNegative) && into == &parts.prompt) {
      line = trimmed(line).substr(kNegative.size());
      if (line.starts_with(' ')) line.remove_prefix(1);
      into = &parts.negativePrompt;
      first = true;
    }
    if (!first) *into += '\n';
    *into += line;
    first = false;
  }
  return parts;
}

template <class Number>
std::optional<Number> numberFrom(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Puts settings into a patch. What is missing, unknown or outside the studio's range stays out.
class PatchBuilder {
 public:
  PatchBuilder(const Settings& settings, RequestPatch& patch) : settings_(settings), patch_(patch) {}

  std::optional<std::string> text(std::string_view key) const {
    const auto found = settings_.find(key);
    if (found == settings_.end() || found->second.empty()) return std::nullopt;
    return found->second;
  }

  template <class Number>
  void number(std::string_view key, std::string_view field, Number least, Number most, Number& target) {
    const auto value = numberFrom<Number>(text(key).value_or(""));
    if (value && *value >= least && *value <= most) set(field, *value, target);
  }

  template <class Value, class Target>
  void set(std::string_view field, const Value& value, Target& target) {
    target = value;
    patch_.present.emplace_back(field);
  }

 private:
  const Settings& settings_;
  RequestPatch& patch_;
};

void readSize(PatchBuilder& builder, GenerationRequest& values) {
  const std::string size = builder.text("Size").value_or("");
  const std::size_t cross = size.find('x');
  if (cross == std::string::npos) return;
  const auto width = numberFrom<int>(std::string_view(size).substr(0, cross));
  const auto height = numberFrom<int>(std::string_view(size).substr(cross + 1));
  const auto fits = [](std::optional<int> side) { return side && *side >= 1 && *side <= kLargestSide; };
  if (!fits(width) || !fits(height)) return;
  builder.set("width", *width, values.size.width);
  builder.set("height", *height, values.size.height);
}

void readSampler(PatchBuilder& builder, GenerationRequest& values) {
  const auto name = builder.text("Sampler");
  if (!name) return;
  const SamplerNames names = samplerFromNames(*name, builder.text("Schedule type"));
  if (names.sampler) builder.set("sampler", *names.sampler, values.sampler);
  if (names.schedule) builder.set("scheduler", *names.schedule, values.schedule);
}

void readSettings(PatchBuilder& builder, PictureInfo& info) {
  GenerationRequest& values = info.request.values;
  if (const auto model = builder.text("Model")) {
    info.modelName = *model;
    builder.set("model", bareName(*model), values.model);
  }
  info.modelHash = builder.text("Model hash").value_or("");
  const auto vae = builder.text("VAE");
  if (vae && *vae != "None" && *vae != "Automatic") builder.set("vae", bareName(*vae), values.vae);
  readSize(builder, values);
  builder.number("Steps", "steps", 1, kMostSteps, values.steps);
  readSampler(builder, values);
  builder.number("CFG scale", "guidance_scale", 0.0, 100.0, values.guidanceScale);
  if (const auto seed = numberFrom<std::uint64_t>(builder.text("Seed").value_or("")))
    builder.set("seed", Seed{*seed}, values.seed);
  if (builder.text("Clip skip")) {
    builder.number("Clip skip", "clip_skip", 1, 12, values.clipSkip);
  } else {
    builder.set("clip_skip", 1, values.clipSkip);  // only other values are written
  }
}

std::string sourceOf(const Settings& settings) {
  const auto version = settings.find("Version");
  if (version == settings.end()) return "A1111";
  if (version->second.starts_with("Kiln Studio")) return "Kiln Studio";
  // Forge's versions look like f2.0.1v1.10.1-previous-….
  return version->second.starts_with("f") ? "Forge" : "A1111";
}

}  // namespace

PictureInfo parseParametersText(const std::string& text) {
  PictureInfo info;
  info.parameters = repairedUtf8(std::string_view(text).substr(0, kLongestText));
  const std::string_view start = trimmed(info.parameters);
  if (start.empty() || start.front() == '{') return info;  // other programs put JSON under the same keyword
  const Parts parts = partsOf(info.parameters);
  if (parts.settings.empty()) return info;
  const TaggedPrompt prompt = takeLoraTags(parts.prompt);
  info.source = sourceOf(parts.settings);
  PatchBuilder builder(parts.settings, info.request);
  builder.set("loras", prompt.loras, info.request.values.loras);
  if (prompt.prompt.size() <= kLongestPrompt) builder.set("prompt", prompt.prompt, info.request.values.prompt);
  if (parts.negativePrompt.size() <= kLongestPrompt) {
    builder.set("negative_prompt", parts.negativePrompt, info.request.values.negativePrompt);
  }
  readSettings(builder, info);
  return info;
}

}  // namespace studio::engine
