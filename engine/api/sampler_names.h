#pragma once

#include "engine/api/choices.h"

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// What A1111's "Sampler" and "Schedule type" mean here; empty where this studio has no such thing.
struct SamplerNames {
  std::optional<Sampler> sampler;
  std::optional<Schedule> schedule;
  bool nearestSampler = false, nearestSchedule = false;  ///< not the thing itself, but the nearest there is
};

/// Both the names since A1111 1.9 ("DPM++ 2M", "Karras") and those before ("DPM++ 2M Karras", no schedule type).
SamplerNames samplerFromNames(std::string_view samplerName, const std::optional<std::string>& scheduleType);

/// One name by itself, as this studio or another program writes it; empty where there is no such thing.
std::optional<Sampler> samplerFromName(std::string_view name);
std::optional<Schedule> scheduleFromName(std::string_view name);

/// The schedule's name as A1111 and Forge know it.
std::string_view scheduleTypeName(Schedule schedule);

}  // namespace studio::engine
