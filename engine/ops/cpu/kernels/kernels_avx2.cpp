// Compiled with -mavx2 -mfma: 16 registers of 8 floats.
#define STUDIO_LANES 8
#define STUDIO_TALL_ROWS 6
#define STUDIO_TABLE avx2Kernels
#define STUDIO_TABLE_NAME "AVX2"
#include "engine/ops/cpu/kernels/kernels.inl"
