// What people's files cost: changing a LoRA's weight beside one guided step at SD 1.5's size (512x512, both in one run,
// interleaved), and looking through folders of a thousand files.
//   files_bench [--repeat N] [--files N] [--only lora|index]

#include "engine/adapters/embedding_file.h"
#include "engine/api/engine_factory.h"
#include "engine/api/model_catalog.h"
#include "engine/diffusion/unet.h"
#include "engine/pipeline/conditioned_network.h"
#include "engine/pipeline/effective_model.h"
#include "engine/pipeline/lora_resolver.h"
#include "engine/weights/file_tensor_source.h"
#include "engine/weights/tensor_file_writer.h"
#include "tests/support/safetensors_writer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>

namespace studio::engine {
namespace {

constexpr std::int64_t kRank = 16;

struct Settings {
  int repeat = 3, files = 1000;
  std::string only;
};

double secondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

at::Tensor randomNumbers(at::IntArrayRef shape) {
  return at::randn(shape, at::detail::createCPUGenerator(1), at::TensorOptions().dtype(at::kFloat));
}

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

Shapes tensorsOf(const WeightTable& table) {
  Shapes shapes;
  for (const WeightEntry& entry : table.entries()) {
    shapes[entry.name + ".weight"] = entry.shape;
    if (entry.bias) shapes[entry.name + ".bias"] = {entry.shape.front()};
  }
  return shapes;
}

FileContents contentsOf(const Shapes& shapes) {
  FileContents contents;
  for (const auto& [name, shape] : shapes)
    contents.header.tensors.emplace(name, TensorInfo{ElementType::F16, shape, 0, 0});
  return contents;
}

/// A file of small random numbers in half precision.
std::filesystem::path writeRandom(const std::filesystem::path& path, const Shapes& shapes) {
  TensorFileWriter writer(path, FileFormat::Safetensors, contentsOf(shapes));
  const at::Tensor numbers = (randomNumbers({1 << 25}) * 0.02).to(at::kHalf);
  for (const auto& [name, info] : writer.tensors()) {
    writer.write(name, {static_cast<const std::byte*>(numbers.const_data_ptr()), info.bytes});
  }
  writer.finish(true);
  return path;
}

/// kohya's names for every linear layer of the transformers.
Shapes loraOf(const WeightTable& table) {
  Shapes shapes;
  for (const WeightEntry& entry : table.entries()) {
    if (entry.name.find("attentions") == std::string::npos || entry.role == WeightRole::Norm) continue;
    const std::string layer = "lora_unet_" + underscored(entry.name);
    const std::int64_t inputs = entry.shape[1];
    const bool convolution = entry.shape.size() == 4;
    shapes[layer + ".lora_down.weight"] =
        convolution ? std::vector<std::int64_t>{kRank, inputs, 1, 1} : std::vector<std::int64_t>{kRank, inputs};
    shapes[layer + ".lora_up.weight"] = convolution ? std::vector<std::int64_t>{entry.shape[0], kRank, 1, 1}
                                                    : std::vector<std::int64_t>{entry.shape[0], kRank};
  }
  return shapes;
}

/// Of those layers only the ones of attention, as many LoRAs have it.
Shapes attentionOnly(const Shapes& all) {
  Shapes shapes;
  for (const auto& [name, shape] : all) {
    if (name.find("_attn") != std::string::npos) shapes[name] = shape;
  }
  return shapes;
}

void measureLora(const Settings& settings, const std::filesystem::path& folder) {
  const UNet module(stableDiffusion15UNet());
  const auto unet = openModel(writeRandom(folder / "unet.safetensors", tensorsOf(module.weights()))).part(Part::UNet);
  Residency residency(module.weights(), unet, ops::ComputeFormat::Float32, at::kCPU);
  residency.placeAll({});
  const UNetConditioning conditioning{ops::place(randomNumbers({2, 77, 768}), residency.format(), at::kCPU), {}, {}};
  const at::Tensor x = ops::place(randomNumbers({2, 4, 64, 64}), residency.format(), at::kCPU);
  const auto step = [&] {
    BlockRunner runner(residency, {});
    module.forward(runner, x, at::full({2}, 500.0, at::kFloat), conditioning);
  };
  step();
  const Shapes all = loraOf(module.weights());
  for (const auto& [name, shapes] : {std::pair("all linear layers", all), std::pair("attention", attentionOnly(all))}) {
    const auto lora = writeRandom(folder / (std::string(name) + ".safetensors"), shapes);
    std::set<std::string> touched;
    double bestStep = 1e9, bestChange = 1e9;
    for (int i = 0; i < settings.repeat; ++i) {
      bestStep = std::min(bestStep, secondsOf(step));
      bestChange = std::min(bestChange, secondsOf([&] {
                              EffectiveModel model({{Part::UNet, unet}}, ModelFamily::StableDiffusion1);
                              model.add({lora, 0.1 * i + 0.5});
                              auto weights = model.weights(Part::UNet);
                              touched = weights->touched();
                              residency.replaceSource(
                                  weights, [&](const std::string& tensor) { return touched.contains(tensor); });
                              residency.placeAll({});
                            }));
    }
    std::printf("LoRA of rank %lld on %s (%zu): change %.2f s, guided step %.2f s, ratio %.2f\n",
                static_cast<long long>(kRank), name, touched.size(), bestChange, bestStep, bestChange / bestStep);
    std::fflush(stdout);
    residency.replaceSource(unet, [&](const std::string& tensor) { return touched.contains(tensor); });
    residency.placeAll({});
  }
}

/// A file of true size with a true header and nothing in it: the disk keeps no zeros.
void writeHollow(const std::filesystem::path& path, const Shapes& shapes) {
  FileContents contents = contentsOf(shapes);
  const std::string header = safetensorsHeaderBytes(contents);
  std::uint64_t end = 0;
  for (const auto& [name, info] : contents.header.tensors) end = std::max<std::uint64_t>(end, info.offset + info.bytes);
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << header;
  std::filesystem::resize_file(path, std::max<std::uint64_t>(end, header.size()));
}

/// A tenth checkpoints, seven tenths LoRAs, the rest textual inversions.
void fillLibrary(const std::filesystem::path& folder, int files) {
  const UNet module(stableDiffusion15UNet());
  const Shapes model = tensorsOf(module.weights()), lora = loraOf(module.weights());
  for (int i = 0; i < files; ++i) {
    const std::string name = "file " + std::to_string(i) + ".safetensors";
    if (i % 10 == 0) {
      writeHollow(folder / "models" / name, model);
    } else if (i % 10 < 8) {
      writeHollow(folder / "loras" / ("group " + std::to_string(i % 7)) / name, lora);
    } else {
      tests::writeBytes(folder / "embeddings" / name,
                        tests::safetensorsBytes({{"emb_params", {"F32", {4, 768}, std::string(12288, '\0')}}}));
    }
  }
}

void measureIndex(const Settings& settings, const std::filesystem::path& folder) {
  fillLibrary(folder, settings.files);
  const auto inspector = makeInspector();
  const auto report = [&](const char* what, const std::function<void()>& work) {
    work();
    double best = 1e9;
    for (int i = 0; i < settings.repeat; ++i) best = std::min(best, secondsOf(work));
    std::printf("%-60s %.3f s\n", what, best);
    std::fflush(stdout);
  };
  std::printf("%d files\n", settings.files);
  TrainersNames trainers;
  report("model library, headers only, warm", [&] { listModels(*inspector, {folder}); });
  report("a LoRA by the name of its file", [&] { loraNamed("file 11", {folder}, trainers); });
  report("a LoRA that is not there", [&] { loraNamed("nobody", {folder}, trainers); });
  report("textual inversions that a folder may hold", [&] { embeddingCandidates({folder}); });
  report("those of them that a model can use", [&] {
    usableEmbeddings(embeddingCandidates({folder}), {{Part::TextEncoder, 768}});
  });
}

Settings settingsFrom(int count, char** words) {
  Settings settings;
  for (int i = 1; i + 1 < count; i += 2) {
    if (std::strcmp(words[i], "--repeat") == 0) settings.repeat = std::atoi(words[i + 1]);
    if (std::strcmp(words[i], "--files") == 0) settings.files = std::atoi(words[i + 1]);
    if (std::strcmp(words[i], "--only") == 0) settings.only = words[i + 1];
  }
  return settings;
}

}  // namespace
}  // namespace studio::engine

int main(int count, char** words) {
  using namespace studio::engine;
  const c10::InferenceMode inference;
  const Settings settings = settingsFrom(count, words);
  const studio::tests::TemporaryFolder folder;
  if (settings.only != "index") measureLora(settings, folder.path());
  if (settings.only != "lora") measureIndex(settings, folder / "library");
  return 0;
}
