# Our own import of libtorch 2.11 from the PyPI wheel.
#
#   studio_torch                     headers, definitions and libraries (link only)
#   studio_torch_target(<target> [PRIVATE])   for every target whose sources see torch headers
#   studio_backend_source(<target> <source>...)   the few sources that may know STUDIO_BACKEND
#
# The wheel's own package file would ask for a CUDA toolkit and for Python; neither is needed here.

if(STUDIO_PARTS STREQUAL "torch_free")
  return()
endif()

set(_torch_lib "${STUDIO_TORCH_ROOT}/lib")
set(_torch_version_header "${STUDIO_TORCH_ROOT}/include/torch/headeronly/version.h")
if(NOT EXISTS "${_torch_version_header}")
  message(FATAL_ERROR "No libtorch in ${STUDIO_TORCH_ROOT}. Run ./installer/setup.sh first, "
    "or name another folder with -DSTUDIO_TORCH_ROOT=.")
endif()
file(STRINGS "${_torch_version_header}" _torch_version_lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR) ")
if(NOT "${_torch_version_lines}" MATCHES "MAJOR 2;.*MINOR 11")
  message(FATAL_ERROR "${STUDIO_TORCH_ROOT} is not libtorch 2.11: ${_torch_version_lines}")
endif()

# Looked for at every configure, so that another STUDIO_TORCH_ROOT never meets a cached path.
function(_studio_torch_library name file)
  if(NOT EXISTS "${_torch_lib}/${file}")
    message(FATAL_ERROR "${_torch_lib}/${file} is missing. "
      "./installer/setup.sh --backend ${STUDIO_BACKEND} fetches it.")
  endif()
  add_library(studio_torch_${name} SHARED IMPORTED GLOBAL)
  set_target_properties(studio_torch_${name} PROPERTIES IMPORTED_LOCATION "${_torch_lib}/${file}")
endfunction()

set(_torch_libraries_cpu torch_cpu c10)
set(_torch_libraries_cuda torch_cuda c10_cuda ${_torch_libraries_cpu})
set(_torch_libraries_rocm torch_hip c10_hip ${_torch_libraries_cpu})
foreach(library IN LISTS _torch_libraries_${STUDIO_BACKEND})
  _studio_torch_library(${library} lib${library}.so)
  list(APPEND _torch_targets studio_torch_${library})
endforeach()

# One OpenMP runtime in the process: the wheel's. -fopenmp is given to the compiler only, never to
# the linker, which would take the system's libgomp.
_studio_torch_library(gomp libgomp.so.1)

file(GLOB _nvidia_libs LIST_DIRECTORIES TRUE
  "${STUDIO_TORCH_ROOT}/../nvidia/*/lib" "/usr/local/cuda/lib64")
set(_rpath_links "LINKER:-rpath-link,${_torch_lib}")
foreach(folder IN LISTS _nvidia_libs)
  list(APPEND _rpath_links "LINKER:-rpath-link,${folder}")
endforeach()

add_library(studio_torch INTERFACE)
target_include_directories(studio_torch SYSTEM INTERFACE
  "${STUDIO_TORCH_ROOT}/include" "${STUDIO_TORCH_ROOT}/include/torch/csrc/api/include")
target_compile_definitions(studio_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1 AT_PER_OPERATOR_HEADERS)
target_compile_options(studio_torch INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fopenmp>)
# DT_RPATH (not RUNPATH) also decides where the libraries' own dependencies, libgomp among them,
# come from. The back end registers itself when loaded: nothing refers to it, so keep it by force.
target_link_options(studio_torch INTERFACE
  "LINKER:--disable-new-dtags" "LINKER:--allow-shlib-undefined" ${_rpath_links})
target_link_libraries(studio_torch INTERFACE
  studio_torch_gomp "-Wl,--push-state,--no-as-needed" ${_torch_targets} "-Wl,--pop-state")

# Gives a target torch, in batches of eight sources: one look at torch's headers costs nine seconds.
# PRIVATE when no header of the target shows torch: who links it then never sees torch's headers
# (which carry an fmt of their own that must not meet Debian's).
function(studio_torch_target target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PRIVATE" "" "")
  if(arg_PRIVATE)
    target_link_libraries(${target} PRIVATE studio_torch)
  else()
    target_link_libraries(${target} PUBLIC studio_torch)
  endif()
  set_target_properties(${target} PROPERTIES
    UNITY_BUILD ${STUDIO_UNITY} UNITY_BUILD_MODE BATCH UNITY_BUILD_BATCH_SIZE 8)
endfunction()

# Tells single sources which back end this build is for: STUDIO_BACKEND_CPU, _CUDA or _ROCM is 1.
# They are compiled alone, and with the CUDA or HIP headers in reach; ccache serves all others.
function(studio_backend_source target)
  string(TOUPPER "${STUDIO_BACKEND}" _backend)
  set_property(SOURCE ${ARGN} TARGET_DIRECTORY ${target} APPEND PROPERTY
    COMPILE_DEFINITIONS "STUDIO_BACKEND_${_backend}=1" "STUDIO_BACKEND_NAME=\"${STUDIO_BACKEND}\"")
  set_property(SOURCE ${ARGN} TARGET_DIRECTORY ${target} PROPERTY SKIP_UNITY_BUILD_INCLUSION ON)
  if(STUDIO_BACKEND STREQUAL "cuda")
    find_path(STUDIO_CUDA_INCLUDE cuda_runtime_api.h REQUIRED
      PATHS "${STUDIO_TORCH_ROOT}/../nvidia/cu13/include" /usr/local/cuda/include NO_DEFAULT_PATH)
    set_property(SOURCE ${ARGN} TARGET_DIRECTORY ${target} APPEND PROPERTY
      COMPILE_OPTIONS "-isystem${STUDIO_CUDA_INCLUDE}")
  endif()
endfunction()
