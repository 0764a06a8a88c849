#include "engine/api/hardware_profile.h"

namespace studio::engine {

const char* gpuVendorName(GpuVendor vendor) {
  switch (vendor) {
    case GpuVendor::Nvidia:
      return "nvidia";
    case GpuVendor::Amd:
      return "amd";
    case GpuVendor::Intel:
      return "intel";
    case GpuVendor::Other:
      return "other";
  }
  return "other";
}

}  // namespace studio::engine
