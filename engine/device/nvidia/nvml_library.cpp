#include "engine/device/nvidia/nvml_library.h"

namespace studio::engine {

NvmlLibrary::NvmlLibrary(const std::string& path) : library(path) {
  library.find(init, {"nvmlInit_v2", "nvmlInit"});
  library.find(shutdown, {"nvmlShutdown"});
  library.find(driver, {"nvmlSystemGetDriverVersion"});
  library.find(cudaVersion, {"nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion"});
  library.find(count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
  library.find(handle, {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
  library.find(name, {"nvmlDeviceGetName"});
  library.find(uuid, {"nvmlDeviceGetUUID"});
  library.find(pci, {"nvmlDeviceGetPciInfo_v3"});
  library.find(memory, {"nvmlDeviceGetMemoryInfo"});
  library.find(capability, {"nvmlDeviceGetCudaComputeCapability"});
  library.find(computeProcesses,
               {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"});
  library.find(graphicsProcesses,
               {"nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2"});
  library.find(computeProcesses1, {"nvmlDeviceGetComputeRunningProcesses"});
  library.find(graphicsProcesses1, {"nvmlDeviceGetGraphicsRunningProcesses"});
  library.find(displayActive, {"nvmlDeviceGetDisplayActive"});
  library.find(powerLimit, {"nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetPowerManagementLimit"});
  library.find(clockReasons, {"nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"});
  library.find(migMode, {"nvmlDeviceGetMigMode"});
  library.find(mostInstances, {"nvmlDeviceGetMaxMigDeviceCount"});
  library.find(instance, {"nvmlDeviceGetMigDeviceHandleByIndex"});
}

}  // namespace studio::engine
