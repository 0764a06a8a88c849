#include "engine/pipeline/device_diagnosis.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

TEST(DeviceDiagnosis, knowsTheWordsOfTheLibraries) {
  const std::array<std::pair<const char*, Diagnosis>, 9> said{{
      {"Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!",
       Diagnosis::DeviceMismatch},
      {"Tensor for argument #1 'weight' is on CPU, but expected it to be on GPU", Diagnosis::DeviceMismatch},
      {"Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same",
       Diagnosis::DeviceMismatch},
      {"CUDA driver version is insufficient for CUDA runtime version", Diagnosis::DriverTooOld},
      {"The NVIDIA driver on your system is too old (found version 11040)", Diagnosis::DriverTooOld},
      {"CUDA error: no kernel image is available for execution on the device", Diagnosis::NoKernelImage},
      {"HIP error: invalid device function", Diagnosis::NoKernelImage},
      {"Found no NVIDIA driver on your system.", Diagnosis::DriverMissing},
      {"CUDA error: an illegal memory access was encountered", Diagnosis::DeviceFailed},
  }};
  for (const auto& [words, diagnosis] : said) {
    EXPECT_EQ(diagnosisOf(words), diagnosis) << words;
    EXPECT_FALSE(tellsOfExhaustion(words)) << words;
  }
  EXPECT_EQ(diagnosisOf("mat1 and mat2 shapes cannot be multiplied (2x4 and 3x5)"), Diagnosis::None);
}

TEST(DeviceDiagnosis, knowsExhaustionThatHasNoTypeOfItsOwn) {
  for (const char* words :
       {"cuDNN error: CUDNN_STATUS_ALLOC_FAILED", "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`",
        "CUDA error: out of memory", "Native API failed: UR_RESULT_ERROR_OUT_OF_DEVICE_MEMORY",
        "DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."}) {
    EXPECT_TRUE(tellsOfExhaustion(words)) << words;
    EXPECT_EQ(diagnosisOf(words), Diagnosis::None) << words;
  }
  EXPECT_FALSE(tellsOfExhaustion("an illegal memory access was encountered"));
}

TEST(DeviceDiagnosis, advisesSomethingElseForEach) {
  std::string before;
  for (const Diagnosis diagnosis : {Diagnosis::DeviceMismatch, Diagnosis::DriverMissing, Diagnosis::DriverTooOld,
                                    Diagnosis::NoKernelImage, Diagnosis::DeviceFailed}) {
    EXPECT_NE(adviceOf(diagnosis), adviceOf(Diagnosis::None)) << diagnosisName(diagnosis);
    EXPECT_NE(diagnosisName(diagnosis), before);
    before = diagnosisName(diagnosis);
  }
}

}  // namespace
}  // namespace studio::engine
