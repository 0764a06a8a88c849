#include "engine/device/nvidia/nvidia_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

using testing::HasSubstr;

NvidiaSystem withDriver(const std::string& version, int cuda = 0) {
  return {.answer = NvidiaAnswer::Told, .driver = version, .cudaVersion = cuda};
}

NvidiaCard ofCapability(int capability) {
  NvidiaCard card;
  card.capability = capability;
  return card;
}

DeviceObstacle kindFor(int capability, const NvidiaSystem& system, BackEnd built = BackEnd::Cuda) {
  const auto obstacle = obstacleOf(ofCapability(capability), 0, system, built);
  return obstacle ? obstacle->kind : DeviceObstacle::None;
}

TEST(NvidiaDiagnosis, findsNothingWrongWithANewDriverAndCardInABuildForCuda) {
  EXPECT_EQ(kindFor(75, withDriver("580.65.06")), DeviceObstacle::None);
  EXPECT_EQ(kindFor(120, withDriver("595.10")), DeviceObstacle::None);
}

TEST(NvidiaDiagnosis, namesTheCardBeforeTheDriverAndTheDriverBeforeTheBuild) {
  EXPECT_EQ(kindFor(61, withDriver("470.1"), BackEnd::Cpu), DeviceObstacle::CardTooOld);
  EXPECT_EQ(kindFor(86, withDriver("579.99"), BackEnd::Cpu), DeviceObstacle::DriverTooOld);
  EXPECT_EQ(kindFor(86, withDriver("580.1"), BackEnd::Cpu), DeviceObstacle::NoBackEnd);
  EXPECT_EQ(kindFor(86, withDriver("580.1"), BackEnd::Rocm), DeviceObstacle::NoBackEnd);
}

TEST(NvidiaDiagnosis, countsACardAsKnownWhenCodeForItsMainVersionRunsOnIt) {
  const NvidiaSystem system = withDriver("580.65.06");
  EXPECT_EQ(kindFor(89, system), DeviceObstacle::None) << "that for 8.6 does";
  EXPECT_EQ(kindFor(121, system), DeviceObstacle::None);
  EXPECT_EQ(kindFor(70, system), DeviceObstacle::CardTooOld);
  EXPECT_EQ(kindFor(110, system), DeviceObstacle::CardTooNew) << "a main version between two known ones";
  EXPECT_EQ(kindFor(130, system), DeviceObstacle::CardTooNew);
  EXPECT_EQ(kindFor(0, system), DeviceObstacle::None) << "not told";
}

TEST(NvidiaDiagnosis, saysWhichDriverIsThereAndWhichIsNeeded) {
  const auto obstacle = obstacleOf(ofCapability(89), 0, withDriver("551.23", 12040), BackEnd::Cuda);
  ASSERT_TRUE(obstacle);
  EXPECT_EQ(obstacle->reason.text(),
            "Its driver is version 551.23, for CUDA up to 12.4; this libtorch needs driver 580 or newer (CUDA 13.0). "
            "Update the driver.");
}

TEST(NvidiaDiagnosis, judgesADriverWithoutAVersionByWhatItCanRun) {
  EXPECT_EQ(kindFor(89, withDriver("", 12080)), DeviceObstacle::DriverTooOld);
  EXPECT_EQ(kindFor(89, withDriver("", 13000)), DeviceObstacle::None);
  EXPECT_EQ(kindFor(89, withDriver("", 0)), DeviceObstacle::None);
}

TEST(NvidiaDiagnosis, saysWhichNumbersTheBuildKnows) {
  const auto old = obstacleOf(ofCapability(61), 0, withDriver("580.1"), BackEnd::Cuda);
  EXPECT_EQ(old->reason.text(), "Its compute capability is 6.1; this libtorch needs 7.5 or more.");
  const auto young = obstacleOf(ofCapability(130), 0, withDriver("580.1"), BackEnd::Cuda);
  EXPECT_THAT(young->reason.text(), HasSubstr("is 13.0, and this libtorch was compiled for 7.5, 8.0, 8.6, 9.0, 10.0"));
}

TEST(NvidiaDiagnosis, namesTheVariableThatHidesACard) {
  EXPECT_THAT(obstacleOfHiddenCard("2,3").reason.text(), HasSubstr("CUDA_VISIBLE_DEVICES is “2,3”"));
  EXPECT_EQ(obstacleOfHiddenCard({}).kind, DeviceObstacle::Hidden);
}

}  // namespace
}  // namespace studio::engine
