#include "engine/device/nvidia_management.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

TEST(NvidiaManagement, findsNothingWrongWithANewDriverAndCardInABuildWithAGpuBackEnd) {
  EXPECT_FALSE(nvidiaObstacle(580, 75, true));
  EXPECT_FALSE(nvidiaObstacle(595, 120, true));
}

TEST(NvidiaManagement, namesTheCardBeforeTheDriverAndTheDriverBeforeTheBuild) {
  EXPECT_NE(nvidiaObstacle(470, 61, false)->text().find("compute capability is 6.1"), std::string::npos);
  EXPECT_NE(nvidiaObstacle(579, 86, false)->text().find("version 579"), std::string::npos);
  EXPECT_NE(nvidiaObstacle(580, 86, false)->text().find("--backend cuda"), std::string::npos);
}

}  // namespace
}  // namespace studio::engine
