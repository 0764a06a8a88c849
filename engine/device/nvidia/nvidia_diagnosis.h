#pragma once

#include "engine/device/back_end.h"
#include "engine/device/nvidia/nvidia_system.h"
#include "engine/device/obstacle.h"

#include <optional>

namespace studio::engine {

/// What stands between the program and a card that the driver knows: the card before the driver, the driver before the
/// build. `system` tells of the driver, `instances` how many parts the card is split into. Pure.
std::optional<Obstacle> obstacleOf(const NvidiaCard& card, int instances, const NvidiaSystem& system, BackEnd built);

/// Of a card that stands on the bus, but that the driver has not told of. Pure.
Obstacle obstacleOfSilentCard(const NvidiaSystem& system);

/// Of a card that CUDA does not show. `visible`: CUDA_VISIBLE_DEVICES, where it is set. Pure.
Obstacle obstacleOfHiddenCard(const std::optional<std::string>& visible);

}  // namespace studio::engine
