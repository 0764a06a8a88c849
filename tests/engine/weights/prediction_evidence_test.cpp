#include "engine/weights/prediction_evidence.h"

#include "engine/api/engine_error.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using Metadata = std::map<std::string, std::string>;

class PredictionWords : public testing::Test {
 protected:
  PredictionEvidence evidence(const Metadata& metadata) const {
    const auto path = tests::writeSingleFile(folder_ / "a.safetensors", {.metadata = metadata});
    return predictionEvidence(openModel(path), ModelFamily::StableDiffusion1);
  }
  const tests::TemporaryFolder folder_;
};

TEST_F(PredictionWords, thatAreUnknownAreNoEvidence) {
  for (const char* word : {"velocity?", "epsilonn", ""}) {
    const PredictionEvidence found = evidence({{"modelspec.prediction_type", word}});
    EXPECT_EQ(found.prediction, PredictionType::Epsilon) << word;
    EXPECT_EQ(found.source, PredictionSource::Family) << word;
  }
  EXPECT_EQ(evidence({{"modelspec.prediction_type", "epsilon"}}).source, PredictionSource::Metadata);
}

TEST_F(PredictionWords, thatMeanThePictureItselfAreRefused) {
  EXPECT_THROW(evidence({{"modelspec.prediction_type", "sample"}}), EngineException);
}

TEST_F(PredictionWords, ofTheTrainingProgramCountBehindThoseOfModelspec) {
  const Metadata trained{{"ss_v_parameterization", "True"}, {"ss_zero_terminal_snr", "True"}};
  const PredictionEvidence found = evidence(trained);
  EXPECT_EQ(found.prediction, PredictionType::Velocity);
  EXPECT_EQ(found.source, PredictionSource::Metadata);
  EXPECT_TRUE(found.zeroTerminalSnr);
  EXPECT_EQ(found.zeroTerminalSnrSource, PredictionSource::Metadata);
  Metadata both = trained;
  both["modelspec.prediction_type"] = "epsilon";
  EXPECT_EQ(evidence(both).prediction, PredictionType::Epsilon);
  const PredictionEvidence denied = evidence({{"ss_v_parameterization", "False"}, {"ss_zero_terminal_snr", "False"}});
  EXPECT_EQ(denied.source, PredictionSource::Family);
  EXPECT_FALSE(denied.zeroTerminalSnr);
}

}  // namespace
}  // namespace studio::engine
