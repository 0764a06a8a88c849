#include "engine/device/nvidia_management.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(NvidiaManagement, findsNothingWrongWithANewDriverAndCardInABuildWithAGpuBackEnd) {
  EXPECT_EQ(nvidiaObstacle(580, 75, true), "");
  EXPECT_EQ(nvidiaObstacle(595, 120, true), "");
}

TEST(NvidiaManagement, namesTheCardBeforeTheDriverAndTheDriverBeforeTheBuild) {
  EXPECT_NE(nvidiaObstacle(470, 61, false).find("compute capability 6.1"), std::string::npos);
  EXPECT_NE(nvidiaObstacle(579, 86, false).find("driver 579"), std::string::npos);
  EXPECT_NE(nvidiaObstacle(580, 86, false).find("--backend cuda"), std::string::npos);
}

}  // namespace
}  // namespace studio::engine
