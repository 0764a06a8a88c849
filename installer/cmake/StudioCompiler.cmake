# Language level, build types, sanitizers and ccache.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# Assertions stay on in every build type: tests run in the build that ships.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")

# Includes start at the repository root.
include_directories("${CMAKE_SOURCE_DIR}")
# Folder-independent objects: the same source gives the same object in every clone.
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")

if(STUDIO_SANITIZE STREQUAL "address")
  # vptr checks need type information of classes inside libtorch, which it does not export.
  set(_studio_sanitize -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined)
elseif(STUDIO_SANITIZE STREQUAL "thread")
  set(_studio_sanitize -fsanitize=thread)
endif()
if(_studio_sanitize)
  add_compile_options(${_studio_sanitize} -fno-omit-frame-pointer)
  add_link_options(${_studio_sanitize})
endif()
if(STUDIO_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "STUDIO_FUZZ needs clang: configure with the preset `fuzz`")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

if(STUDIO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(STUDIO_CCACHE_PROGRAM ccache)
  if(STUDIO_CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;${STUDIO_CCACHE_PROGRAM}")
  endif()
endif()
