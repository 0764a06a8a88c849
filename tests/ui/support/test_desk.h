#pragma once

#include "settings/app_settings.h"
#include "tests/ui/support/fake_generator.h"
#include "tests/ui/support/fakes.h"
#include "ui/main_window/workspace.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>

namespace studio::ui::test {

/// A whole workspace over fakes, in a folder of its own: a model "kiln.safetensors" and two LoRAs, "ink" and "glow";
/// the draft names the model, and the first scan is done.
class TestDesk {
 public:
  TestDesk();

  std::filesystem::path folder() const { return std::filesystem::path(dir_.path().toStdString()); }
  std::filesystem::path model() const { return folder() / "models" / "kiln.safetensors"; }
  std::filesystem::path lora(const std::string& name) const { return folder() / "models" / (name + ".safetensors"); }
  std::filesystem::path addFile(const std::string& name, engine::FileInfo info);
  /// Three jobs with 5, 6 and 7 steps: the first is stopped, the second fails, the third waits.
  void failSecondOfThree(const engine::EngineError& error);
  /// Waits until the library has answered everything it was asked.
  void waitForScan();

 private:
  QTemporaryDir dir_;

 public:
  settings::AppSettings settings;
  FakeGenerator generator;
  FakeInspector inspector;
  FakeTokenCounter tokenCounter;
  FakePromptLinter promptLinter;
  FakeDeviceCatalog devices;
  FakeEstimator estimator;
  FakeUnfinishedJobs unfinishedJobs;
  std::unique_ptr<Workspace> workspace;
};

engine::ModelInfo modelInfo(const std::string& name);
engine::LoraInfo loraInfo(const std::string& name);

}  // namespace studio::ui::test
