#include "tests/engine/pipeline/pipeline_fixture.h"

#include <fstream>

namespace studio::engine {
namespace {

class BenchmarkTest : public PipelineTest {
 protected:
  static BenchmarkRequest tinyRequest(BenchmarkSubject subject) {
    BenchmarkRequest request;
    request.subject = subject;
    request.size = {128, 64};
    request.repeats = 3;
    request.steps = 2;
    request.model = model();
    return request;
  }
  const EngineOptions options_{.precision = Precision::Float32, .threads = 1};
};

TEST_F(BenchmarkTest, timesEverySubject) {
  for (const BenchmarkSubject subject : {BenchmarkSubject::UNet, BenchmarkSubject::Vae, BenchmarkSubject::Image}) {
    std::vector<int> seen;
    const auto result =
        makeBenchmark()->run(tinyRequest(subject), options_, {}, [&](int done, int) { seen.push_back(done); });
    ASSERT_TRUE(result) << result.error().message << result.error().detail;
    EXPECT_EQ(seen, (std::vector<int>{0, 1, 2, 3}));
    EXPECT_EQ(result.value().seconds.size(), 3U);
    EXPECT_GT(result.value().bestSeconds, 0);
    EXPECT_LE(result.value().bestSeconds, result.value().medianSeconds);
    EXPECT_GT(result.value().peakHostBytes.count, 0);
    EXPECT_EQ(result.value().precision, Precision::Float32);
    EXPECT_EQ(result.value().threads, 1);
  }
}

TEST_F(BenchmarkTest, stopsWhenAsked) {
  std::stop_source stop;
  int repeats = 0;
  const auto result =
      makeBenchmark()->run(tinyRequest(BenchmarkSubject::UNet), options_, stop.get_token(), [&](int, int) {
        ++repeats;
        stop.request_stop();
      });
  EXPECT_FALSE(result);
  EXPECT_EQ(repeats, 1);
}

TEST_F(BenchmarkTest, refusesWhatCannotBeMeasured) {
  BenchmarkRequest request = tinyRequest(BenchmarkSubject::UNet);
  request.repeats = 0;
  EXPECT_FALSE(makeBenchmark()->run(request, options_, {}, {}));
  request = tinyRequest(BenchmarkSubject::UNet);
  request.size.width = 100;
  EXPECT_FALSE(makeBenchmark()->run(request, options_, {}, {}));
}

TEST_F(BenchmarkTest, keepsTheChoiceOfPrecisionForTheNextStart) {
  GenerationRequest request = appleRequest();
  request.steps = 1;
  const EngineOptions options{.threads = 1, .cacheFolder = folder_ / "cache"};
  const auto loaded = [&] {
    generator_ = makeGenerator(options, {});
    return only<ModelLoaded>(run(request)).at(0);
  };
  const ModelLoaded first = loaded();
  EXPECT_FALSE(first.reason.pattern.empty());
  std::string kept;
  std::getline(std::ifstream(folder_ / "cache" / "precision.txt"), kept);
  EXPECT_FALSE(kept.empty());
  tests::writeBytes(folder_ / "cache" / "precision.txt",
                    kept + "\n" + std::string(idOf(first.precision)) + "\nas %1 then\nbefore\n");
  EXPECT_EQ(loaded().reason.text(), "as before then");
  tests::writeBytes(folder_ / "cache" / "precision.txt", "another machine\nbf16\nas before\n");
  EXPECT_NE(loaded().reason.text(), "as before");
}

}  // namespace
}  // namespace studio::engine
