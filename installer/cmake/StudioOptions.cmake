# Everything a person can choose at configure time, and which folders a choice of STUDIO_PARTS brings.

set(STUDIO_BACKEND cpu CACHE STRING "engine back end: cpu, cuda or rocm")
set_property(CACHE STUDIO_BACKEND PROPERTY STRINGS cpu cuda rocm)
set(STUDIO_TORCH_ROOT "${CMAKE_SOURCE_DIR}/.deps/libtorch/torch" CACHE PATH
  "folder with the include/ and lib/ of libtorch 2.11")
set(STUDIO_CLIP_MERGES "${CMAKE_SOURCE_DIR}/.deps/clip/bpe_simple_vocab_16e6.txt.gz" CACHE FILEPATH
  "merges of the CLIP tokenizer, built into the program")
set(STUDIO_PARTS all CACHE STRING
  "all; checked: the engine parts run under address sanitizer (no Qt); torch_free: what needs neither torch nor Qt")
set_property(CACHE STUDIO_PARTS PROPERTY STRINGS all checked torch_free)
set(STUDIO_FOLDERS "" CACHE STRING "only these folders of STUDIO_PARTS, like engine/api;engine/ops; empty means all")
set(STUDIO_SANITIZE "" CACHE STRING "empty, address (with undefined behaviour) or thread")
set_property(CACHE STUDIO_SANITIZE PROPERTY STRINGS "" address thread)
option(STUDIO_FUZZ "build the fuzz targets with libFuzzer (clang) in place of corpus replays" OFF)
option(STUDIO_WERROR "warnings are errors" OFF)
option(STUDIO_UNITY "compile torch-including sources in batches" ON)
option(STUDIO_CCACHE "compile through ccache when it is installed" ON)

foreach(choice IN ITEMS BACKEND PARTS SANITIZE)
  get_property(_allowed CACHE STUDIO_${choice} PROPERTY STRINGS)
  if(NOT "${STUDIO_${choice}}" IN_LIST _allowed)
    message(FATAL_ERROR "STUDIO_${choice}=${STUDIO_${choice}} is not one of: ${_allowed}")
  endif()
endforeach()

set(_studio_folders_torch_free engine/api engine/runtime engine/image engine/text/tokens engine/device)
set(_studio_folders_checked ${_studio_folders_torch_free}
  engine/memory engine/weights engine/ops engine/text engine/adapters engine/sampling)

# True when STUDIO_PARTS includes the folder (a path like engine/text).
function(studio_has_folder folder result)
  set(${result} FALSE PARENT_SCOPE)
  if(STUDIO_FOLDERS AND NOT "${folder}" IN_LIST STUDIO_FOLDERS)
    return()
  endif()
  if(STUDIO_PARTS STREQUAL "all" OR "${folder}" IN_LIST _studio_folders_${STUDIO_PARTS})
    if(EXISTS "${CMAKE_SOURCE_DIR}/${folder}/CMakeLists.txt")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

# Adds a source folder and remembers nothing else: its CMakeLists.txt declares the one target.
function(studio_add_folder folder)
  studio_has_folder(${folder} _wanted)
  if(_wanted)
    add_subdirectory("${CMAKE_SOURCE_DIR}/${folder}" "${CMAKE_BINARY_DIR}/${folder}")
  endif()
endfunction()
