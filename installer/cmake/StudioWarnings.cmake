# StudioWarnings: the one interface target every target of ours links privately.
# Conversion warnings are left out: size_t against int64_t and qsizetype would bury the rest.

add_library(StudioWarnings INTERFACE)
target_compile_options(StudioWarnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
  -Wundef -Wvla -Wimplicit-fallthrough -Wextra-semi -Wunused
  # Aggregates with defaults are filled by designated initialisers; leaving fields out is the point.
  -Wno-missing-field-initializers
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op>
  $<$<BOOL:${STUDIO_WERROR}>:-Werror>
  # GCC 12's optimiser sees these inside its own string and vector code: warnings, never errors.
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${STUDIO_WERROR}>>:-Wno-error=array-bounds;-Wno-error=restrict;-Wno-error=stringop-overflow;-Wno-error=stringop-overread;-Wno-error=maybe-uninitialized>")
