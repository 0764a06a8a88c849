#pragma once

#include "app/commands/event_json.h"
#include "engine/api/hardware_profile.h"

#include <string>

namespace studio::app {

/// All that `studio devices --json` prints.
Json hardwareJson(const engine::HardwareProfile& profile);

/// The same for people.
std::string hardwareText(const engine::HardwareProfile& profile);

}  // namespace studio::app
