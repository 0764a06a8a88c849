#pragma once

#include "engine/api/generation_request.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// Shortest text that reads back as the same number: "0.8", "7".
std::string shortNumber(double value);

/// Last component of a path in either spelling, without trailing separators; empty for "." and "..".
std::filesystem::path bareName(const std::filesystem::path& path);

/// A1111's "<lora:name:weight>", or "<lora:name:text:image:dyn=ranks:lbw=blocks>" as far as needed.
std::string loraTag(const LoraUse& lora);

/// A prompt taken apart: its words, and what its LoRA tags ask for (files are bare names).
struct PromptWithoutLoras {
  std::string prompt;
  std::vector<LoraUse> loras;
};

/// Takes <lora:name:text:image:ranks> and <lyco:…> out, arguments also by name (te= unet= dyn= lbw=). No weight
/// means 1, one means both.
PromptWithoutLoras takeLoraTags(std::string_view prompt);

/// A1111's "<hypernet:name:weight>" tags, as they stand in the prompt.
std::vector<std::string> hypernetworkTags(std::string_view prompt);

/// The prompt as these LoRAs were used: a tag that names one of them, ignoring ASCII case, says what was used and says
/// it once; LoRAs without a tag get one at the end.
std::string promptWithTags(std::string_view prompt, const std::vector<LoraUse>& loras);

}  // namespace studio::engine
