#pragma once

#include "engine/pipeline/job_checkpoint.h"
#include "engine/runtime/job_store.h"
#include "tests/engine/pipeline/pipeline_fixture.h"

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <thread>

namespace studio::engine {

inline std::string bytesOfFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Every file below a folder with what is in it.
inline std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[std::filesystem::relative(entry.path(), folder).string()] = bytesOfFile(entry.path());
  }
  return files;
}

class ResumeTest : public PipelineTest {
 protected:
  ResumeTest() { std::filesystem::create_directories(out()); }

  std::filesystem::path root() const { return folder_ / "root"; }
  std::filesystem::path out() const { return root() / "out"; }
  std::filesystem::path state() const { return root() / "state"; }

  EngineOptions options() const {
    EngineOptions options;
    options.precision = Precision::Float32;
    options.threads = 1;
    options.preview = PreviewMode::Off;
    options.stateFolder = state();
    return options;
  }
  void restart() { restart(options()); }
  void restart(const EngineOptions& options) {
    generator_.reset();
    generator_ = makeGenerator(options, {});
  }
  JobId begin(const GenerationRequest& request) {
    return generator_->submit(request, {(out() / "{index}-{seed}.png").string(), 92, keepLatents});
  }
  std::vector<UnfinishedJob> jobs() const { return makeUnfinishedJobs(state())->list(); }
  std::string onlyJob() const {
    const auto all = jobs();
    return all.size() == 1 ? all.front().id : "there is not one job";
  }

  /// As the disk looks now, kept aside.
  void takeSnapshot(const std::string& name) {
    std::filesystem::copy(root(), folder_ / name, std::filesystem::copy_options::recursive);
  }
  void goBackTo(const std::string& name) {
    generator_.reset();
    std::filesystem::remove_all(root());
    std::filesystem::copy(folder_ / name, root(), std::filesystem::copy_options::recursive);
    // A copy is a later file, as if the job had begun after its pictures.
    for (const auto& entry : std::filesystem::directory_iterator(out()))
      std::filesystem::last_write_time(entry, std::filesystem::file_time_type::clock::now());
  }

  /// Runs a job and sees every event on the engine's thread, which waits until it is looked at: what is on disk then
  /// is what a kill at this very moment would leave.
  std::vector<EngineEvent> runWatched(const GenerationRequest& request,
                                      const std::function<void(const EngineEvent&)>& look) {
    std::vector<EngineEvent> all;
    std::atomic<bool> over = false;
    EventQueue& events = generator_->events();
    events.setWake([&] {
      for (EngineEvent& event : events.drain()) {
        look(event);
        all.push_back(event);
        if (isOutcome(event)) over = true, over.notify_one();
      }
    });
    begin(request);
    over.wait(false);
    generator_.reset();
    return all;
  }

  /// Waits until the writer has come as far as the engine.
  void waitForCheckpoint(const std::function<bool(const JobCheckpoint&)>& isReached) const {
    for (int i = 0; i < 10'000; ++i) {
      const auto entries = JobStore(state()).list();
      const auto found = entries.empty() ? std::nullopt : checkpointSummary(entries.front().checkpointStart);
      if (found && isReached(*found)) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ADD_FAILURE() << "no such checkpoint";
  }
  void waitForStep(int batch, int step) const {
    waitForCheckpoint([=](const JobCheckpoint& now) { return now.batch == batch && now.step == step; });
  }
  void waitForPictures(int done) const {
    waitForCheckpoint([=](const JobCheckpoint& now) { return now.picturesDone == done; });
  }

  /// Makes the pictures with a snapshot "border" of the disk behind step 3 of the first batch; answers with the files.
  auto makeWithSnapshotAtStep3(const GenerationRequest& request = appleRequest()) {
    events_ = runWatched(request, [&](const EngineEvent& event) {
      const auto* step = std::get_if<StepFinished>(&event);
      if (step == nullptr || step->step != 3 || step->batch > 0) return;
      waitForStep(0, 3);
      takeSnapshot("border");
    });
    return contentsOf(out());
  }
  std::vector<EngineEvent> events_;

  bool keepLatents = false;
};

}  // namespace studio::engine
