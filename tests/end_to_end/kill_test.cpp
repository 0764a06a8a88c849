#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

/// The real program is killed without warning, at step borders and at any moment, and goes on with `studio resume`.
/// STUDIO_KILLS says how often at any moment (default 6).
namespace studio::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Arguments = std::vector<std::string>;

constexpr int kSteps = 5;
constexpr int kUsualKills = 6;
constexpr int kOutputClosed = 127;

/// The studio as a process of its own, whose standard output is read line by line.
class StudioProcess {
 public:
  explicit StudioProcess(const Arguments& arguments) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      std::vector<char*> words{const_cast<char*>(STUDIO_PROGRAM)};
      for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
      words.push_back(nullptr);
      ::execv(STUDIO_PROGRAM, words.data());
      ::_exit(kOutputClosed);
    }
    ::close(ends[1]);
    output_ = ::fdopen(ends[0], "r");
  }
  ~StudioProcess() {
    kill();
    ::fclose(output_);
  }
  StudioProcess(const StudioProcess&) = delete;
  StudioProcess& operator=(const StudioProcess&) = delete;

  /// The next line of JSON; nothing at the end.
  std::optional<Json> line() {
    std::string text;
    for (int c = ::fgetc(output_); c != EOF; c = ::fgetc(output_)) {
      if (c == '\n') return Json::parse(text);
      text += static_cast<char>(c);
    }
    return std::nullopt;
  }
  void kill() {
    if (child_ > 0) ::kill(child_, SIGKILL);
    wait();
  }
  int wait() {
    if (child_ <= 0) return status_;
    ::waitpid(child_, &status_, 0);
    child_ = -1;
    return status_;
  }
  bool endedWell() { return WIFEXITED(wait()) && WEXITSTATUS(status_) == 0; }

 private:
  pid_t child_ = -1;
  FILE* output_ = nullptr;
  int status_ = 0;
};

std::map<std::string, std::string> contentsOf(const fs::path& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
  }
  return files;
}

class KillTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = (fs::temp_directory_path() / "kiln-kill-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    ::setenv("HOME", folder_.c_str(), 1);
    for (const char* home : {"XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
      ::setenv(home, (folder_ / home).c_str(), 1);
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1);
    if (!fs::exists("resources/starter/starter.safetensors")) return;
    const auto start = std::chrono::steady_clock::now();
    StudioProcess whole(generate());
    while (whole.line()) {
    }
    ASSERT_TRUE(whole.endedWell());
    wholeSeconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    whole_ = takeOutput();
    ASSERT_EQ(whole_.size(), 3U);
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }
  void SetUp() override {
    if (whole_.empty()) GTEST_SKIP() << "no starter model in resources/starter";
  }

  static fs::path out() { return folder_ / "out"; }
  /// Three pictures in three batches, by a sampler with history and noise of its own.
  static Arguments generate() {
    return {"generate",
            "--prompt",
            "a red apple",
            "--seed",
            "7",
            "--steps",
            std::to_string(kSteps),
            "--width",
            "64",
            "--height",
            "64",
            "--sampler",
            "dpmpp_3m_sde",
            "--batch-count",
            "3",
            "--precision",
            "fp32",
            "--threads",
            "1",
            "--out",
            (out() / "{index}-{seed}.png").string(),
            "--json"};
  }
  static std::map<std::string, std::string> takeOutput() {
    auto files = contentsOf(out());
    fs::remove_all(out());
    return files;
  }
  static Json jobs() {
    StudioProcess studio({"jobs", "--json"});
    const auto line = studio.line();
    return line ? line->at("jobs") : Json("no answer");
  }
  /// Goes on with the one job there is; its last event.
  static Json resume() {
    StudioProcess studio({"resume", "--last", "--json"});
    Json last;
    while (auto line = studio.line()) last = std::move(*line);
    EXPECT_TRUE(studio.endedWell()) << last;
    return last;
  }
  static void expectTheWholeOutput(const std::string& when) {
    const auto files = takeOutput();
    EXPECT_EQ(files.size(), whole_.size()) << when;
    for (const auto& [name, bytes] : whole_) {
      ASSERT_TRUE(files.contains(name)) << name << " " << when;
      EXPECT_TRUE(files.at(name) == bytes) << name << " " << when;
    }
    EXPECT_EQ(jobs(), Json::array()) << when;
  }

  static fs::path folder_;
  static std::map<std::string, std::string> whole_;  ///< what a run makes that nobody disturbs
  static double wholeSeconds_;
};

fs::path KillTest::folder_;
std::map<std::string, std::string> KillTest::whole_;
double KillTest::wholeSeconds_ = 0;

TEST_F(KillTest, goesOnFromStepBordersWithTheSameFiles) {
  int furthest = 0;
  for (const auto& [batch, step] : {std::pair(0, 1), {0, 3}, {1, 2}, {1, kSteps}, {2, 4}}) {
    const std::string when = "killed at " + std::to_string(batch) + "." + std::to_string(step);
    {
      StudioProcess studio(generate());
      while (const auto line = studio.line()) {
        if (line->at("event") == "step" && line->at("batch") == batch && line->at("step") == step) break;
      }
    }
    const Json left = jobs();
    ASSERT_EQ(left.size(), 1U) << when;
    EXPECT_EQ(left[0]["prompt"], "a red apple");
    EXPECT_EQ(left[0]["running"], false);
    EXPECT_EQ(left[0]["crashes"], 1);
    EXPECT_EQ(left[0]["set_aside"], false);
    const Json finished = resume();
    EXPECT_EQ(finished["event"], "finished") << when;
    furthest = std::max(furthest, finished["resumed_from_step"].get<int>());
    expectTheWholeOutput(when);
  }
  EXPECT_GT(furthest, 0) << "every job began from its start";
}

TEST_F(KillTest, losesNothingWhenItIsKilledAtAnyMoment) {
  const char* wanted = std::getenv("STUDIO_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : kUsualKills;
  std::mt19937 random(20261121);
  std::uniform_real_distribution<double> moment(0, wholeSeconds_ * 1.05);
  int resumed = 0;
  for (int i = 0; i < kills; ++i) {
    const double seconds = moment(random);
    const std::string when = "killed after " + std::to_string(seconds) + " s";
    bool hadBegun = false;
    {
      StudioProcess studio(generate());
      ::usleep(static_cast<useconds_t>(seconds * 1e6));
      studio.kill();
      hadBegun = studio.line().has_value();
    }
    const Json left = jobs();
    ASSERT_LE(left.size(), 1U) << when;
    if (left.empty() && !hadBegun) {  // too early: there was no job yet
      EXPECT_TRUE(takeOutput().empty()) << when;
      continue;
    }
    if (left.size() == 1) resume(), ++resumed;
    expectTheWholeOutput(when);
  }
  EXPECT_TRUE(resumed > 0 || kills < kUsualKills);
}

TEST_F(KillTest, setsAJobAsideThatDiesAgainAndAgainButGoesOnWhenAsked) {
  const auto killAtFirstStep = [](const Arguments& arguments) {
    StudioProcess studio(arguments);
    while (const auto line = studio.line()) {
      if (line->at("event") == "step") break;
    }
  };
  killAtFirstStep(generate());
  killAtFirstStep({"resume", "--last", "--json"});
  EXPECT_EQ(jobs().at(0)["set_aside"], true);
  EXPECT_EQ(resume()["event"], "finished");
  expectTheWholeOutput("killed twice");
}

}  // namespace
}  // namespace studio::app
