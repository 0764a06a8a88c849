#pragma once

#include "engine/api/device_catalog.h"

namespace studio::engine {

/// Why a card cannot be used, and what to do about it.
struct Obstacle {
  DeviceObstacle kind = DeviceObstacle::None;
  Sentence reason;
};

inline void setObstacle(const Obstacle& obstacle, DeviceInfo& info) {
  info.usable = false;
  info.obstacle = obstacle.kind;
  info.reason = obstacle.reason;
}

}  // namespace studio::engine
