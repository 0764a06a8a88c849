#include "engine/api/needed_files.h"
#include "engine/image/dialects/dialects.h"
#include "tests/image/picture_fixture.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace studio::engine {
namespace {

/// The graph ComfyUI starts with.
Json plainGraph() {
  return Json::parse(R"({
    "3": {"class_type": "KSampler", "inputs": {"seed": 18446744073709551615, "steps": 20, "cfg": 8.0,
          "sampler_name": "euler", "scheduler": "normal", "denoise": 1.0, "model": ["4", 0], "positive": ["6", 0],
          "negative": ["7", 0], "latent_image": ["5", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15/ducks.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 640, "height": 384, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a duck, embedding:good", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "a", "images": ["8", 0]}}})");
}

PictureInfo read(const Json& graph) { return readDialects(PictureTexts({{"prompt", graph.dump()}})); }

bool notes(const PictureInfo& info, NoteKind kind, const std::string& part) {
  return std::any_of(info.notes.begin(), info.notes.end(), [&](const PictureNote& note) {
    return note.kind == kind && (note.name + " " + note.value).find(part) != std::string::npos;
  });
}

TEST(ComfyUi, readsThePlainGraph) {
  const PictureInfo info = read(plainGraph());
  const GenerationRequest& request = info.request.values;
  EXPECT_EQ(info.sourceId, "comfyui");
  EXPECT_EQ(request.prompt, "a duck, good");
  EXPECT_EQ(request.negativePrompt, "blurry");
  EXPECT_EQ(request.size, (PixelSize{640, 384}));
  EXPECT_EQ(request.seed, Seed{18446744073709551615U});
  EXPECT_EQ(request.steps, 20);
  EXPECT_EQ(request.guidanceScale, 8.0);
  EXPECT_EQ(request.sampler, Sampler::Euler);
  EXPECT_EQ(request.schedule, Schedule::Normal);
  EXPECT_EQ(request.model, "ducks.safetensors");
  EXPECT_EQ(request.clipSkip, 1);
  EXPECT_EQ(request.emphasis, Emphasis::ComfyUi);
  EXPECT_EQ(request.profile, Profile::ComfyUi);
  EXPECT_EQ(request.pathNoise, PathNoise::Automatic);
  EXPECT_TRUE(info.notes.empty());
  ASSERT_EQ(info.promptChanges.size(), 1U);
  EXPECT_EQ(info.promptChanges[0].original, "a duck, embedding:good");
  const std::vector<NeededFile> needed = neededFiles(info);
  EXPECT_TRUE(std::any_of(needed.begin(), needed.end(),
                          [](const NeededFile& file) { return file.kind == "embedding" && file.name == "good"; }));
}

TEST(ComfyUi, remembersWhereAPathWasDrawnAndWhoWasDrawnWithThePicture) {
  Json graph = plainGraph();
  graph["3"]["inputs"]["sampler_name"] = "dpmpp_2m_sde_gpu";
  graph["5"]["inputs"]["batch_size"] = 4;
  const PictureInfo info = read(graph);
  EXPECT_EQ(info.request.values.sampler, Sampler::DpmPlusPlus2MSde);
  EXPECT_EQ(info.request.values.pathNoise, PathNoise::Gpu);
  EXPECT_EQ(info.request.values.batchSize, 4);
  EXPECT_TRUE(notes(info, NoteKind::OfBatch, "4"));
}

TEST(ComfyUi, collectsLorasInTheOrderTheyAreApplied) {
  Json graph = plainGraph();
  graph["10"] = Json::parse(R"({"class_type": "LoraLoader", "inputs": {"lora_name": "style/first.safetensors",
    "strength_model": 0.5, "strength_clip": 0.25, "model": ["4", 0], "clip": ["4", 1]}})");
  graph["11"] = Json::parse(R"({"class_type": "LoraLoaderModelOnly", "inputs": {"lora_name": "second.safetensors",
    "strength_model": 0.75, "model": ["10", 0]}})");
  graph["12"] =
      Json::parse(R"({"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -2, "clip": ["10", 1]}})");
  graph["3"]["inputs"]["model"] = {"11", 0};
  graph["6"]["inputs"]["clip"] = {"12", 0};
  const PictureInfo info = read(graph);
  const std::vector<LoraUse> expected{{"first.safetensors", 0.5, 0.25}, {"second.safetensors", 0.75, 0}};
  EXPECT_EQ(info.request.values.loras, expected);
  EXPECT_EQ(info.request.values.clipSkip, 2);
  EXPECT_EQ(info.request.values.model, "ducks.safetensors");
}

TEST(ComfyUi, readsTheCustomSamplerWithItsHelpers) {
  Json graph = plainGraph();
  graph["3"] = Json::parse(R"({"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["20", 0],
    "guider": ["21", 0], "sampler": ["22", 0], "sigmas": ["23", 0], "latent_image": ["5", 0]}})");
  graph["20"] = Json::parse(R"({"class_type": "RandomNoise", "inputs": {"noise_seed": 77}})");
  graph["21"] = Json::parse(R"({"class_type": "CFGGuider", "inputs": {"cfg": 4.5, "model": ["4", 0],
    "positive": ["6", 0], "negative": ["7", 0]}})");
  graph["22"] = Json::parse(R"({"class_type": "KSamplerSelect", "inputs": {"sampler_name": "dpmpp_2m_sde_gpu"}})");
  graph["23"] = Json::parse(R"({"class_type": "KarrasScheduler", "inputs": {"steps": 31, "sigma_max": 14.6}})");
  const PictureInfo info = read(graph);
  const GenerationRequest& request = info.request.values;
  EXPECT_EQ(request.seed, Seed{77});
  EXPECT_EQ(request.steps, 31);
  EXPECT_EQ(request.guidanceScale, 4.5);
  EXPECT_EQ(request.sampler, Sampler::DpmPlusPlus2MSde);
  EXPECT_EQ(request.schedule, Schedule::Karras);
  EXPECT_EQ(request.prompt, "a duck, good");
  EXPECT_EQ(request.model, "ducks.safetensors");
}

TEST(ComfyUi, takesTheFirstOfSeveralPassesAndNamesTheOthers) {
  Json graph = plainGraph();
  graph["30"] = Json::parse(R"({"class_type": "LatentUpscale", "inputs": {"width": 1280, "height": 768,
    "samples": ["3", 0]}})");
  graph["31"] = graph["3"];
  graph["31"]["inputs"].update(Json::parse(R"({"latent_image": ["30", 0], "denoise": 0.5, "steps": 12, "seed": 5})"));
  graph["8"]["inputs"]["samples"] = {"31", 0};
  const PictureInfo info = read(graph);
  EXPECT_EQ(info.request.values.steps, 20);
  EXPECT_EQ(info.request.values.size, (PixelSize{640, 384}));
  EXPECT_TRUE(notes(info, NoteKind::OtherPass, "KSampler steps 12, denoise 0.5"));
}

TEST(ComfyUi, takesASecondCheckpointThatGoesOnForTheRefiner) {
  Json graph = plainGraph();
  graph["3"] = Json::parse(R"({"class_type": "KSamplerAdvanced", "inputs": {"add_noise": "enable", "noise_seed": 9,
    "steps": 25, "cfg": 7, "sampler_name": "euler", "scheduler": "normal", "start_at_step": 0, "end_at_step": 20,
    "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}})");
  graph["13"] = graph["3"];
  graph["13"]["inputs"].update(Json::parse(R"({"add_noise": "disable", "start_at_step": 20, "end_at_step": 10000,
    "latent_image": ["3", 0], "model": ["14", 0]})"));
  graph["14"] =
      Json::parse(R"({"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "refiner.safetensors"}})");
  graph["8"]["inputs"]["samples"] = {"13", 0};
  const PictureInfo info = read(graph);
  EXPECT_EQ(info.request.values.model, "ducks.safetensors");
  EXPECT_EQ(info.request.values.refiner, "refiner.safetensors");
  EXPECT_EQ(info.request.values.refinerSwitchAt, 0.8);
  EXPECT_EQ(info.request.values.steps, 25);
  EXPECT_EQ(info.request.values.seed, Seed{9});
  EXPECT_TRUE(info.notes.empty()) << noteSentence(info.notes[0]).text();
}

TEST(ComfyUi, findsValuesBehindPrimitivesReroutesAndJoinedTexts) {
  Json graph = plainGraph();
  graph["3"]["inputs"]["seed"] = {"40", 0};
  graph["40"] = Json::parse(R"({"class_type": "PrimitiveInt", "inputs": {"value": 42}})");
  graph["3"]["inputs"]["sampler_name"] = {"41", 0};
  graph["41"] = Json::parse(R"({"class_type": "Sampler Selector", "inputs": {"sampler_name": "heun"}})");
  graph["3"]["inputs"]["model"] = {"42", 0};
  graph["42"] = Json::parse(R"({"class_type": "Reroute", "inputs": {"": ["4", 0]}})");
  graph["6"]["inputs"]["text"] = {"43", 0};
  graph["43"] = Json::parse(R"({"class_type": "StringConcatenate", "inputs": {"string_a": ["44", 0],
    "string_b": "on a pond", "delimiter": ", "}})");
  graph["44"] = Json::parse(R"({"class_type": "PrimitiveString", "inputs": {"value": "a goose"}})");
  const PictureInfo info = read(graph);
  EXPECT_EQ(info.request.values.seed, Seed{42});
  EXPECT_EQ(info.request.values.sampler, Sampler::Heun);
  EXPECT_EQ(info.request.values.model, "ducks.safetensors");
  EXPECT_EQ(info.request.values.prompt, "a goose, on a pond");
  EXPECT_TRUE(info.notes.empty());
}

TEST(ComfyUi, joinsConditioningsAndNamesWhatItDoesNotKnow) {
  Json graph = plainGraph();
  graph["50"] = Json::parse(R"({"class_type": "ConditioningConcat", "inputs": {"conditioning_to": ["6", 0],
    "conditioning_from": ["51", 0]}})");
  graph["51"] = Json::parse(R"({"class_type": "CLIPTextEncode", "inputs": {"text": "night", "clip": ["4", 1]}})");
  graph["52"] = Json::parse(R"({"class_type": "ControlNetApplyAdvanced", "inputs": {"strength": 0.5,
    "positive": ["50", 0], "negative": ["7", 0], "control_net": ["53", 0], "image": ["54", 0]}})");
  graph["53"] =
      Json::parse(R"({"class_type": "ControlNetLoader", "inputs": {"control_net_name": "depth.safetensors"}})");
  graph["3"]["inputs"]["positive"] = {"52", 0};
  graph["3"]["inputs"]["negative"] = {"52", 1};
  graph["60"] = Json::parse(R"({"class_type": "FreeU_V2", "inputs": {"b1": 1.3, "model": ["4", 0]}})");
  graph["3"]["inputs"]["model"] = {"60", 0};
  const PictureInfo info = read(graph);
  EXPECT_EQ(info.request.values.prompt, "a duck, good BREAK night");
  EXPECT_EQ(info.request.values.negativePrompt, "blurry");
  EXPECT_TRUE(notes(info, NoteKind::Setting, "ControlNet depth.safetensors"));
  EXPECT_TRUE(notes(info, NoteKind::Node, "FreeU_V2"));
}

TEST(ComfyUi, endsOnGraphsThatRunInCircles) {
  Json graph = plainGraph();
  graph["4"]["inputs"] = {{"model", {"4", 0}}, {"clip", {"4", 1}}};
  graph["5"]["inputs"] = {{"samples", {"5", 0}}};
  graph["6"]["inputs"] = {{"text", {"6", 0}}, {"conditioning", {"6", 0}}};
  graph["3"]["inputs"]["seed"] = {"3", 0};
  graph["3"]["inputs"]["latent_image"] = {"3", 0};
  EXPECT_EQ(read(graph).sourceId, "comfyui");
}

TEST(ComfyUi, endsSoonOnGraphsThatBranchEverywhere) {
  Json graph = plainGraph();
  for (int i = 100; i < 160; ++i) {
    const std::string next = std::to_string(i + 1);
    graph[std::to_string(i)] = {{"class_type", "Knot"},
                                {"inputs",
                                 {{"string_a", {next, 0}},
                                  {"string_b", {next, 0}},
                                  {"conditioning_1", {next, 0}},
                                  {"conditioning_2", {next, 0}}}}};
  }
  graph["6"]["inputs"]["text"] = {"100", 0};
  graph["3"]["inputs"]["negative"] = {"100", 0};
  EXPECT_EQ(read(graph).request.values.steps, 20);
}

TEST(ComfyUi, toleratesBareNotNumbers) {
  std::string text = plainGraph().dump();
  text.insert(text.find("\"seed\""), "\"is_changed\": NaN, ");
  EXPECT_EQ(readDialects(PictureTexts({{"prompt", text}})).request.values.steps, 20);
}

TEST(ComfyUi, readsTheEditorsFormWhenThereIsNoOther) {
  const char* workflow = R"({"nodes": [
    {"id": 3, "type": "KSampler", "mode": 0, "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 4},
      {"name": "negative", "link": 6}, {"name": "latent_image", "link": 2}],
      "widgets_values": [156680208700286, "randomize", 20, 8, "euler", "karras", 1]},
    {"id": 4, "type": "CheckpointLoaderSimple", "inputs": [], "widgets_values": ["ducks.ckpt"]},
    {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 768, 1]},
    {"id": 6, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 3}], "widgets_values": ["a duck"]},
    {"id": 7, "type": "CLIPTextEncode", "inputs": [{"name": "clip", "link": 5}], "widgets_values": ["blurry"]},
    {"id": 8, "type": "VAEDecode", "inputs": [{"name": "samples", "link": 7}, {"name": "vae", "link": 8}]},
    {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 9}], "widgets_values": ["ComfyUI"]},
    {"id": 10, "type": "LoraLoader", "mode": 4, "inputs": [{"name": "model", "link": 10}],
      "widgets_values": ["unused.safetensors", 1, 1]}],
    "links": [[1, 10, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [3, 4, 1, 6, 0, "CLIP"],
      [4, 6, 0, 3, 1, "CONDITIONING"], [5, 4, 1, 7, 0, "CLIP"], [6, 7, 0, 3, 2, "CONDITIONING"],
      [7, 3, 0, 8, 0, "LATENT"], [8, 4, 2, 8, 1, "VAE"], [9, 8, 0, 9, 0, "IMAGE"], [10, 4, 0, 10, 0, "MODEL"]]})";
  const PictureInfo info = readDialects(PictureTexts(std::vector<PngText>{{"workflow", workflow}}));
  const GenerationRequest& request = info.request.values;
  EXPECT_EQ(info.sourceId, "comfyui");
  EXPECT_EQ(request.prompt, "a duck");
  EXPECT_EQ(request.negativePrompt, "blurry");
  EXPECT_EQ(request.seed, Seed{156680208700286});
  EXPECT_EQ(request.steps, 20);
  EXPECT_EQ(request.schedule, Schedule::Karras);
  EXPECT_EQ(request.size, (PixelSize{512, 768}));
  EXPECT_EQ(request.model, "ducks.ckpt");
  EXPECT_TRUE(request.loras.empty()) << "a bypassed node does nothing";
}

TEST(ComfyUi, readsCivitaisGraphWithItsOwnSettings) {
  Json graph = plainGraph();
  graph["extraMetadata"] = R"({"prompt": "a swan", "negativePrompt": "ugly", "steps": 28, "cfgScale": 5,
    "sampler": "Euler a", "seed": 11, "clipSkip": 2})";
  const PictureInfo info = readDialects(PictureTexts({{"UserComment", graph.dump()}}));
  EXPECT_EQ(info.sourceId, "civitai");
  EXPECT_EQ(info.request.values.prompt, "a swan");
  EXPECT_EQ(info.request.values.steps, 28);
  EXPECT_EQ(info.request.values.sampler, Sampler::EulerAncestral);
  EXPECT_EQ(info.request.values.clipSkip, 2);
  EXPECT_EQ(info.request.values.model, "ducks.safetensors");
}

TEST(ComfyUi, readsTheFieldsOfWebP) {
  const std::vector<PngText> texts{{"Make", "workflow:{\"nodes\": []}"}, {"Model", "prompt:" + plainGraph().dump()}};
  const PictureInfo info = readDialects(PictureTexts(texts));
  EXPECT_EQ(info.sourceId, "comfyui");
  EXPECT_EQ(info.request.values.steps, 20);
}

}  // namespace
}  // namespace studio::engine
