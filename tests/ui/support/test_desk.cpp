#include "tests/ui/support/test_desk.h"

#include <QTest>

#include <fstream>

namespace studio::ui::test {

engine::ModelInfo modelInfo(const std::string& name) {
  engine::ModelInfo info;
  info.name = name;
  info.layout = "single file";
  info.family = engine::ModelFamily::StableDiffusion1;
  info.precision = "fp16";
  info.fileBytes = {std::int64_t{2} << 30};
  info.trainedSize = {128, 128};
  info.parts = {{"UNet", true, 860'000'000, "fp16"},
                {"Text encoder", true, 123'000'000, "fp16"},
                {"VAE", true, 84'000'000, "fp16"}};
  return info;
}

engine::LoraInfo loraInfo(const std::string& name) {
  engine::LoraInfo info;
  info.name = name;
  info.kind = "LoRA";
  info.rank = 16;
  info.base = engine::ModelFamily::StableDiffusion1;
  info.usable = true;
  info.triggers = {name + " style"};
  info.fileBytes = {std::int64_t{144} << 20};
  return info;
}

TestDesk::TestDesk() : settings(dir_.filePath(QStringLiteral("settings.json"))) {
  std::filesystem::create_directories(folder() / "models");
  addFile("kiln.safetensors", modelInfo("kiln"));
  addFile("ink.safetensors", loraInfo("ink"));
  addFile("glow.safetensors", loraInfo("glow"));
  settings.modelFolders.set({dir_.filePath(QStringLiteral("models"))});
  settings.outputFolder.set(dir_.filePath(QStringLiteral("pictures")));
  workspace =
      std::make_unique<Workspace>(Collaborators{settings, generator, inspector, tokenCounter, promptLinter, devices,
                                                estimator, unfinishedJobs, QStringLiteral("0.0-test")});
  waitForScan();
  engine::GenerationRequest request;
  request.model = model();
  request.size = {128, 128};
  workspace->draft.reset(request);
}

std::filesystem::path TestDesk::addFile(const std::string& name, engine::FileInfo info) {
  inspector.files[name] = std::move(info);
  const std::filesystem::path path = folder() / "models" / name;
  std::ofstream(path) << "x";
  return path;
}

void TestDesk::failSecondOfThree(const engine::EngineError& error) {
  GenerationSession& session = workspace->session;
  for (const int steps : {5, 6, 7}) {
    workspace->draft.edit([steps](auto& request) { request.steps = steps; });
    session.generate();
  }
  generator.start({1});
  generator.confirmCancel({1});
  generator.start({2});
  generator.fail({2}, error);
  QVERIFY(QTest::qWaitFor([&] { return session.lastError().has_value(); }));
}

void TestDesk::waitForScan() {
  QVERIFY(QTest::qWaitFor([this] { return workspace->library.isScanned() && !workspace->library.isScanning(); }));
}

}  // namespace studio::ui::test
