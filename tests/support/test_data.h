#pragma once

// Files from outside the repository that some tests use: STUDIO_TEST_DATA, or ../shared/data beside
// the repository. Tests run in the repository's root.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace studio::tests {

inline std::filesystem::path testDataFolder() {
  const char* folder = std::getenv("STUDIO_TEST_DATA");
  return folder != nullptr && *folder != '\0' ? folder : "../shared/data";
}

inline std::filesystem::path testData(const std::string& name) { return testDataFolder() / name; }

}  // namespace studio::tests

/// Skips the test, saying why, when the folder of outside files is absent; fails it when the folder
/// is there but the file is not, because then nothing would be proven and nobody would notice.
#define STUDIO_NEED_TEST_DATA(name)                                                      \
  do {                                                                                   \
    if (!std::filesystem::is_directory(studio::tests::testDataFolder()))                 \
      GTEST_SKIP() << "no folder of outside files: " << studio::tests::testDataFolder(); \
    ASSERT_TRUE(std::filesystem::exists(studio::tests::testData(name)))                  \
        << studio::tests::testData(name) << " is missing although its folder is there";  \
  } while (false)
