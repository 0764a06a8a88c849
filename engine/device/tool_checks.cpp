#include "engine/device/tool_checks.h"

#include "engine/device/system_file.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

bool has(const std::vector<GpuProfile>& gpus, GpuVendor vendor) {
  return std::any_of(gpus.begin(), gpus.end(), [&](const GpuProfile& gpu) { return gpu.vendor == vendor; });
}

/// Where a program lies: in PATH, or at `usual`. Empty where it does not.
std::string findProgram(const std::string& name, const std::string& usual, const HardwareSource& source) {
  constexpr std::size_t kMostFolders = 256;
  const std::string path = source.variable("PATH").value_or("/usr/local/bin:/usr/bin:/bin") + ":" + usual;
  std::size_t start = 0;
  for (std::size_t folders = 0; folders < kMostFolders && start < path.size(); ++folders) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    const fs::path file = fs::path(path.substr(start, end - start)) / name;
    std::error_code unknown;
    if (file.is_absolute() && fs::is_regular_file(source.root / file.relative_path(), unknown)) return file.string();
    start = end + 1;
  }
  return {};
}

/// "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.65.06  Sun …": the first word that looks like a version.
std::string nvidiaDriverVersion(const fs::path& root) {
  const std::string line = lineOf(root / "proc/driver/nvidia/version");
  for (std::size_t start = 0; start < line.size();) {
    const std::size_t end = std::min(line.find(' ', start), line.size());
    const std::string word = line.substr(start, end - start);
    const bool isVersion =
        word.find('.') != std::string::npos && word.find_first_not_of("0123456789.") == std::string::npos;
    if (isVersion) return word;
    start = end + 1;
  }
  return {};
}

HardwareCheck check(const char* id, std::string found, const Sentence& meaning) {
  return {id, !found.empty(), std::move(found), meaning};
}

HardwareCheck nvidiaDriver(bool hasCard, const HardwareSource& source) {
  const std::string version = nvidiaDriverVersion(source.root);
  if (!version.empty()) return check("nvidia_driver", version, sentence("NVIDIA's kernel driver is loaded."));
  return check("nvidia_driver", {},
               hasCard ? sentence("NVIDIA's kernel driver is not loaded: the NVIDIA card cannot compute.")
                       : sentence("NVIDIA's kernel driver is not loaded. Only NVIDIA cards need it."));
}

HardwareCheck amdDriver(bool hasCard, const HardwareSource& source) {
  std::error_code unknown;
  const bool present = fs::exists(source.root / "sys/class/kfd/kfd/topology", unknown);
  if (present) return check("amd_driver", "amdkfd", sentence("AMD's compute driver is loaded."));
  return check("amd_driver", {},
               hasCard ? sentence("AMD's compute driver is not loaded: the AMD card cannot compute.")
                       : sentence("AMD's compute driver is not loaded. Only AMD cards need it."));
}

}  // namespace

std::vector<HardwareCheck> hardwareChecks(const std::vector<GpuProfile>& gpus, const HardwareSource& source) {
  const bool amd = has(gpus, GpuVendor::Amd);
  const std::string tool = findProgram("nvidia-smi", "/usr/bin", source);
  const std::string compiler = findProgram("nvcc", "/usr/local/cuda/bin", source);
  const std::string rocm = lineOf(source.root / "opt/rocm/.info/version");
  return {
      nvidiaDriver(has(gpus, GpuVendor::Nvidia), source),
      check("nvidia_smi", tool,
            sentence("nvidia-smi shows what NVIDIA cards do. The studio asks the driver itself and does not need it.")),
      check("nvcc", compiler,
            sentence("nvcc belongs to the CUDA toolkit, which is for building programs. The studio needs none.")),
      amdDriver(amd, source),
      check("rocm", rocm,
            amd ? sentence("ROCm is what AMD cards compute with. A build for it brings its own.")
                : sentence("ROCm is for AMD cards only.")),
  };
}

std::vector<std::pair<std::string, std::string>> gpuVariables(const HardwareSource& source) {
  static constexpr std::array<const char*, 7> kNames{
      "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER",        "NVIDIA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES",
      "HIP_VISIBLE_DEVICES",  "HSA_OVERRIDE_GFX_VERSION", "ZE_AFFINITY_MASK"};
  std::vector<std::pair<std::string, std::string>> variables;
  for (const char* name : kNames) {
    if (const auto value = source.variable(name)) variables.emplace_back(name, value->substr(0, 256));
  }
  return variables;
}

}  // namespace studio::engine
