#pragma once

#include <string>
#include <vector>

namespace studio::engine {

/// What computes pictures in this build of the program.
enum class BackEnd { Cpu, Cuda, Rocm };

/// Which one was linked.
BackEnd builtBackEnd();

/// What the program's build for CUDA asks of a machine, whether it is this build or not.
struct CudaNeeds {
  int driver = 580;                                         ///< the oldest driver's main version
  int cuda = 13000;                                         ///< 1000 times the major version, 10 times the minor one
  std::vector<int> capabilities{75, 80, 86, 90, 100, 120};  ///< compiled for; ten times the compute capability
};

/// And the one for ROCm, which the person brings: the targets that AMD's wheels of libtorch 2.11 are made for.
struct RocmNeeds {
  std::vector<std::string> targets{"gfx900",  "gfx906",  "gfx908",  "gfx90a",  "gfx942",  "gfx950",  "gfx1030",
                                   "gfx1100", "gfx1101", "gfx1102", "gfx1150", "gfx1151", "gfx1200", "gfx1201"};
};

}  // namespace studio::engine
