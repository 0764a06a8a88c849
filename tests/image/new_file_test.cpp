#include "engine/image/new_file.h"

#include "engine/api/engine_error.h"
#include "tests/image/picture_fixture.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace studio::engine {
namespace {

/// No file of this process grows beyond `bytes` while it lives; writing answers with an error as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit lowered{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &lowered);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

EngineError failureOf(const std::filesystem::path& path, ByteSpan bytes) {
  try {
    writeNewFile(path, bytes);
  } catch (const EngineException& failure) {
    return failure.error();
  }
  ADD_FAILURE() << "written all the same: " << path;
  return {};
}

TEST(NewFile, writesTheBytesAndLeavesNothingElseBehind) {
  const TemporaryFolder folder;
  EXPECT_EQ(writeNewFile(folder / "a.png", bytesOf("pixels")), folder / "a.png");
  EXPECT_EQ(fileBytes(folder / "a.png"), bytesOf("pixels"));
  EXPECT_EQ(folder.files(), 1U);
}

TEST(NewFile, neverReplacesAFileButTakesTheNextFreeName) {
  const TemporaryFolder folder;
  writeBytes(folder / "a.b.png", bytesOf("old"));
  EXPECT_EQ(writeNewFile(folder / "a.b.png", bytesOf("new")), folder / "a.b-1.png");
  EXPECT_EQ(writeNewFile(folder / "a.b.png", bytesOf("newer")), folder / "a.b-2.png");
  EXPECT_EQ(fileBytes(folder / "a.b.png"), bytesOf("old"));
  EXPECT_EQ(fileBytes(folder / "a.b-2.png"), bytesOf("newer"));
  EXPECT_EQ(folder.files(), 3U);
}

TEST(NewFile, doesNotWriteThroughALinkThatPointsNowhere) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(folder / "elsewhere", folder / "a.png");
  EXPECT_EQ(writeNewFile(folder / "a.png", bytesOf("new")), folder / "a-1.png");
  EXPECT_FALSE(std::filesystem::exists(folder / "elsewhere"));
}

TEST(NewFile, givesEveryWriterANameOfItsOwn) {
  const TemporaryFolder folder;
  std::vector<std::jthread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&folder] {
      for (int round = 0; round < 10; ++round) writeNewFile(folder / "a.png", bytesOf("x"));
    });
  }
  writers.clear();
  EXPECT_EQ(folder.files(), 80U);
}

TEST(NewFile, leavesOnlyWholeFilesWhenTheProcessIsKilled) {
  const TemporaryFolder folder;
  const int nameless = ::open(folder.path().c_str(), O_TMPFILE | O_WRONLY, 0600);
  if (nameless < 0) GTEST_SKIP() << "the file system knows no files without names";
  ::close(nameless);
  constexpr std::size_t kBytes = 400'000;
  for (int round = 0; round < 10; ++round) {
    const pid_t child = ::fork();
    while (child == 0) writeNewFile(folder / "a.png", ByteVector(kBytes, 1));
    ::usleep(3000 + 1100 * static_cast<unsigned>(round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  ASSERT_GT(folder.files(), 0U);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.file_size(), kBytes) << entry.path();
    EXPECT_EQ(entry.path().extension(), ".png");
  }
}

TEST(NewFile, makesMissingFolders) {
  const TemporaryFolder folder;
  EXPECT_EQ(writeNewFile(folder / "2026/11/a.png", bytesOf("x")), folder / "2026/11/a.png");
}

TEST(NewFile, saysWhenTheFileCannotGrowAndRemovesWhatItBegan) {
  const TemporaryFolder folder;
  const FileSizeLimit limit(1000);
  const EngineError error = failureOf(folder / "a.png", ByteVector(5000, 1));
  EXPECT_EQ(error.kind, ErrorKind::CannotWrite);
  EXPECT_NE(error.message.find(folder.path().string()), std::string::npos) << error.message;
  EXPECT_EQ(folder.files(), 0U);
}

TEST(NewFile, namesAFolderThatCannotBe) {
  const TemporaryFolder folder;
  writeBytes(folder / "file", bytesOf("x"));
  const EngineError error = failureOf(folder / "file/a.png", bytesOf("x"));
  EXPECT_EQ(error.kind, ErrorKind::CannotWrite);
  EXPECT_NE(error.message.find("is not there and cannot be made"), std::string::npos) << error.message;
}

TEST(NewFile, namesAFolderThatMayNotBeWrittenTo) {
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write everywhere";
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "locked");
  chmod((folder / "locked").c_str(), 0555);
  const EngineError error = failureOf(folder / "locked/a.png", bytesOf("x"));
  EXPECT_NE(error.message.find("may not be written to"), std::string::npos) << error.message;
}

TEST(NewFile, doesNotCallAFolderMissingThatTakesNoFiles) {
  if (!std::filesystem::is_directory("/proc")) GTEST_SKIP() << "no /proc on this system";
  const EngineError error = failureOf("/proc/a.png", bytesOf("x"));
  EXPECT_NE(error.message.find("may not be written to"), std::string::npos) << error.message;
}

TEST(NewFile, saysWhenTheNameIsTooLong) {
  const TemporaryFolder folder;
  const EngineError error = failureOf(folder / (std::string(300, 'n') + ".png"), bytesOf("x"));
  EXPECT_NE(error.message.find("too long"), std::string::npos) << error.message;
  EXPECT_EQ(folder.files(), 0U);
}

}  // namespace
}  // namespace studio::engine
