// Compiled with -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma: 32 registers of 16 floats.
#define STUDIO_LANES 16
#define STUDIO_TALL_ROWS 14
#define STUDIO_TABLE avx512Kernels
#define STUDIO_TABLE_NAME "AVX-512"
#include "engine/ops/cpu/kernels/kernels.inl"
