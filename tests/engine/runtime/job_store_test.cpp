#include "engine/runtime/job_store.h"

#include "engine/api/engine_error.h"
#include "engine/runtime/job_record.h"
#include "engine/runtime/replaced_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

class JobStoreTest : public testing::Test {
 protected:
  JobStoreTest() {
    std::string name = (fs::temp_directory_path() / "kiln-jobs-XXXXXX").string();
    state = mkdtemp(name.data());
  }
  ~JobStoreTest() override { fs::remove_all(state); }

  fs::path folderOf(const std::string& id) const { return state / "jobs" / id; }
  void put(const std::string& id, const char* name, const std::string& bytes) const {
    fs::create_directories(folderOf(id));
    std::ofstream(folderOf(id) / name, std::ios::binary) << bytes;
  }
  template <class Work>
  static ErrorKind kindThrownBy(Work work) {
    try {
      work();
    } catch (const EngineException& failure) {
      return failure.error().kind;
    }
    ADD_FAILURE() << "nothing was thrown";
    return ErrorKind::Internal;
  }
  /// Runs `work` in a process of its own, which then dies without any goodbye.
  template <class Work>
  void inAProcessThatIsKilled(Work work) const {
    const pid_t child = ::fork();
    if (child == 0) {
      work();
      ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }

  fs::path state;
};

TEST_F(JobStoreTest, keepsWhatAJobIsToldToKeep) {
  const JobStore store(state / "not" / "there" / "yet");
  std::string id;
  {
    JobFolder folder = store.create("the order");
    id = folder.id();
    folder.write(JobFile::Plan, "the plan");
    folder.write(JobFile::Checkpoint, "one");
    folder.write(JobFile::Checkpoint, std::string("two\0three", 9));
    EXPECT_EQ(folder.read(JobFile::Plan), "the plan");
  }
  JobFolder again = store.claim(id);
  EXPECT_EQ(again.read(JobFile::Request), "the order");
  EXPECT_EQ(again.read(JobFile::Checkpoint), std::string("two\0three", 9));
  again.remove();
  EXPECT_TRUE(store.list().empty());
  EXPECT_FALSE(fs::exists(state / "not" / "there" / "yet" / "jobs" / id));
}

TEST_F(JobStoreTest, listsJobsInTheOrderTheyCame) {
  const JobStore store(state);
  constexpr int kJobs = 20;
  std::vector<std::string> ids;
  ids.reserve(kJobs);
  for (int i = 0; i < kJobs; ++i) ids.push_back(store.create(std::to_string(i)).id());
  const auto entries = store.list();
  ASSERT_EQ(entries.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(entries[i].id, ids[i]);
    EXPECT_EQ(entries[i].request, std::to_string(i));
  }
}

TEST_F(JobStoreTest, letsNobodyTakeAJobWhoseOwnerLives) {
  const JobStore store(state);
  auto folder = std::make_unique<JobFolder>(store.create("x"));
  const std::string id = folder->id();
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_TRUE(store.list()[0].owned);
  EXPECT_EQ(kindThrownBy([&] { JobStore(state).claim(id); }), ErrorKind::BadRequest);
  folder.reset();
  EXPECT_FALSE(store.list()[0].owned);
  EXPECT_EQ(store.claim(id).id(), id);
}

TEST_F(JobStoreTest, seesThatAKilledProcessOwnsNothingAnyMore) {
  inAProcessThatIsKilled([this] {
    static JobFolder folder = JobStore(state).create("x");
    folder.begin();
  });
  const auto entries = JobStore(state).list();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_FALSE(entries[0].owned);
  EXPECT_EQ(entries[0].crashes, 1);
  EXPECT_EQ(JobStore(state).claim(entries[0].id).read(JobFile::Request), "x");
}

TEST_F(JobStoreTest, setsAJobAsideThatEndedItsProcessTwice) {
  const JobStore store(state);
  const std::string id = store.create("x").id();
  for (int crash = 0; crash < kMostCrashes; ++crash) {
    EXPECT_FALSE(store.list()[0].setAside());
    JobFolder running = store.claim(id);
    running.begin();
    EXPECT_EQ(store.list()[0].crashes, crash) << "one that runs has not crashed";
  }
  EXPECT_TRUE(store.list()[0].setAside());
}

TEST_F(JobStoreTest, countsNoCrashForAJobThatCameToRest) {
  const JobStore store(state);
  const std::string id = store.create("x").id();
  for (int i = 0; i < 3; ++i) {
    JobFolder running = store.claim(id);
    running.begin();
    running.rest();
  }
  EXPECT_EQ(store.list()[0].crashes, 0);
}

TEST_F(JobStoreTest, leavesTheOldFileWhenANewOneIsTorn) {
  const JobStore store(state);
  const std::string id = store.create("x").id();
  store.claim(id).write(JobFile::Checkpoint, "whole");
  put(id, "checkpoint.part", "hal");  // what a power cut leaves
  EXPECT_EQ(store.claim(id).read(JobFile::Checkpoint), "whole");
  store.claim(id).write(JobFile::Checkpoint, "newer");
  EXPECT_EQ(store.claim(id).read(JobFile::Checkpoint), "newer");
  EXPECT_FALSE(fs::exists(folderOf(id) / "checkpoint.part"));
}

TEST_F(JobStoreTest, saysThatTheDiskIsFullAndKeepsTheOldFile) {
  const JobStore store(state);
  JobFolder folder = store.create("x");
  folder.write(JobFile::Checkpoint, "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};  // a file that may not grow is refused like a full disk
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_EQ(kindThrownBy([&] { folder.write(JobFile::Checkpoint, std::string(100'000, 'x')); }),
            ErrorKind::CannotWrite);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  ::signal(SIGXFSZ, ignored);
  EXPECT_EQ(folder.read(JobFile::Checkpoint), "old");
  EXPECT_FALSE(fs::exists(folderOf(folder.id()) / "checkpoint.part"));
}

TEST_F(JobStoreTest, refusesAPlaceThatCannotBeWrittenTo) {
  std::ofstream(state / "file") << "x";
  EXPECT_EQ(kindThrownBy([&] { JobStore(state / "file").create("x"); }), ErrorKind::CannotWrite);
  EXPECT_TRUE(JobStore(state / "file").list().empty());
}

TEST_F(JobStoreTest, isNotLedAstrayByNames) {
  const JobStore store(state);
  put("real", "request.json", "x");
  fs::create_directories(state / "elsewhere");
  std::ofstream(state / "elsewhere" / "request.json") << "x";
  fs::create_directory_symlink(state / "elsewhere", folderOf("link"));
  for (const char* id : {"", ".", "..", "../elsewhere", "/etc", "real/../real", "REAL", "link", "nothing", "a b"})
    EXPECT_EQ(kindThrownBy([&] { store.claim(id); }), ErrorKind::MissingFile) << id;
  EXPECT_EQ(kindThrownBy([&] { store.claim(std::string(300, 'a')); }), ErrorKind::MissingFile);
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].id, "real");
}

TEST_F(JobStoreTest, readsNothingThatIsNoPlainFileOrTooLarge) {
  const JobStore store(state);
  put("a", "request.json", "x");
  fs::create_symlink("/etc/passwd", folderOf("a") / "plan.json");
  ASSERT_EQ(::mkfifo((folderOf("a") / "checkpoint").c_str(), S_IRWXU), 0);
  EXPECT_EQ(store.claim("a").read(JobFile::Plan), std::nullopt);
  EXPECT_EQ(store.claim("a").read(JobFile::Checkpoint), std::nullopt);
  put("b", "request.json", "");
  fs::resize_file(folderOf("b") / "request.json", 1ULL << 33);  // takes no room on the disk, claims 8 GiB
  fs::create_directories(folderOf("c") / "request.json");
  ASSERT_EQ(store.list().size(), 1U);
  EXPECT_EQ(store.list()[0].checkpointStart, "");
}

TEST_F(JobStoreTest, readsCountersThatMakeNoSenseAsNumbersWithinReason) {
  const JobStore store(state);
  put("a", "request.json", "x");
  for (const auto& [text, crashes] : {std::pair("-5", 0), {"two", 0}, {"", 0}, {"99999999999", 0}, {"3 ", 3}}) {
    put("a", "crashes", text);
    EXPECT_EQ(store.list()[0].crashes, crashes) << text;
  }
}

TEST_F(JobStoreTest, showsOnlyTheBeginningOfACheckpoint) {
  const JobStore store(state);
  JobFolder folder = store.create("x");
  folder.write(JobFile::Checkpoint, "start" + std::string(3 * kCheckpointStart, '.'));
  const std::string start = store.list()[0].checkpointStart;
  EXPECT_EQ(start.size(), kCheckpointStart);
  EXPECT_EQ(start.substr(0, 5), "start");
}

TEST_F(JobStoreTest, sweepsOnlyOldFoldersThatAreNoJobs) {
  const JobStore store(state);
  put("old", "checkpoint", "x");
  put("young", "checkpoint", "x");
  put("job", "request.json", "x");
  for (const char* id : {"old", "job"}) {
    const timespec longAgo[2] = {{1'000'000, 0}, {1'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, folderOf(id).c_str(), longAgo, 0), 0);
  }
  store.sweep();
  EXPECT_FALSE(fs::exists(folderOf("old")));
  EXPECT_TRUE(fs::exists(folderOf("young")));
  EXPECT_TRUE(fs::exists(folderOf("job")));
}

/// A child writes checkpoints as fast as it can and is killed at some moment.
TEST_F(JobStoreTest, neverShowsAHalfWrittenCheckpoint) {
  const JobStore store(state);
  constexpr std::size_t kBytes = 300'000;
  for (int round = 0; round < 20; ++round) {
    const std::string id = store.create("x").id();
    const pid_t child = ::fork();
    if (child == 0) {
      JobFolder folder = store.claim(id);
      for (char c = 'a';; c = c == 'z' ? 'a' : static_cast<char>(c + 1))
        replaceFile(folderOf(id) / "checkpoint", std::string(kBytes, c), Durability::OfProcess);
    }
    ::usleep(2000 + 700 * static_cast<unsigned>(round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto bytes = store.claim(id).read(JobFile::Checkpoint);
    if (!bytes) continue;
    ASSERT_EQ(bytes->size(), kBytes);
    EXPECT_EQ(std::set<char>(bytes->begin(), bytes->end()).size(), 1U);
  }
}

class JobRecordTest : public JobStoreTest {
 protected:
  WriterThread writer;
};

TEST_F(JobRecordTest, leavesAJobThatNobodyEnded) {
  {
    JobRecord record(writer, JobStore(state), "x");
    record.begin();
    record.keepPlan("plan");
    record.keepCheckpoint([] { return std::string("one"); });
    record.keepCheckpoint([] { return std::string("two"); });
    record.flush();
    EXPECT_TRUE(JobStore(state).list().at(0).owned);
  }
  writer.flush();
  const JobEntry entry = JobStore(state).list().at(0);
  EXPECT_FALSE(entry.owned);
  EXPECT_EQ(entry.crashes, 1);
  EXPECT_EQ(entry.checkpointStart, "two");
}

TEST_F(JobRecordTest, endsAsItIsTold) {
  for (const auto& [how, jobs, crashes] :
       {std::tuple(JobEnd::Done, 0U, 0), {JobEnd::Rested, 1U, 0}, {JobEnd::Failed, 1U, 1}}) {
    JobRecord record(writer, JobStore(state), "x");
    record.begin();
    record.keepCheckpoint([] { return std::string("x"); });
    record.end(how);
    record.flush();
    const auto entries = JobStore(state).list();
    ASSERT_EQ(entries.size(), jobs);
    if (entries.empty()) continue;
    EXPECT_FALSE(entries[0].owned);
    EXPECT_EQ(entries[0].crashes, crashes);
    EXPECT_EQ(entries[0].checkpointStart, "x");
    JobStore(state).claim(entries[0].id).remove();
  }
}

TEST_F(JobRecordTest, goesOnWithAJobThatWasClaimed) {
  const std::string id = JobStore(state).create("x").id();
  JobRecord record(writer, JobStore(state).claim(id));
  record.keepRequest("y");
  record.keepCheckpoint([] { return std::string("z"); });
  record.flush();
  EXPECT_EQ(JobStore(state).list().at(0).request, "y");
  EXPECT_EQ(JobStore(state).list().at(0).checkpointStart, "z");
}

TEST_F(JobRecordTest, tellsOfAFailedWriteOnceAndGoesOn) {
  std::ofstream(state / "file") << "x";
  JobRecord record(writer, JobStore(state / "file"), "x");
  record.begin();
  record.keepCheckpoint([] { return std::string("one"); });
  record.end(JobEnd::Done);
  record.flush();
  const auto problem = record.takeProblem();
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->kind, ErrorKind::CannotWrite);
  EXPECT_FALSE(record.takeProblem());
}

}  // namespace
}  // namespace studio::engine
