# Debian's libraries, found once for all folders. Imported targets are global because static
# libraries hand their private link dependencies on to the executable.

set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(tomlplusplus 3.3 REQUIRED)

# Debian's OpenImageIO package file also demands its tools and Imath's Python library: import it here.
find_path(STUDIO_OIIO_INCLUDE OpenImageIO/imageio.h REQUIRED)
find_library(STUDIO_OIIO_LIBRARY OpenImageIO REQUIRED)
find_library(STUDIO_OIIO_UTIL_LIBRARY OpenImageIO_Util REQUIRED)
add_library(OpenImageIO::OpenImageIO_Util SHARED IMPORTED GLOBAL)
set_target_properties(OpenImageIO::OpenImageIO_Util PROPERTIES IMPORTED_LOCATION "${STUDIO_OIIO_UTIL_LIBRARY}")
add_library(OpenImageIO::OpenImageIO SHARED IMPORTED GLOBAL)
set_target_properties(OpenImageIO::OpenImageIO PROPERTIES IMPORTED_LOCATION "${STUDIO_OIIO_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${STUDIO_OIIO_INCLUDE}")
target_link_libraries(OpenImageIO::OpenImageIO INTERFACE OpenImageIO::OpenImageIO_Util)

if(STUDIO_PARTS STREQUAL "all")
  find_package(fmt 9 REQUIRED)
  find_package(spdlog 1.10 REQUIRED)
  find_package(CLI11 2.1 REQUIRED)
endif()
