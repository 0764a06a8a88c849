#include "engine/image/lora_tags.h"
#include "tests/image/picture_fixture.h"

#include <algorithm>

namespace studio::engine {
namespace {

const std::string kSettings = "\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512";

TEST(LoraTags, carryWeightsRanksAndBlocksThereAndBack) {
  for (const LoraUse& use : {LoraUse{"a", 0.8}, LoraUse{"b", 0.5, 0.25}, LoraUse{"c", 1, std::nullopt, 8},
                             LoraUse{"d", 0.5, 0.0, 4, "1,0,0.5"}}) {
    const PromptWithoutLoras taken = takeLoraTags("x " + loraTag(use));
    ASSERT_EQ(taken.loras.size(), 1U);
    EXPECT_EQ(taken.loras.front(), use) << loraTag(use);
    EXPECT_EQ(taken.prompt, "x");
  }
  EXPECT_EQ(takeLoraTags("<lora:a:te=0.5:unet=0.2>").loras.front(), (LoraUse{"a", 0.2, 0.5}));
}

TEST(ParametersText, isWrittenAsA1111WritesIt) {
  PictureMetadata metadata = duckMetadata();
  metadata.loraHashes = {{"water", "a1b2c3d4e5f6"}};
  metadata.embeddingHashes = {{"ink", "0123456789ab"}, {"bad, worse", "ba9876543210"}};
  EXPECT_EQ(parametersText(metadata),
            "photo of a duck <lora:water:0.8>\n"
            "Negative prompt: monochrome\n"
            "Steps: 15, Sampler: UniPC, Schedule type: Karras, CFG scale: 5.5, Seed: 18446744073709551615, "
            "Size: 512x400, Model hash: c0d1994c73, Model: ducks v1.5, Clip skip: 2, RNG: CPU, "
            "Lora hashes: \"water: a1b2c3d4e5f6\", TI hashes: \"ink: 0123456789ab, bad, worse: ba9876543210\", "
            "Version: Kiln Studio 0.1.0");
}

TEST(ParametersText, leavesOutWhatIsNotThere) {
  PictureMetadata metadata;
  metadata.request.prompt = "duck";
  metadata.request.seed = Seed{1};
  EXPECT_EQ(parametersText(metadata),
            "duck\nSteps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 1, Size: 512x512, "
            "RNG: CPU, Version: Kiln Studio");
}

TEST(ParametersText, saysWhereInItsBatchAPictureStood) {
  PictureMetadata metadata = duckMetadata();
  metadata.batchSize = 4;
  metadata.index = 6;
  EXPECT_NE(parametersText(metadata).find("Batch size: 4, Batch pos: 2"), std::string::npos);
}

TEST(ParametersText, namesTheRefinerAndWhereItTakesOver) {
  PictureMetadata metadata = duckMetadata();
  metadata.request.refiner = "/models/sd_xl_refiner_1.0.safetensors";
  metadata.request.refinerSwitchAt = 0.7;
  const std::string text = parametersText(metadata);
  EXPECT_NE(text.find("Refiner: sd_xl_refiner_1.0, Refiner switch at: 0.7"), std::string::npos) << text;
  for (const std::string& same : {text, "duck" + kSettings +
                                            ", Refiner: sd_xl_refiner_1.0 [7440042bbd], "
                                            "Refiner switch at: 0.7"}) {
    const PictureInfo info = parseParametersText(same);
    EXPECT_EQ(info.request.values.refiner, "sd_xl_refiner_1.0");
    EXPECT_EQ(info.request.values.refinerSwitchAt, 0.7);
  }
}

TEST(ParametersText, quotesNamesThatWouldBreakTheLine) {
  PictureMetadata metadata = duckMetadata();
  metadata.modelName = "ducks, \"wild\": 桜";
  const PictureInfo info = parseParametersText(parametersText(metadata));
  EXPECT_EQ(info.modelName, metadata.modelName);
  EXPECT_EQ(info.request.values.seed, metadata.request.seed);
}

TEST(ParametersText, readsBackWhatItWrote) {
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = "a (duck:1.2), \\(wild\\)\nBREAK\n  second line";
  metadata.request.negativePrompt = "mono\nchrome";
  metadata.request.emphasis = Emphasis::NoNorm;
  metadata.request.refiner = "/home/alice/models/refiner.safetensors";
  metadata.request.refinerSwitchAt = 0.75;
  const PictureInfo info = parseParametersText(parametersText(metadata));
  EXPECT_EQ(info.source, "Kiln Studio");
  GenerationRequest request;
  applyPatch(info.request, request);
  GenerationRequest expected = metadata.request;
  expected.model = "ducks v1.5";
  expected.loras[0].file = "water";
  expected.refiner = "refiner";
  EXPECT_EQ(request, expected);
}

TEST(ParametersText, carriesWhatDecidesTheNoiseThereAndBack) {
  for (const auto& profile : kProfiles) {
    PictureMetadata metadata = duckMetadata();
    GenerationRequest& request = metadata.request;
    request.profile = profile.value;
    request.programVersion = "v1.5.1";
    request.ensd = 31337;
    request.gpuThreads = 43008;
    request.pathNoise = PathNoise::Cpu;
    request.eta = 0.5;
    request.ddimEta = 0.25;
    request.sChurn = 3;
    request.sTmin = 0.5;
    request.sTmax = 9;
    request.sNoise = 1.02;
    request.promptOnly = 0.2;
    request.penultimateSigma = PenultimateSigma::Keep;
    if (profile.value == Profile::Studio) request.programVersion.clear(), request.gpuThreads = 0;
    const PictureInfo info = parseParametersText(parametersText(metadata));
    GenerationRequest read;
    applyPatch(info.request, read);
    GenerationRequest expected = request;
    expected.model = "ducks v1.5";
    expected.loras[0].file = "water";
    EXPECT_EQ(read, expected) << profile.id << " " << parametersText(metadata);
  }
}

TEST(ParametersText, tellsA1111WhereToDrawItsNoiseAndWhichOfItsOldWaysToGo) {
  const auto textOf = [](Profile profile, const std::string& version) {
    PictureMetadata metadata = duckMetadata();
    metadata.request.profile = profile;
    metadata.request.programVersion = version;
    return parametersText(metadata);
  };
  EXPECT_NE(textOf(Profile::A1111Nv, "").find(", RNG: NV, "), std::string::npos);
  EXPECT_NE(textOf(Profile::A1111Gpu, "").find(", RNG: GPU, "), std::string::npos);
  EXPECT_NE(textOf(Profile::ComfyUi, "").find(", RNG: CPU, "), std::string::npos);
  const std::string old = textOf(Profile::A1111Cpu, "v1.5.1");
  EXPECT_NE(old.find("Old prompt editing timelines: True, Downcast alphas_cumprod: True"), std::string::npos) << old;
  EXPECT_EQ(textOf(Profile::A1111Cpu, "v1.10.1").find("True"), std::string::npos);
}

TEST(ParametersText, readsBackEverySamplerAndSchedule) {
  for (const auto& sampler : kSamplers) {
    for (const auto& schedule : kSchedules) {
      PictureMetadata metadata = duckMetadata();
      metadata.request.sampler = sampler.value;
      metadata.request.schedule = schedule.value;
      const PictureInfo info = parseParametersText(parametersText(metadata));
      EXPECT_EQ(info.request.values.sampler, sampler.value) << sampler.label;
      EXPECT_EQ(info.request.values.schedule, schedule.value) << schedule.label;
    }
  }
}

TEST(ParametersText, understandsA1111) {
  const PictureInfo info = parseParametersText(
      "photo of a duck\nNegative prompt: monochrome\nSteps: 15, Sampler: UniPC, CFG scale: 5, Seed: 235284042, "
      "Size: 512x400, Model hash: c0d1994c73, Model: realistic_V20, Denoising strength: 0.5, Version: v1.7.0");
  EXPECT_EQ(info.source, "A1111");
  EXPECT_EQ(info.modelName, "realistic_V20");
  EXPECT_EQ(info.modelHash, "c0d1994c73");
  EXPECT_EQ(info.request.values.prompt, "photo of a duck");
  EXPECT_EQ(info.request.values.negativePrompt, "monochrome");
  EXPECT_EQ(info.request.values.size, (PixelSize{512, 400}));
  EXPECT_EQ(info.request.values.schedule, Schedule::Normal) << "before 1.9 no schedule type meant uniform";
  EXPECT_EQ(info.request.values.clipSkip, 1);
  EXPECT_TRUE(has(info.request, "clip_skip")) << "A1111 leaves it out when it is 1";
  EXPECT_FALSE(has(info.request, "vae"));
}

struct SamplerCase {
  const char* text;
  std::optional<Sampler> sampler;
  std::optional<Schedule> schedule;
};

TEST(ParametersText, takesOldAndNewSamplerNamesApart) {
  const SamplerCase cases[] = {
      {"Sampler: DPM++ 2M Karras", Sampler::DpmPlusPlus2M, Schedule::Karras},
      {"Sampler: DPM++ 2M SDE Exponential", Sampler::DpmPlusPlus2MSde, Schedule::Exponential},
      {"Sampler: DPM++ 2M", Sampler::DpmPlusPlus2M, Schedule::Normal},
      {"Sampler: DPM++ 2M, Schedule type: Automatic", Sampler::DpmPlusPlus2M, Schedule::Automatic},
      {"Sampler: DPM++ 2M SDE, Schedule type: Automatic", Sampler::DpmPlusPlus2MSde, Schedule::Automatic},
      {"Sampler: Euler, Schedule type: Automatic", Sampler::Euler, Schedule::Automatic},
      {"Sampler: DPM++ 2M Karras, Schedule type: Automatic", Sampler::DpmPlusPlus2M, Schedule::Karras},
      {"Sampler: Euler a, Schedule type: SGM Uniform", Sampler::EulerAncestral, Schedule::SgmUniform},
      {"Sampler: Heun, Schedule type: Uniform", Sampler::Heun, Schedule::Uniform},
      {"Sampler: DPM++ 3M SDE Karras", Sampler::DpmPlusPlus3MSde, Schedule::Karras},
      {"Sampler: DPM++ 2S a Karras", Sampler::DpmPlusPlus2SAncestral, Schedule::Karras},
      {"Sampler: Restart", Sampler::Restart, Schedule::Karras},
      {"Sampler: Restart, Schedule type: Uniform", Sampler::Restart, Schedule::Uniform},
      {"Sampler: DDIM CFG++, Schedule type: DDIM", Sampler::DdimCfgPlusPlus, Schedule::DdimUniform},
      {"Sampler: res_multistep, Schedule type: kl_optimal", Sampler::ResMultistep, Schedule::KlOptimal},
      {"Sampler: dpmpp_2m_sde_gpu, Schedule type: karras", Sampler::DpmPlusPlus2MSde, Schedule::Karras},
      {"Sampler: uni_pc_bh2, Schedule type: sgm_uniform", Sampler::UniPCBh2, Schedule::SgmUniform},
      {"Sampler: Flux Realistic", std::nullopt, Schedule::Normal},
      {"Sampler: Euler, Schedule type: Bong Tangent", Sampler::Euler, std::nullopt},
  };
  for (const SamplerCase& expected : cases) {
    const PictureInfo info = parseParametersText("duck\nSteps: 20, " + std::string(expected.text) + ", Seed: 1");
    EXPECT_TRUE(has(info.request, "sampler") && has(info.request, "scheduler")) << expected.text;
    const auto unknown = [&info](NoteKind kind) {
      return std::any_of(info.notes.begin(), info.notes.end(), [kind](const auto& note) { return note.kind == kind; });
    };
    EXPECT_NE(unknown(NoteKind::Sampler), expected.sampler.has_value()) << expected.text;
    EXPECT_NE(unknown(NoteKind::Schedule), expected.schedule.has_value()) << expected.text;
    const GenerationRequest defaults;
    EXPECT_EQ(info.request.values.sampler, expected.sampler.value_or(defaults.sampler)) << expected.text;
    EXPECT_EQ(info.request.values.schedule, expected.schedule.value_or(defaults.schedule)) << expected.text;
  }
}

TEST(ParametersText, turnsLoraTagsIntoLoras) {
  const PictureInfo info =
      parseParametersText("<lora:a b:0.5> duck <lora:c:1:0.3>, <lyco:folder/d> <lora:e:te=0.25>" + kSettings);
  EXPECT_EQ(info.request.values.prompt, "duck ,");
  const std::vector<LoraUse> expected{{"a b", 0.5}, {"c", 0.3, 1.0}, {"d", 1.0}, {"e", 0.25}};
  EXPECT_EQ(info.request.values.loras, expected);
}

TEST(ParametersText, namesHypernetworksAsNotCarriedOut) {
  const PictureInfo info = parseParametersText("duck <hypernet:anime:0.7>, <hypernet: <hypernet:x:1>" + kSettings);
  std::vector<std::string> notes;
  for (const PictureNote& note : info.notes) {
    if (note.kind == NoteKind::Setting) notes.push_back(noteSentence(note).text());
  }
  EXPECT_EQ(notes,
            (std::vector<std::string>{"Not carried out: <hypernet:anime:0.7>.", "Not carried out: <hypernet:x:1>."}));
  EXPECT_NE(info.request.values.prompt.find("<hypernet:anime:0.7>"), std::string::npos) << "the text stays";
}

TEST(ParametersText, writesTheWeightThatWasUsedInTheTagsPlace) {
  PictureMetadata metadata;
  metadata.request.prompt = "a <lora:Water:0.2> duck <lora:other:0.5> <lora:water:0.3>";
  metadata.request.loras = {{"/somewhere/water.safetensors", 0.9}};
  EXPECT_TRUE(parametersText(metadata).starts_with("a <lora:water:0.9> duck <lora:other:0.5> \n"))
      << parametersText(metadata);
}

TEST(ParametersText, leavesBrokenTagsInThePrompt) {
  const std::string prompt = "<lora:> <lora:a\n:1> <lora: and no end <lorax:a:1> <lora:..:1>";
  EXPECT_EQ(parseParametersText(prompt + kSettings).request.values.prompt, prompt);
}

TEST(ParametersText, doesNotWriteATagTwice) {
  PictureMetadata metadata = duckMetadata();
  metadata.request.prompt = "duck <lora:water:0.8>";
  EXPECT_TRUE(parametersText(metadata).starts_with("duck <lora:water:0.8>\nNegative"));
}

TEST(ParametersText, ignoresPathsInNames) {
  const PictureInfo info = parseParametersText("duck" + kSettings + ", Model: ../../etc/passwd, VAE: C:\\vae\\good.pt");
  EXPECT_EQ(info.request.values.model, "passwd");
  EXPECT_EQ(info.request.values.vae, "good.pt");
}

TEST(ParametersText, leavesOutNumbersOutsideTheRange) {
  const PictureInfo info = parseParametersText(
      "duck\nSteps: 99999999999, Sampler: Euler, CFG scale: nan, Seed: -1, Size: 100000x0, Clip skip: 99");
  EXPECT_EQ(info.source, "A1111");
  for (const char* id : {"steps", "guidance_scale", "seed", "width", "height", "clip_skip"}) {
    EXPECT_FALSE(has(info.request, id)) << id;
  }
}

TEST(ParametersText, notesNumbersThatAreNone) {
  const PictureInfo info = parseParametersText("duck\nSteps: 9, Sampler: Euler, CFG scale: nan, Seed: -5, Size: 64x64");
  const auto noted = [&info](const PictureNote& note) {
    return std::find(info.notes.begin(), info.notes.end(), note) != info.notes.end();
  };
  EXPECT_TRUE(noted({NoteKind::OutOfRange, "CFG scale", "nan"}));
  EXPECT_TRUE(noted({NoteKind::OutOfRange, "Seed", "-5"}));
  EXPECT_FALSE(info.request.values.seed);
}

TEST(ParametersText, saysWhatIsUsedInPlaceOfAnUnknownSampler) {
  const PictureInfo info =
      parseParametersText("duck\nSteps: 9, Sampler: Magic, Schedule type: Wand, CFG scale: 7, Seed: 5, Size: 64x64");
  EXPECT_EQ(noteSentence(info.notes.at(0)).text(), "The sampler “Magic” is unknown here; DPM++ 2M is used instead.");
  EXPECT_EQ(noteSentence(info.notes.at(1)).text(), "The scheduler “Wand” is unknown here; Karras is used instead.");
  const auto& present = info.request.present;
  EXPECT_NE(std::find(present.begin(), present.end(), "sampler"), present.end()) << "nothing else may decide it";
  EXPECT_EQ(info.request.values.sampler, Sampler::DpmPlusPlus2M);
}

TEST(ParametersText, findsTheSettingsAlthoughAnotherProgramAddedLines) {
  const PictureInfo info = parseParametersText("duck" + kSettings + "\nTemplate: x, y: 1\n");
  EXPECT_EQ(info.request.values.prompt, "duck");
  EXPECT_EQ(info.request.values.sampler, Sampler::EulerAncestral);
}

TEST(ParametersText, acceptsWindowsLineEndsAndNoPromptAtAll) {
  const PictureInfo info = parseParametersText("Negative prompt: mono\r\nSteps: 20, Sampler: Euler, Seed: 5\r\n");
  EXPECT_EQ(info.request.values.prompt, "");
  EXPECT_EQ(info.request.values.negativePrompt, "mono");
  EXPECT_EQ(info.request.values.seed, Seed{5});
}

TEST(ParametersText, understandsNothingInOtherTextsButKeepsThem) {
  for (const char* text : {"", "just words", "{\"prompt\": \"a\", \"steps\": 3}", "a: 1"}) {
    const PictureInfo info = parseParametersText(text);
    EXPECT_EQ(info.source, "") << text;
    EXPECT_TRUE(info.request.present.empty()) << text;
    EXPECT_EQ(info.parameters, text);
  }
}

TEST(ParametersText, survivesStrangeSettings) {
  for (const char* line : {"Steps: \"", "Steps: 1, : : :, \"a: \"b, c: \"d\\", "Steps: ,,,,Seed:,Size:x",
                           "Steps: \"\\u12\", Seed: 3, Size: 1x"}) {
    const PictureInfo info = parseParametersText(std::string("duck\n") + line);
    EXPECT_EQ(info.request.values.prompt, "duck") << line;
  }
}

TEST(ParametersText, takesAsLongForAnEndlessTextAsForItsLength) {
  std::string text(2000000, '<');
  text += std::string(200000, ':') + std::string(200000, '"') + "\nSteps: 1, Seed: 2, Size: 8x8";
  EXPECT_EQ(parseParametersText(text).request.values.steps, 1);
}

}  // namespace
}  // namespace studio::engine
