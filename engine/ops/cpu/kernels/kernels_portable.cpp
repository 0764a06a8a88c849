// Compiled for the build's base instruction set: vectors of four floats that every processor has or imitates.
#define STUDIO_LANES 4
#define STUDIO_TALL_ROWS 6
#define STUDIO_TABLE portableKernels
#define STUDIO_TABLE_NAME "portable"
#include "engine/ops/cpu/kernels/kernels.inl"
