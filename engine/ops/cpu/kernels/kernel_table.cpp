#include "engine/ops/cpu/kernels/kernel_table.h"

#include <cstdlib>
#include <string_view>

namespace studio::engine::ops::cpu {
namespace {

const KernelTable& best() {
  const KernelTables tables = runnableKernels();
  const char* wanted = std::getenv("STUDIO_CPU_KERNELS");
  if (wanted == nullptr) return *tables.table[tables.count - 1];
  const std::string_view name(wanted);
  const int limit = name == "portable" ? 1 : name == "avx2" ? 2 : 3;
  return *tables.table[(limit < tables.count ? limit : tables.count) - 1];
}

}  // namespace

KernelTables runnableKernels() {
  KernelTables tables{{&portableKernels(), nullptr, nullptr}, 1};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) tables.table[tables.count++] = &avx2Kernels();
  if (tables.count == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    tables.table[tables.count++] = &avx512Kernels();
  }
#endif
  return tables;
}

const KernelTable& kernels() {
  static const KernelTable& table = best();
  return table;
}

}  // namespace studio::engine::ops::cpu
