#include "engine/image/dialects/dialects.h"
#include "engine/api/reproduction_profile.h"
#include "tests/image/picture_fixture.h"

namespace studio::engine {
namespace {

PictureInfo read(std::vector<PngText> texts) { return readDialects(PictureTexts(std::move(texts))); }

bool notes(const PictureInfo& info, NoteKind kind, const std::string& part) {
  return std::any_of(info.notes.begin(), info.notes.end(), [&](const PictureNote& note) {
    return note.kind == kind && (note.name + " " + note.value).find(part) != std::string::npos;
  });
}

/// What every sample below was made with.
void expectDuck(const PictureInfo& info, const std::string& source) {
  EXPECT_EQ(info.sourceId, source);
  const GenerationRequest& request = info.request.values;
  EXPECT_EQ(request.prompt, "a (duck:1.1)") << source;
  EXPECT_EQ(request.negativePrompt, "blurry") << source;
  EXPECT_EQ(request.size, (PixelSize{512, 768})) << source;
  EXPECT_EQ(request.steps, 25) << source;
  EXPECT_EQ(request.guidanceScale, 6.5) << source;
  EXPECT_EQ(request.seed, Seed{18446744073709551615U}) << source;
  EXPECT_EQ(request.sampler, Sampler::EulerAncestral) << source;
  EXPECT_EQ(request.model.stem(), "ducks") << source;
}

TEST(Dialects, readInvokeAiOfToday) {
  const PictureInfo info = read({{"invokeai_metadata", R"({"positive_prompt": "a duck+", "negative_prompt": "blurry",
    "width": 512, "height": 768, "seed": 18446744073709551615, "cfg_scale": 6.5, "steps": 25, "scheduler": "euler_a",
    "clip_skip": 1, "rand_device": "cuda", "model": {"name": "ducks", "hash": "blake3:aa", "key": "k"},
    "loras": [{"model": {"name": "water", "hash": "blake3:bb"}, "weight": 0.75}], "controlnets": [],
    "strength": 0.4, "hrf_enabled": true})"}});
  expectDuck(info, "invokeai");
  EXPECT_EQ(info.request.values.clipSkip, 2) << "there it is how many layers are left out";
  EXPECT_EQ(info.request.values.loras, (std::vector<LoraUse>{{"water", 0.75}}));
  EXPECT_EQ(info.modelHash, "blake3:aa");
  EXPECT_TRUE(notes(info, NoteKind::Noise, "GPU"));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "hrf_enabled true"));
  EXPECT_FALSE(notes(info, NoteKind::Setting, "controlnets"));
  ASSERT_EQ(info.promptChanges.size(), 1U);
  EXPECT_EQ(info.promptChanges[0].original, "a duck+");
}

TEST(Dialects, readInvokeAiOfTheSecondGeneration) {
  expectDuck(read({{"Dream", "\"other\" -s 3"},
                   {"sd-metadata", R"({"model": "stable diffusion", "model_weights": "ducks", "model_hash": "cc",
    "app_version": "2.3.0", "image": {"prompt": [{"prompt": "a duck+ [blurry]", "weight": 1.0}], "steps": 25,
    "cfg_scale": 6.5, "height": 768, "width": 512, "seed": 18446744073709551615, "sampler": "k_euler_a"}})"}}),
             "invokeai");
}

TEST(Dialects, readSwarmUi) {
  const PictureInfo info = read({{"parameters", R"({"sui_image_params": {"prompt": "a <weight[1.1]:duck>",
    "negativeprompt": "blurry", "model": "OfficialDucks/ducks.safetensors", "seed": 18446744073709551615, "steps": 25,
    "cfgscale": 6.5, "width": 512, "height": 768, "sampler": "euler_ancestral", "scheduler": "karras",
    "loras": ["water"], "loraweights": ["0.5"], "clipstopatlayer": -2, "seamlesstileable": "true"},
    "sui_models": [{"name": "ducks.safetensors", "param": "model", "hash": "0xabc"}]})"}});
  expectDuck(info, "swarmui");
  EXPECT_EQ(info.request.values.schedule, Schedule::Karras);
  EXPECT_EQ(info.request.values.clipSkip, 2);
  EXPECT_EQ(info.request.values.emphasis, Emphasis::ComfyUi);
  EXPECT_EQ(info.request.values.loras, (std::vector<LoraUse>{{"water", 0.5}}));
  EXPECT_EQ(info.modelHash, "abc");
  EXPECT_TRUE(notes(info, NoteKind::Setting, "seamlesstileable true"));
}

TEST(Dialects, readNovelAi) {
  const PngText software{"Software", "NovelAI"};
  const PictureInfo info = read({software,
                                 {"Source", "ducks"},
                                 {"Description", "ignored"},
                                 {"Comment", R"({"prompt": "a 1.1::duck::", "uc": "blurry", "steps": 25, "scale": 6.5,
    "seed": 18446744073709551615, "width": 512, "height": 768, "sampler": "k_euler_ancestral",
    "noise_schedule": "karras", "cfg_rescale": 0.2, "sm": false})"}});
  expectDuck(info, "novelai");
  EXPECT_EQ(info.request.values.schedule, Schedule::Karras);
  EXPECT_TRUE(notes(info, NoteKind::Setting, "cfg_rescale 0.2"));
  EXPECT_FALSE(notes(info, NoteKind::Setting, "sm"));
}

TEST(Dialects, readFiguresOfNovelAiFour) {
  const PictureInfo info = read({{"Software", "NovelAI"}, {"Comment", R"({"prompt": "old", "v4_prompt": {"caption":
    {"base_caption": "two ducks", "char_captions": [{"char_caption": "{red} duck"}]}}})"}});
  EXPECT_EQ(info.request.values.prompt, "two ducks, (red:1.05) duck");
  EXPECT_TRUE(notes(info, NoteKind::Setting, "char_captions {red} duck"));
}

TEST(Dialects, readDrawThings) {
  const PictureInfo info = read({{"XML:com.adobe.xmp", R"(<x:xmpmeta><rdf:Description><exif:UserComment><rdf:Alt>
    <rdf:li xml:lang="x-default">{&quot;c&quot;:&quot;a (duck:1.1)&quot;,&quot;uc&quot;:&quot;blurry&quot;,
    "model":"ducks.ckpt","sampler":"Euler A Trailing","scale":6.5,"seed":18446744073709551615,"size":"512x768",
    "steps":25,"strength":1,"seed_mode":"Scale Alike","lora":[{"model":"water_f16.ckpt","weight":0.6,"mode":"all"}]}
    </rdf:li></rdf:Alt></exif:UserComment></rdf:Description></x:xmpmeta>)"}});
  expectDuck(info, "drawthings");
  EXPECT_EQ(info.request.values.schedule, Schedule::SgmUniform);
  EXPECT_EQ(info.request.values.loras, (std::vector<LoraUse>{{"water_f16.ckpt", 0.6}}));
  EXPECT_TRUE(notes(info, NoteKind::Noise, "Scale Alike"));
}

TEST(Dialects, readEasyDiffusionInPngAndInJpeg) {
  expectDuck(read({{"prompt", "a duck+"},
                   {"negative_prompt", "blurry"},
                   {"seed", "18446744073709551615"},
                   {"use_stable_diffusion_model", "/models/ducks.safetensors"},
                   {"num_inference_steps", "25"},
                   {"guidance_scale", "6.5"},
                   {"width", "512"},
                   {"height", "768"},
                   {"sampler_name", "euler_a"},
                   {"use_lora_model", "['water', 'fire']"},
                   {"lora_alpha", "[0.5, 0.25]"},
                   {"clip_skip", "True"}}),
             "easydiffusion");
  const PictureInfo info = read({{"UserComment", R"({"prompt": "a duck+", "negative_prompt": "blurry", "width": 512,
    "height": 768, "seed": 18446744073709551615, "use_stable_diffusion_model": "ducks", "num_inference_steps": 25,
    "guidance_scale": 6.5, "sampler_name": "euler_a", "use_lora_model": ["water"], "lora_alpha": [0.5],
    "clip_skip": true})"}});
  expectDuck(info, "easydiffusion");
  EXPECT_EQ(info.request.values.clipSkip, 2);
  EXPECT_EQ(info.request.values.loras, (std::vector<LoraUse>{{"water", 0.5}}));
}

TEST(Dialects, readNotebooksOfDiffusers) {
  const PictureInfo info = read({{"generation", R"json({"prompt": "a (duck)", "negative_prompt": "blurry",
    "model": "someone/ducks", "num_inference_steps": 25, "guidance_scale": 6.5, "width": 512, "height": 768,
    "seed": 18446744073709551615, "scheduler": {"_class_name": "EulerAncestralDiscreteScheduler"}, "clip_skip": 1})json"}});
  EXPECT_EQ(info.sourceId, "diffusers");
  EXPECT_EQ(info.request.values.prompt, "a \\(duck\\)") << "no letter has a meaning there";
  EXPECT_EQ(info.request.values.sampler, Sampler::EulerAncestral);
  EXPECT_EQ(info.request.values.clipSkip, 2);
  EXPECT_EQ(info.request.values.model, "ducks");
  const PictureInfo karras = read({{"parameters", R"({"prompt": "x", "guidance_scale": 5, "scheduler":
    {"_class_name": "DPMSolverMultistepScheduler", "use_karras_sigmas": true, "algorithm_type": "sde-dpmsolver++"}})"}});
  EXPECT_EQ(karras.request.values.sampler, Sampler::DpmPlusPlus2MSde);
  EXPECT_EQ(karras.request.values.schedule, Schedule::Karras);
}

TEST(Dialects, readFooocusBeforeItHadAScheme) {
  const PictureInfo info = read({{"Comment", R"json({"Prompt": "a (duck:1.1)", "Negative Prompt": "blurry", "Styles":
    "['Fooocus V2']", "Performance": "Speed", "Resolution": "(512, 768)", "Sharpness": 2, "Guidance Scale": 6.5,
    "Base Model": "ducks.safetensors", "Refiner Model": "None", "Sampler": "euler_ancestral", "Scheduler": "karras",
    "Seed": 18446744073709551615, "Steps": 25, "LoRA 1": "water.safetensors : 0.25"})json"}});
  expectDuck(info, "fooocus");
  EXPECT_EQ(info.request.values.loras, (std::vector<LoraUse>{{"water.safetensors", 0.25}}));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "styles ['Fooocus V2']"));
}

const std::string kA1111Duck =
    "a (duck:1.1)\nNegative prompt: blurry\nSteps: 25, Sampler: Euler a, CFG scale: 6.5, Seed: 18446744073709551615, "
    "Size: 512x768, ";

TEST(Dialects, tellWhoWroteTheTextOfA1111) {
  expectDuck(read({{"parameters", kA1111Duck + "Model: ducks, Version: f2.0.1v1.10.1"}}), "a1111");
  EXPECT_EQ(read({{"parameters", kA1111Duck + "Version: f2.0.1v1.10.1"}}).source, "Forge");
  expectDuck(read({{"UserComment", kA1111Duck + "Model: ducks, Version: Fooocus v2.5.5"}}), "fooocus");
  expectDuck(read({{"UserComment", kA1111Duck + "Model: ducks, Version: Kiln Studio 0.1"}}), "studio");
}

TEST(Dialects, takeModelsAndLorasFromCivitaisResources) {
  std::string line = R"(Civitai resources: [{"type":"checkpoint","modelVersionId":1,"modelName":"ducks"},)";
  line += R"({"type":"lora","weight":0.8,"modelName":"Water, blue"}], Civitai metadata: {"a": "b, c: d"})";
  const PictureInfo whole = read({{"UserComment", kA1111Duck + line}});
  expectDuck(whole, "civitai");
  EXPECT_EQ(whole.request.values.loras, (std::vector<LoraUse>{{"Water, blue", 0.8}}));
}

TEST(Dialects, nameEverySettingOfA1111ThatIsNotCarriedOut) {
  const PictureInfo info = read({{"parameters", kA1111Duck + "Denoising strength: 0.4, Hires upscale: 2, ENSD: 31337, "
                                                             "Lora hashes: \"water: aabb, fire: ccdd\", "
                                                             "TI hashes: \"bad: eeff\", Emphasis: No norm, "
                                                             "Refiner: second [7440042bbd], Refiner switch at: 0.7"}});
  EXPECT_EQ(info.request.values.refiner, "second");
  EXPECT_EQ(info.request.values.refinerSwitchAt, 0.7);
  EXPECT_TRUE(notes(info, NoteKind::Setting, "Hires upscale 2"));
  EXPECT_EQ(info.request.values.ensd, 31337);
  EXPECT_FALSE(notes(info, NoteKind::Setting, "ENSD"));
  EXPECT_EQ(info.request.values.profile, Profile::A1111Gpu) << "A1111 says nothing when it drew on the GPU";
  EXPECT_FALSE(notes(info, NoteKind::Setting, "Lora"));
  EXPECT_EQ(info.request.values.emphasis, Emphasis::NoNorm);
  const std::vector<NamedHash> expected{{"second", "7440042bbd"}, {"water", "aabb"}, {"fire", "ccdd"}, {"bad", "eeff"}};
  EXPECT_EQ(info.fileHashes, expected);
}

bool notesKind(const PictureInfo& info, NoteKind kind) {
  return std::any_of(info.notes.begin(), info.notes.end(),
                     [kind](const PictureNote& note) { return note.kind == kind; });
}

TEST(Dialects, chooseTheProfileByWhereA1111DrewItsNoise) {
  const auto infoOf = [](const std::string& more) { return read({{"parameters", kA1111Duck + more}}); };
  const auto profileOf = [&](const std::string& more) { return infoOf(more).request.values.profile; };
  EXPECT_EQ(profileOf("Version: v1.6.0"), Profile::A1111Gpu);
  EXPECT_EQ(profileOf("RNG: GPU, Version: v1.6.0"), Profile::A1111Gpu);
  EXPECT_EQ(profileOf("RNG: NV, Version: v1.6.0"), Profile::A1111Nv);
  EXPECT_EQ(profileOf("RNG: CPU, Version: v1.6.0"), Profile::A1111Cpu);
  EXPECT_TRUE(notesKind(infoOf("Version: v1.6.0"), NoteKind::GpuNoise));
  EXPECT_FALSE(notesKind(infoOf("RNG: CPU, Version: v1.6.0"), NoteKind::GpuNoise));
  EXPECT_FALSE(notesKind(infoOf("RNG: CPU, Version: v1.6.0"), NoteKind::Nearest));
  EXPECT_EQ(profileOf("Version: ComfyUI"), Profile::ComfyUi);
  EXPECT_EQ(profileOf("Version: f2.0.1v1.10.1-previous-669-gdfdcbab6"), Profile::A1111Gpu);
}

TEST(Dialects, rememberTheVersionAndSayWhenTheyAssumeOne) {
  const auto infoOf = [](const std::string& more) { return read({{"parameters", kA1111Duck + more}}); };
  const auto versionOf = [&](const std::string& more) { return infoOf(more).request.values.programVersion; };
  EXPECT_EQ(versionOf("Version: v1.5.1"), "v1.5.1");
  EXPECT_EQ(versionOf("Version: f2.0.1v1.10.1-previous"), "f2.0.1v1.10.1-previous");
  EXPECT_EQ(versionOf("Downcast alphas_cumprod: True, Version: v1.10.1"), "v1.10.1");
  EXPECT_EQ(versionOf("RNG: CPU"), "1.2");
  EXPECT_TRUE(notesKind(infoOf("RNG: CPU"), NoteKind::Version));
  EXPECT_FALSE(notesKind(infoOf("Version: v1.5.1"), NoteKind::Version));
  EXPECT_TRUE(reproductionProfile(infoOf("RNG: CPU").request.values).signalsInHalf);
}

TEST(Dialects, keepSingleOldWaysOfANewA1111Apart) {
  const auto rowsOf = [](const std::string& more) {
    const GenerationRequest request = read({{"parameters", kA1111Duck + more + ", Version: v1.10.1"}}).request.values;
    EXPECT_EQ(request.programVersion, "v1.10.1");
    return reproductionProfile(request);
  };
  EXPECT_TRUE(rowsOf("Downcast alphas_cumprod: True").signalsInHalf);
  EXPECT_EQ(rowsOf("Downcast alphas_cumprod: True").editing, PromptEditing::PointIsShare);
  EXPECT_EQ(rowsOf("Old prompt editing timelines: True").editing, PromptEditing::BelowOneIsShare);
  EXPECT_FALSE(rowsOf("Old prompt editing timelines: True").signalsInHalf);
  EXPECT_EQ(rowsOf("Pad conds v0: True").unequalLengths, UnequalLengths::LastVector);
  EXPECT_EQ(rowsOf("Refiner switch by sampling steps: True").refinerShare, RefinerShare::Steps);
  EXPECT_FALSE(rowsOf("Refiner switch by sampling steps: True").signalsInHalf);
  EXPECT_FALSE(rowsOf("Pad conds v0: False").signalsInHalf);
}

TEST(Dialects, sayWhichSamplerTakesThePlaceOfOneThatIsNotHere) {
  const auto nearest = [](const std::string& settings) {
    const PictureInfo info = read({{"parameters", "a duck\nSteps: 9, " + settings + ", Seed: 7, Version: v1.10.1"}});
    std::string names;
    for (const PictureNote& note : info.notes) {
      if (note.kind == NoteKind::NearestChoice) names += note.name + " -> " + note.value + ";";
    }
    return names;
  };
  EXPECT_EQ(nearest("Sampler: dpmpp_2s"), "dpmpp_2s -> DPM++ 2S a;");
  EXPECT_EQ(nearest("Sampler: Euler, Schedule type: Align Your Steps GITS"),
            "Align Your Steps GITS -> Align Your Steps;");
  EXPECT_EQ(nearest("Sampler: Euler a, Schedule type: Karras"), "");
}

TEST(Dialects, readWhatA1111TellsItsSamplers) {
  const auto valuesOf = [](const std::string& more) {
    return read({{"parameters", kA1111Duck + more}}).request.values;
  };
  const GenerationRequest told = valuesOf(
      "Eta: 0.5, Sigma churn: 4, Sigma tmin: 0.1, Sigma tmax: 9, Sigma noise: 1.01, Skip Early CFG: 0.2, "
      "Discard penultimate sigma: True, Eta DDIM: 0.3, Version: v1.10.1");
  EXPECT_EQ(told.eta, 0.5);
  EXPECT_EQ(told.ddimEta, 0.3);
  EXPECT_EQ(told.sChurn, 4);
  EXPECT_EQ(told.sTmin, 0.1);
  EXPECT_EQ(told.sTmax, 9);
  EXPECT_EQ(told.sNoise, 1.01);
  EXPECT_EQ(told.promptOnly, 0.2);
  EXPECT_EQ(told.penultimateSigma, PenultimateSigma::Discard);
}

TEST(Dialects, nameTheNearestProfileOfProgramsThatHaveNoneOfTheirOwn) {
  const PictureInfo invoke = read({{"invokeai_metadata", R"({"positive_prompt": "a duck", "seed": 1})"}});
  EXPECT_EQ(invoke.request.values.profile, Profile::Diffusers);
  EXPECT_EQ(invoke.request.values.emphasis, Emphasis::ComfyUi);
  EXPECT_TRUE(notesKind(invoke, NoteKind::Nearest));
  const PictureInfo diffusers = read({{"parameters", R"({"prompt": "a [duck]", "negative_prompt": "",
    "num_inference_steps": 20, "guidance_scale": 7})"}});
  EXPECT_EQ(diffusers.request.values.profile, Profile::Diffusers);
  EXPECT_EQ(diffusers.request.values.negativePrompt, " ") << "an empty one that was given is encoded";
  EXPECT_FALSE(notesKind(diffusers, NoteKind::Nearest));
}

TEST(Dialects, leaveNothingOfAnEarlierPictureThatDecidesNoise) {
  GenerationRequest request;
  request.ensd = 31337;
  request.gpuThreads = 43008;
  request.eta = 0.5;
  request.pathNoise = PathNoise::Gpu;
  request.programVersion = "v1.5.1";
  request.emphasis = Emphasis::NoNorm;
  applyPatch(read({{"parameters", kA1111Duck + "RNG: NV, Version: v1.10.1"}}).request, request);
  EXPECT_EQ(request.ensd, 0);
  EXPECT_EQ(request.gpuThreads, 0);
  EXPECT_EQ(request.eta, 1);
  EXPECT_EQ(request.pathNoise, PathNoise::Automatic);
  EXPECT_EQ(request.programVersion, "v1.10.1");
  EXPECT_EQ(request.emphasis, Emphasis::Automatic);
}

TEST(Dialects, preferOurOwnJson) {
  EXPECT_EQ(
      read({{"parameters", kA1111Duck + "Model: x"}, {"studio", R"({"version": 1, "request": {"prompt": "ours"}})"}})
          .request.values.prompt,
      "ours");
}

TEST(Dialects, understandNothingInTextsOfNoProgram) {
  for (const char* text : {"", "words", "{}", "[]", "{\"prompt\": {}}", "{\"a\": {\"class_type\": 3, \"inputs\": []}}",
                           "{\"prompt\": \"x\"}", "NaN"}) {
    for (const char* keyword : {"parameters", "prompt", "workflow", "Comment", "invokeai_metadata", "UserComment"}) {
      const PictureInfo info = read({{keyword, text}});
      EXPECT_TRUE(info.sourceId == "none" || info.request.values.prompt.empty()) << keyword << ": " << text;
    }
  }
}

TEST(BoundedJson, toleratesNotNumbersOutsideOfStrings) {
  const auto json = readJson(R"({"a": NaN, "b": [-Infinity, Infinity, 1], "c": "NaN \" Infinity"})");
  ASSERT_TRUE(json);
  EXPECT_TRUE((*json)["a"].is_null());
  EXPECT_EQ((*json)["b"].size(), 3U);
  EXPECT_EQ(textOf(*json, "c"), "NaN \" Infinity");
}

TEST(BoundedJson, refusesWhatIsNestedTooDeep) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(readJson(nested(64)));
  EXPECT_FALSE(readJson(nested(65)));
  EXPECT_FALSE(readJson(nested(1000000)));
}

}  // namespace
}  // namespace studio::engine
