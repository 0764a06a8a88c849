#include "engine/pipeline/error_translation.h"

#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace studio::engine {
namespace {

template <class Failure>
EngineError translationOf(const Failure& failure) {
  try {
    failure();
  } catch (...) {
    return translateCurrentException();
  }
  return {};
}

TEST(ErrorTranslation, reachesACauseThroughALibrarysWords) {
  const EngineError error = translationOf([] { TORCH_CHECK(false, "Expected all tensors to be on the same device"); });
  EXPECT_EQ(error.kind, ErrorKind::Device);
  EXPECT_EQ(error.diagnosis, Diagnosis::DeviceMismatch);
  EXPECT_NE(error.message.find("different devices"), std::string::npos);
  EXPECT_NE(error.detail.find("Expected all tensors"), std::string::npos);
  const auto plain = [] { throw std::runtime_error("CUDA driver version is insufficient for CUDA runtime version"); };
  EXPECT_EQ(translationOf(plain).diagnosis, Diagnosis::DriverTooOld);
}

TEST(ErrorTranslation, takesAWorkspaceThatCouldNotBeHadForAShortage) {
  const auto workspace = [] { TORCH_CHECK(false, "cuDNN error: CUDNN_STATUS_ALLOC_FAILED"); };
  EXPECT_EQ(translationOf(workspace).kind, ErrorKind::OutOfMemory);
  EXPECT_EQ(translationOf([] { throw std::bad_alloc(); }).kind, ErrorKind::OutOfMemory);
}

TEST(ErrorTranslation, callsWhatItDoesNotKnowOurMistake) {
  const EngineError error = translationOf([] { TORCH_CHECK(false, "mat1 and mat2 shapes cannot be multiplied"); });
  EXPECT_EQ(error.kind, ErrorKind::Internal);
  EXPECT_EQ(error.diagnosis, Diagnosis::None);
}

TEST(ErrorTranslation, advisesWhatIsNotSoAlready) {
  Circumstances now{{512, 512}, 2, Precision::Float32, false};
  EXPECT_EQ(
      outOfMemory(now, "").message,
      "Memory ran out. What may help: a smaller size, a smaller batch, bf16 precision or closing other programs.");
  now.precision = Precision::BFloat16;
  now.batchSize = 1;
  now.ownLimit = true;
  EXPECT_EQ(outOfMemory(now, "").message, "Memory ran out. What may help: a smaller size or a larger memory budget.");
  now.size = {64, 64};
  EXPECT_EQ(outOfMemory(now, "").message, "Memory ran out. What may help: a larger memory budget.");
}

}  // namespace
}  // namespace studio::engine
