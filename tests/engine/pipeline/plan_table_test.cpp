#include "engine/diffusion/unet.h"
#include "engine/memory/oom_ladder.h"
#include "engine/pipeline/model_profile.h"
#include "engine/text/clip_text_encoder.h"
#include "engine/vae/autoencoder_kl.h"
#include "engine/weights/random_tensor_source.h"
#include "tests/engine/pipeline/true_sizes.h"
#include "tests/support/safetensors_writer.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>

/// Plans of true-size models for usual cards, against approved ones. Models are headers without data, so that they
/// take no room on disk. STUDIO_APPROVE_PLANS=1 writes the approved file anew.
namespace studio::engine {
namespace {

const std::filesystem::path kApproved = "tests/data/plans/plans.txt";

/// Of a card: what the desktop, the driver's context and libraries' workspaces take (memory.md 1.1).
constexpr std::int64_t kTakenByOthers = (std::int64_t{1} << 30) * 3 / 4;
constexpr std::int64_t kLoraRank = 16;
/// Of a card of the middle on PCIe 4; two operations to a multiplication.
constexpr StreamRates kMiddle{24e9, 11e12, std::int64_t{256} << 20};

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

/// A file whose data is a hole.
void writeHeaderOnly(const std::filesystem::path& path, const Shapes& shapes, const char* type = "F16") {
  nlohmann::json header = nlohmann::json::object();
  std::int64_t end = 0;
  for (const auto& [name, shape] : shapes) {
    std::int64_t bytes = 2;
    for (const std::int64_t side : shape) bytes *= side;
    header[name] = {{"dtype", type}, {"shape", shape}, {"data_offsets", {end, end + bytes}}};
    end += bytes;
  }
  const std::string text = header.dump();
  tests::writeBytes(path, tests::withHeader(text, ""));
  std::filesystem::resize_file(path, 8 + text.size() + static_cast<std::uintmax_t>(end));
}

Shapes shapesOf(const WeightTable& table, const std::string& prefix = {}) {
  const RandomTensorSource source(table, 1);
  Shapes shapes;
  for (const std::string& name : source.names()) shapes[prefix + name] = *source.shapeOf(name);
  return shapes;
}

void writePart(const std::filesystem::path& folder, const char* part, const char* file, const Shapes& shapes) {
  writeHeaderOnly(folder / part / file, shapes);
}

ClipTextConfig openClipBigG() {
  ClipTextConfig config;
  config.width = 1280, config.layers = 32, config.feedForward = 5120, config.heads = 20;
  config.quickGelu = false, config.projection = 1280;
  return config;
}

std::filesystem::path writeModel(const std::filesystem::path& folder, const UNetConfig& unet, bool second) {
  writePart(folder, "unet", "diffusion_pytorch_model.safetensors", shapesOf(UNet(unet).weights()));
  AutoencoderKlConfig vae;
  vae.hasEncoder = false;
  writePart(folder, "vae", "diffusion_pytorch_model.safetensors", shapesOf(AutoencoderKl(vae).decoderWeights()));
  writePart(folder, "text_encoder", "model.safetensors", shapesOf(ClipTextEncoder({}).weights()));
  if (second)
    writePart(folder, "text_encoder_2", "model.safetensors", shapesOf(ClipTextEncoder(openClipBigG()).weights()));
  tests::writeBytes(folder / "scheduler" / "scheduler_config.json", R"({"prediction_type": "epsilon"})");
  return folder;
}

/// For every linear layer of the UNet's attention, in the naming of PEFT.
std::filesystem::path writeLora(const std::filesystem::path& path, const UNetConfig& unet) {
  Shapes shapes;
  for (const auto& [name, shape] : shapesOf(UNet(unet).weights())) {
    if (shape.size() != 2 || name.find(".attn") == std::string::npos || !name.ends_with(".weight")) continue;
    const std::string layer = "unet." + name.substr(0, name.size() - 7);
    shapes[layer + ".lora_A.weight"] = {kLoraRank, shape[1]};
    shapes[layer + ".lora_B.weight"] = {shape[0], kLoraRank};
  }
  writeHeaderOnly(path, shapes);
  return path;
}

struct Subject {
  std::string name;
  std::filesystem::path model;
  std::vector<LoraUse> loras;
};

std::string mebibytes(std::int64_t bytes) { return std::to_string((bytes + (1 << 19)) >> 20); }

std::string shareOf(const NetworkPlacement& placement) {
  if (placement.place == WorkPlace::Host) return placement.network + " on the processor";
  const double whole = static_cast<double>(placement.resident.count + placement.streamed.count);
  const double share = whole > 0 ? 100 * static_cast<double>(placement.resident.count) / whole : 100;
  return placement.network + " " + std::to_string(std::lround(share)) + " %";
}

std::string lineOf(const MemoryPlan& plan, const std::vector<Rung>& rungs) {
  std::ostringstream line;
  for (const PhaseMemory& phase : plan.phases) line << std::setw(6) << mebibytes(phase.peak().count);
  line << std::setw(7) << mebibytes(plan.hostPeak().count) << "  ";
  if (!plan.fits()) line << "DOES NOT FIT, ";
  for (const NetworkPlacement& network : plan.networks) line << shareOf(network) << ", ";
  for (const NetworkPlacement& network : plan.networks) {
    if (network.ring.count > 0) line << "ring of " << mebibytes(network.ring.count) << ", ";
  }
  line << idOf(plan.decode.mode);
  if (plan.decode.size > 0) line << " of " << plan.decode.size;
  if (plan.phaseOf(Phase::Denoise)->networks.size() > 1) line << ", with guests";
  for (const Rung& rung : rungs) {
    const std::string& words = rung.what.pattern;
    line << " | " << words.substr(words.find(": ") + 2);
  }
  return line.str();
}

class PlanTable : public testing::Test {
 protected:
  PlanTable() {
    at::set_num_threads(1);  // each has scratch on the processor, and kernels differ in the room they pack weights for
    ::setenv("STUDIO_CPU_KERNELS", "portable", 1);
    const UNetConfig xl = tests::stableDiffusionXlUNet();
    const auto base = writeModel(folder_ / "sd15", stableDiffusion15UNet(), false);
    const auto large = writeModel(folder_ / "sdxl", xl, true);
    const auto first = writeLora(folder_ / "first.safetensors", xl),
               second = writeLora(folder_ / "second.safetensors", xl);
    subjects_ = {{"SD 1.5", base, {}}, {"SDXL", large, {}}, {"SDXL + 2 LoRA", large, {{first, 1}, {second, 0.5}}}};
  }

  /// As a job on a card of this size would begin.
  static std::string planned(LoadedModel& model, const GenerationRequest& request, const EngineOptions& options) {
    const PlanOf plans = [&](const Execution& e) { return planFor(model, nullptr, request, options, e); };
    MemoryPlan plan = plans(executionOf(options));
    std::vector<Rung> rungs;
    if (!plan.fits()) rungs = descend(executionOf(options), shortageOf(plan), byPolicy(OomPolicy::Lossless), plans);
    if (!rungs.empty()) plan = plans(rungs.back().execution);
    EXPECT_TRUE(plan.fits()) << "the processor is always left";
    return lineOf(plan, rungs);
  }

  struct Machine {
    const char* title;
    NumericRecipe recipe;
    std::int64_t taken;  ///< by others
    MemoryMode mode = MemoryMode::Automatic;
    std::vector<std::int64_t> gibibytes{2, 4, 6, 8, 12, 24};
    StreamRates rates = {};
  };

  std::string table(const Machine& machine) const {
    std::ostringstream text;
    text << machine.title << "\n";
    for (const Subject& subject : subjects_) {
      GenerationRequest request;
      request.model = subject.model;
      request.prompt = "a red apple";
      request.guidanceScale = 7;
      LoadedModel model(request, machine.recipe);
      model.applyLoras(subject.loras, true);
      model.setStreamRates(machine.rates);
      for (const PixelSize size : {PixelSize{512, 512}, {768, 768}, {1024, 1024}, {1024, 1536}}) {
        request.size = size;
        text << "\n" << subject.name << ", " << size.width << " x " << size.height << "\n";
        text << "      encode denoise decode host\n";
        for (const std::int64_t gibibytes : machine.gibibytes) {
          const EngineOptions options{.memoryMode = machine.mode,
                                      .deviceBudget = {(gibibytes << 30) - machine.taken},
                                      .preview = PreviewMode::Off};
          text << std::setw(2) << gibibytes << " GB" << planned(model, request, options) << "\n";
        }
      }
    }
    return text.str();
  }

  const c10::InferenceMode inference_;
  const tests::TemporaryFolder folder_;
  std::vector<Subject> subjects_;
};

TEST_F(PlanTable, isTheApprovedOne) {
  const NumericRecipe card{ops::ComputeFormat::Float16, at::kCUDA, 1, {}, "test"};
  const NumericRecipe processor{ops::ComputeFormat::BFloat16, at::kCPU, 1, {}, "test"};
  const std::string got =
      "What plans take in MiB: at most on the device in each phase, and on the host what works there; then how much "
      "of\n"
      "each network's weights stays while it works, and how the VAE decodes. Guidance, one picture. LoRAs are merged "
      "into\n"
      "the weights where these are placed, and take nothing beside them. What a card takes is an upper bound.\n\n" +
      table({"Cards in fp16, of which 0.75 GiB are others'", card, kTakenByOthers}) + "\n" +
      table({"Cards in fp16, whose UNet comes through a ring at 24 GB/s for 22 TFLOP/s",
             card,
             kTakenByOthers,
             MemoryMode::Automatic,
             {2, 4, 6, 8},
             kMiddle}) +
      "\n" + table({"Cards in fp16, hybrid mode", card, kTakenByOthers, MemoryMode::Hybrid, {2, 4}}) + "\n" +
      table({"Device budgets on the processor, bf16", processor, 0});
  if (std::getenv("STUDIO_APPROVE_PLANS") != nullptr) tests::writeBytes(kApproved, got);
  std::ifstream file(kApproved);
  const std::string approved(std::istreambuf_iterator<char>(file), {});
  std::istringstream gotLines(got), approvedLines(approved);
  std::string one, other;
  for (int line = 1; std::getline(gotLines, one); ++line) {
    std::getline(approvedLines, other);
    EXPECT_EQ(one, other) << "line " << line << "; STUDIO_APPROVE_PLANS=1 writes " << kApproved;
    if (one != other) break;
  }
  EXPECT_EQ(got.size(), approved.size());
}

}  // namespace
}  // namespace studio::engine
