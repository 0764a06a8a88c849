#include "engine/api/device_catalog.h"

namespace studio::engine {

const char* deviceObstacleName(DeviceObstacle obstacle) {
  switch (obstacle) {
    case DeviceObstacle::None:
      return "none";
    case DeviceObstacle::NoBackEnd:
      return "no_back_end";
    case DeviceObstacle::CardTooOld:
      return "card_too_old";
    case DeviceObstacle::CardTooNew:
      return "card_too_new";
    case DeviceObstacle::CardUnknown:
      return "card_unknown";
    case DeviceObstacle::DriverTooOld:
      return "driver_too_old";
    case DeviceObstacle::NoDriver:
      return "no_driver";
    case DeviceObstacle::DriverChanged:
      return "driver_changed";
    case DeviceObstacle::DriverSilent:
      return "driver_silent";
    case DeviceObstacle::DriverFailed:
      return "driver_failed";
    case DeviceObstacle::Lost:
      return "lost";
    case DeviceObstacle::NoAccess:
      return "no_access";
    case DeviceObstacle::Hidden:
      return "hidden";
    case DeviceObstacle::Split:
      return "split";
  }
  return "none";
}

}  // namespace studio::engine
