#pragma once

#include "engine/api/generator.h"

#include <vector>

namespace studio::ui::test {

/// A Generator that does what the test says, when the test says it. No thread: events pushed here reach the window
/// when the test's event loop runs.
class FakeGenerator : public engine::Generator {
 public:
  struct Submitted {
    engine::JobId id;
    engine::GenerationRequest request;
    engine::OutputOptions output;
  };

  engine::JobId submit(const engine::GenerationRequest& request, const engine::OutputOptions& output) override;
  engine::JobId submitFirst(const engine::GenerationRequest& request, const engine::OutputOptions& output) override {
    ++submittedFirst;
    return submit(request, output);
  }
  void pause(engine::JobId job) override { paused.push_back(job); }
  void answer(engine::JobId, bool yes) override { answers.push_back(yes); }
  using Generator::resume;
  engine::JobId resume(const std::string& unfinished, const engine::OptionsPatch& changes) override {
    resumed.push_back(unfinished);
    changesOfResumed.push_back(changes);
    return submit({}, {});
  }
  engine::JobId keepPartial(const std::string& unfinished, const engine::OptionsPatch& changes) override {
    keptPartial.push_back(unfinished);
    changesOfResumed.push_back(changes);
    return submit({}, {});
  }
  engine::JobId decode(const std::filesystem::path&, const engine::GenerationRequest& request,
                       const engine::OutputOptions& output) override {
    return submit(request, output);
  }
  void cancel(engine::JobId job) override { cancelled.push_back(job); }
  void setOptions(const engine::EngineOptions& newOptions) override { options.push_back(newOptions); }
  engine::EventQueue& events() override { return queue_; }

  /// The newest job.
  const Submitted& last() const { return submitted.back(); }

  void start(engine::JobId job);
  /// Instead of start(): the job was begun before.
  void goOn(engine::JobId job, const engine::StepPlace& from, int earlier = 0);
  void phase(engine::JobId job, engine::Phase phase);
  void denoiseFrom(engine::JobId job, const engine::StepPlace& from);
  void step(engine::JobId job, int step, int of, double seconds = 0.5, int batch = 0);
  void preview(engine::JobId job, int step, const std::vector<engine::Image>& images);
  void picture(engine::JobId job, int index, std::uint64_t seed, const std::filesystem::path& path,
               const engine::Image& image);
  void finish(engine::JobId job, int images, double seconds = 4.0);
  void fail(engine::JobId job, engine::EngineError error);
  void confirmCancel(engine::JobId job);

  std::vector<Submitted> submitted;
  std::vector<engine::JobId> cancelled;
  std::vector<std::string> resumed;
  std::vector<std::string> keptPartial;
  std::vector<engine::JobId> paused;
  std::vector<bool> answers;
  int submittedFirst = 0;
  std::vector<engine::OptionsPatch> changesOfResumed;
  std::vector<engine::EngineOptions> options;

 private:
  engine::EventQueue queue_;
};

/// A picture of one colour per corner, so that a turned or shifted copy is noticed.
engine::Image testPicture(int width, int height, int variant = 0);

}  // namespace studio::ui::test
