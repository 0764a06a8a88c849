#include "engine/image/dialects/comfyui_graph.h"
#include "engine/image/dialects/comfyui_models.h"
#include "engine/image/dialects/comfyui_prompts.h"
#include "engine/image/dialects/comfyui_workflow.h"
#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"
#include "engine/image/lora_tags.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

constexpr std::size_t kMostPasses = 64;
constexpr int kMostOutputs = 64;

bool isSampler(const ComfyNode& node) {
  if (node.has("guider") && node.has("sigmas")) return true;  // SamplerCustomAdvanced
  const bool conditioned = node.has("positive") || node.has("guider");
  return conditioned && (node.has("seed") || node.has("noise_seed")) && !node.has("ckpt_name");
}

bool isDecoder(const ComfyNode& node) { return node.has("vae") && node.has("samples"); }

/// Saved pictures count before previews.
const ComfyNode* outputOf(const ComfyGraph& graph) {
  const ComfyNode* best = nullptr;
  int bestRank = 0;
  int walks = 0;
  for (const auto& [id, node] : graph.nodes()) {
    if (!node.has("images") && !node.has("image")) continue;
    const int rank = node.type == "SaveImage" ? 3 : node.isCalled({"Save"}) ? 2 : node.isCalled({"Preview"}) ? 1 : 0;
    if (rank > bestRank && ++walks <= kMostOutputs && graph.nearest(node, isSampler) != nullptr) {
      best = &node;
      bestRank = rank;
    }
  }
  return best;
}

/// Every sampler on the way from the output back to the noise; the last one began.
std::vector<const ComfyNode*> passesBehind(const ComfyGraph& graph, const ComfyNode& output) {
  std::vector<const ComfyNode*> passes;
  const ComfyNode* pass = isSampler(output) ? &output : graph.nearest(output, isSampler);
  while (pass != nullptr && passes.size() < kMostPasses &&
         std::find(passes.begin(), passes.end(), pass) == passes.end()) {
    passes.push_back(pass);
    const ComfyNode* before = nullptr;
    for (const std::string_view input :
         {"latent_image", "samples", "latent", "image", "optional_latent", "upscaled_image"}) {
      const auto link = graph.link(*pass, input);
      if (!link) continue;
      before = isSampler(*link->node) ? link->node : graph.nearest(*link->node, isSampler);
      if (before != nullptr) break;
    }
    pass = before;
  }
  return passes;
}

/// Reads the pass that began from noise.
class PassReader {
 public:
  PassReader(const ComfyGraph& graph, const ComfyNode& sampler, InfoWriter& writer)
      : graph_(graph), sampler_(sampler), writer_(writer) {}

  /// A second checkpoint that goes on where this pass ends makes both one (SDXL's refiner). True when it does.
  bool takeRefiner(const ComfyNode* next) {
    const auto model = next == nullptr ? std::nullopt : graph_.link(*next, "model");
    const auto own = graph_.link(sampler_, "model");
    const auto end = graph_.number(sampler_, "end_at_step");
    const auto all = graph_.number(sampler_, "steps");
    if (!model || !own || !end || !all || *end <= 0 || *end >= *all) return false;
    if (graph_.number(*next, "start_at_step") != end || graph_.number(*next, "steps") != all) return false;
    const auto file = comfyModelFile(graph_, *model);
    if (!file || file == comfyModelFile(graph_, *own)) return false;
    writer_.refiner(*file, *end / *all);
    refines_ = true;
    return true;
  }

  void read() {
    readSeed();
    readSchedule();
    readGuidance();
    readPrompts();
    readLatent();
  }

 private:
  /// The node behind an input, or the sampler itself when the values stand in it.
  const ComfyNode& nodeBehind(std::string_view input) const {
    const auto link = graph_.link(sampler_, input);
    return link ? *link->node : sampler_;
  }

  void readSeed() {
    const ComfyNode& noise = nodeBehind("noise");
    const Json* seed = graph_.value(noise, noise.has("noise_seed") ? "noise_seed" : "seed");
    if (seed != nullptr && seed->is_object()) seed = memberOf(*seed, "seed");
    if (seed != nullptr) writer_.seed(seedOf(*seed));
    if (noise.isCalled({"DisableNoise"}) || textOf(*sampler_.inputs, "add_noise") == "disable")
      writer_.note(NoteKind::Setting, "add_noise", "disable");
  }

  void readSchedule() {
    const auto sigmas = graph_.link(sampler_, "sigmas");
    std::string schedule;
    const ComfyNode* steps = &sampler_;
    if (sigmas) {
      steps = scheduleNode(*sigmas->node);
      schedule = steps->has("scheduler") ? graph_.text(*steps, "scheduler").value_or("") : nameInType(steps->type);
      writer_.unsupported(*steps->inputs, {"beta_alpha", "beta_beta"});
    } else {
      schedule = graph_.text(sampler_, "scheduler").value_or("");
    }
    writer_.steps(graph_.number(*steps, "steps"));
    const std::string sampler = samplerName();
    writer_.sampler(sampler, schedule);
    if (sampler.ends_with("_gpu") || noiseDeviceOfSampler() == "gpu") writer_.pathNoise(PathNoise::Gpu);
    if (const auto denoise = graph_.number(*steps, "denoise"); denoise && *denoise != 1)
      writer_.note(NoteKind::Setting, "denoise", shortNumber(*denoise));
    const auto start = graph_.number(sampler_, "start_at_step");
    const double all = graph_.number(*steps, "steps").value_or(0);
    const double end = refines_ ? all : graph_.number(sampler_, "end_at_step").value_or(all);
    if (start.value_or(0) > 0) writer_.note(NoteKind::Setting, "start_at_step", shortNumber(*start));
    if (end < all) writer_.note(NoteKind::Setting, "end_at_step", shortNumber(end));
  }

  /// Through nodes that cut or change sigmas to the one that makes them.
  const ComfyNode* scheduleNode(const ComfyNode& start) {
    const ComfyNode* node = &start;
    for (int depth = 0; depth < 32; ++depth) {
      const auto before = graph_.link(*node, "sigmas");
      if (!before || node->has("steps")) break;
      if (!node->isCalled({"Reroute"})) writer_.note(NoteKind::Node, node->type);
      node = before->node;
    }
    return node;
  }

  /// "KarrasScheduler", "AlignYourStepsScheduler", "SDTurboScheduler".
  static std::string nameInType(std::string type) {
    const std::size_t end = type.find("Scheduler");
    return end == std::string::npos ? type : type.substr(0, end);
  }

  /// Nodes of one sampler each say where its path is drawn.
  std::string noiseDeviceOfSampler() const {
    const auto link = graph_.link(sampler_, "sampler");
    return link ? graph_.text(*link->node, "noise_device").value_or("") : "";
  }

  std::string samplerName() const {
    const auto link = graph_.link(sampler_, "sampler");
    if (!link) return graph_.text(sampler_, "sampler_name").value_or("");
    if (const auto name = graph_.text(*link->node, "sampler_name")) return *name;
    std::string type = link->node->type;  // "SamplerDPMPP_2M_SDE", "SamplerEulerAncestral"
    if (type.starts_with("Sampler")) type.erase(0, 7);
    return type;
  }

  void readGuidance() {
    const ComfyNode& guider = nodeBehind("guider");
    const bool basic = guider.has("conditioning") && !guider.has("cfg");
    writer_.guidance(basic ? std::optional(1.0) : graph_.number(guider, guider.has("cfg") ? "cfg" : "cfg_conds"));
    if (const auto model = graph_.link(guider, "model")) readComfyModel(graph_, *model, writer_);
  }

  void readPrompts() {
    const ComfyNode& guider = nodeBehind("guider");
    const auto prompt = [&](std::initializer_list<std::string_view> inputs) {
      for (const std::string_view input : inputs) {
        if (const auto link = graph_.link(guider, input)) return comfyPromptBehind(graph_, *link, writer_);
      }
      return ComfyPrompt{};
    };
    const ComfyPrompt positive = prompt({"positive", "conditioning", "cond1"});
    if (positive.encoder != nullptr) {
      writer_.prompt(positive.original, positive.translated);
      readComfyClip(graph_, *positive.encoder, writer_);
    }
    const ComfyPrompt negative = prompt({"negative"});
    if (negative.encoder != nullptr) writer_.negativePrompt(negative.original, negative.translated);
  }

  void readLatent() {
    const ComfyNode* node = &sampler_;
    for (int depth = 0; depth < 64; ++depth) {
      const auto next = latentBefore(*node);
      if (!next) return;
      node = next->node;
      if (node->has("width") && node->has("height") && !node->has("image") && !node->has("pixels")) {
        writer_.batchSize(graph_.number(*node, "batch_size"));
        return writer_.size(graph_.number(*node, "width"), graph_.number(*node, "height"));
      }
      if (node->has("empty_latent_width"))
        return writer_.size(graph_.number(*node, "empty_latent_width"), graph_.number(*node, "empty_latent_height"));
      if (node->has("pixels") || node->isCalled({"LoadImage", "LoadLatent"})) return noteStart(*node);
    }
  }

  std::optional<ComfyLink> latentBefore(const ComfyNode& node) const {
    for (const std::string_view input : {"latent_image", "samples", "latent", "latent_input"}) {
      if (const auto next = graph_.link(node, input)) return next;
    }
    const auto all = graph_.links(node);
    return node.isCalled({"Reroute"}) && !all.empty() ? std::optional(all.front()) : std::nullopt;
  }

  void noteStart(const ComfyNode& node) {
    const auto loads = [](const ComfyNode& each) { return each.isCalled({"LoadImage", "Load Image"}); };
    const ComfyNode* loader = loads(node) ? &node : graph_.nearest(node, loads);
    const Json* name = loader == nullptr ? nullptr : graph_.value(*loader, "image");
    writer_.note(NoteKind::StartPicture, {}, name == nullptr ? "" : anyTextOf(*name));
  }

  const ComfyGraph& graph_;
  const ComfyNode& sampler_;
  InfoWriter& writer_;
  bool refines_ = false;
};

void noteOtherPasses(const ComfyGraph& graph, const std::vector<const ComfyNode*>& taken, InfoWriter& writer) {
  for (const auto& [id, node] : graph.nodes()) {
    if (!isSampler(node) || std::find(taken.begin(), taken.end(), &node) != taken.end()) continue;
    std::string value;
    for (const std::string_view input : {"steps", "denoise", "cfg"}) {
      const auto number = graph.number(node, input);
      if (number) value += (value.empty() ? "" : ", ") + std::string(input) + " " + shortNumber(*number);
    }
    writer.note(NoteKind::OtherPass, node.type, value);
  }
}

std::optional<PictureInfo> readGraph(const Json& prompt) {
  const ComfyGraph graph(prompt);
  const ComfyNode* output = outputOf(graph);
  for (const auto& [id, node] : graph.nodes()) {
    if (output == nullptr && isSampler(node)) output = &node;
  }
  InfoWriter writer("comfyui", "ComfyUI");
  if (output == nullptr) {
    writer.note(NoteKind::Node, "KSampler");
    PictureInfo info = writer.finish();
    info.request.present.clear();
    return info;
  }
  const std::vector<const ComfyNode*> passes = passesBehind(graph, *output);
  const ComfyNode* next = passes.size() > 1 ? passes[passes.size() - 2] : nullptr;
  std::vector<const ComfyNode*> taken{passes.back()};
  PassReader reader(graph, *passes.back(), writer);
  if (reader.takeRefiner(next)) taken.push_back(next);
  reader.read();
  writer.profile(Profile::ComfyUi);
  writer.emphasis(Emphasis::ComfyUi);
  const ComfyNode* decoder = isDecoder(*output) ? output : graph.nearest(*output, isDecoder);
  if (decoder != nullptr) readComfyVae(graph, *decoder, writer);
  noteOtherPasses(graph, taken, writer);
  return writer.finish();
}

}  // namespace

std::optional<PictureInfo> readComfyUi(const PictureTexts& texts) {
  const Json* shared = texts.parametersJson();
  const Json* inShared = shared == nullptr ? nullptr : memberOf(*shared, "prompt");
  for (const Json* json : {texts.json("prompt"), shared, inShared}) {
    if (json != nullptr && ComfyGraph::isPrompt(*json)) return readGraph(*json);
  }
  const Json* workflow = texts.json("workflow");
  const std::optional<Json> prompt = workflow == nullptr ? std::nullopt : comfyPromptFromWorkflow(*workflow);
  return prompt ? readGraph(*prompt) : std::nullopt;
}

}  // namespace studio::engine
