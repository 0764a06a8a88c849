#include "engine/pipeline/device_diagnosis.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio::engine {
namespace {

/// As the libraries write them (CUDA and HIP runtime, cuDNN, cuBLAS, Level Zero, torch).
constexpr std::array<std::string_view, 7> kExhaustion{
    "not enough memory",        "out of memory",      "_ALLOC_FAILED",
    "OUT_OF_DEVICE_MEMORY",     "OUT_OF_HOST_MEMORY", "hipErrorOutOfMemory",
    "cudaErrorMemoryAllocation"};

using Phrase = std::pair<std::string_view, Diagnosis>;
constexpr std::array<Phrase, 27> kPhrases{{
    {"tensors to be on the same device", Diagnosis::DeviceMismatch},
    {"but expected it to be on", Diagnosis::DeviceMismatch},
    {"but expected all tensors", Diagnosis::DeviceMismatch},
    {"FloatTensor) should be the same", Diagnosis::DeviceMismatch},
    {"HalfTensor) should be the same", Diagnosis::DeviceMismatch},
    {"on different devices", Diagnosis::DeviceMismatch},
    {"driver version is insufficient", Diagnosis::DriverTooOld},
    {"driver on your system is too old", Diagnosis::DriverTooOld},
    {"unsupported display driver", Diagnosis::DriverTooOld},
    {"forward compatibility was attempted", Diagnosis::DriverTooOld},
    {"compiled with an unsupported toolchain", Diagnosis::DriverTooOld},
    {"no kernel image is available", Diagnosis::NoKernelImage},
    {"invalid device function", Diagnosis::NoKernelImage},
    {"hipErrorNoBinaryForGpu", Diagnosis::NoKernelImage},
    {"no NVIDIA driver", Diagnosis::DriverMissing},
    {"no CUDA-capable device", Diagnosis::DriverMissing},
    {"no ROCm-capable device", Diagnosis::DriverMissing},
    {"driver is a stub library", Diagnosis::DriverMissing},
    {"No CUDA GPUs are available", Diagnosis::DriverMissing},
    {"No HIP GPUs are available", Diagnosis::DriverMissing},
    {"unspecified launch failure", Diagnosis::DeviceFailed},
    {"illegal memory access", Diagnosis::DeviceFailed},
    {"device-side assert", Diagnosis::DeviceFailed},
    {"launch timed out", Diagnosis::DeviceFailed},
    {"uncorrectable ECC error", Diagnosis::DeviceFailed},
    {"misaligned address", Diagnosis::DeviceFailed},
    {"DEVICE_LOST", Diagnosis::DeviceFailed},
}};

bool holds(std::string_view words, std::string_view phrase) { return words.find(phrase) != std::string_view::npos; }

}  // namespace

bool tellsOfExhaustion(std::string_view words) {
  return std::any_of(kExhaustion.begin(), kExhaustion.end(),
                     [words](std::string_view phrase) { return holds(words, phrase); });
}

Diagnosis diagnosisOf(std::string_view words) {
  const auto* found = std::find_if(kPhrases.begin(), kPhrases.end(),
                                   [words](const Phrase& phrase) { return holds(words, phrase.first); });
  return found == kPhrases.end() ? Diagnosis::None : found->second;
}

Sentence adviceOf(Diagnosis diagnosis) {
  switch (diagnosis) {
    case Diagnosis::DeviceMismatch:
      return sentence(
          "Two parts of the computation lay on different devices, which is a mistake of the studio: the memory mode "
          "highvram, which keeps everything in one place, avoids it.");
    case Diagnosis::DriverMissing:
      return sentence("No graphics driver answers: install the one of the GPU's maker and start the computer again.");
    case Diagnosis::DriverTooOld:
      return sentence("The graphics driver is too old for this version of the studio: install a newer one.");
    case Diagnosis::NoKernelImage:
      return sentence(
          "This version of the studio has no code for this GPU: it needs another version, or the memory mode cpu.");
    case Diagnosis::DeviceFailed:
      return sentence(
          "The GPU stopped in the middle of its work: start the studio again; when it comes back, the driver, the heat "
          "or the overclocking of the GPU may be why.");
    case Diagnosis::None:
      break;
  }
  return sentence("The engine failed in a way it should not.");
}

}  // namespace studio::engine
