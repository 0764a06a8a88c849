#pragma once

#include "engine/api/engine_factory.h"
#include "tests/support/tiny_model.h"

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace studio::engine {

/// A generator with the tiny model of the goldens, which is written once for all tests of a suite.
class PipelineTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  PipelineTest();

  /// The request behind "picture.apple".
  static GenerationRequest appleRequest();
  static std::filesystem::path model();
  static const tests::TemporaryFolder& modelFolder();

  JobId submit(const GenerationRequest& request) {
    return generator_->submit(request, {(folder_ / "{index}-{seed}.png").string(), 92});
  }
  /// Events until the job's outcome; `onEvent` may act in between.
  std::vector<EngineEvent> eventsOf(JobId job, const std::function<void(const EngineEvent&)>& onEvent = {});
  std::vector<EngineEvent> run(const GenerationRequest& request) { return eventsOf(submit(request)); }
  /// Pictures of a job that must succeed, uint8 [n, H, W, 3].
  at::Tensor pictures(const GenerationRequest& request);
  /// The error of a job that must fail.
  EngineError failure(const GenerationRequest& request);

  const tests::TemporaryFolder folder_;
  std::unique_ptr<Generator> generator_;
};

template <class Event>
std::vector<Event> only(const std::vector<EngineEvent>& events) {
  std::vector<Event> found;
  for (const EngineEvent& event : events) {
    if (const auto* value = std::get_if<Event>(&event)) found.push_back(*value);
  }
  return found;
}

/// uint8 [H, W, 3]
at::Tensor tensorOf(const Image& image);

/// Largest difference of two pictures, in levels of 255; 999 when their sizes differ.
int distance(const at::Tensor& a, const at::Tensor& b);

/// Levels allowed to a whole picture against the reference.
inline constexpr int kPictureTolerance = 2;

}  // namespace studio::engine
