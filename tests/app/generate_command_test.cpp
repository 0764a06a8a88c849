#include "engine/api/image_io.h"
#include "engine/image/png_writer.h"
#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

using engine::ErrorKind;

class GenerateCommandTest : public CommandTest {};

TEST_F(GenerateCommandTest, handsEveryFlagToTheGenerator) {
  const auto model = addFile("model.safetensors");
  const auto lora = addFile("loras/water.safetensors");
  // One flag and its value in each line.
  // clang-format off
  const std::vector<std::string> arguments = {
      "generate",
      "--model", model,
      "--vae", "v.safetensors",
      "--text-encoder", "t.safetensors",
      "--prompt", "a duck",
      "--negative", "blurry",
      "--width", "256",
      "--height", "320",
      "--steps", "7",
      "--sampler", "euler_a",
      "--scheduler", "Exponential",
      "--guidance", "4.5",
      "--seed", "18446744073709551615",
      "--batch-size", "2",
      "--batch-count", "3",
      "--clip-skip", "2",
      "--prediction", "v",
      "--lora", lora.string() + ":0.6",
      "--lora", "water:-1",
      "--out", (folder / "{seed}.jpg").string(),
      "--quality", "80",
      "--keep-latents",
      "--precision", "bf16",
      "--threads", "3",
      "--preview", "rgb"};
  // clang-format on
  EXPECT_EQ(run(arguments), kDone) << error.str();
  engine::GenerationRequest expected;
  expected.model = model;
  expected.vae = "v.safetensors";
  expected.textEncoder = "t.safetensors";
  expected.prompt = "a duck";
  expected.negativePrompt = "blurry";
  expected.size = {256, 320};
  expected.steps = 7;
  expected.sampler = engine::Sampler::EulerAncestral;
  expected.schedule = engine::Schedule::Exponential;
  expected.guidanceScale = 4.5;
  expected.seed = engine::Seed{18446744073709551615U};
  expected.batchSize = 2;
  expected.batchCount = 3;
  expected.clipSkip = 2;
  expected.prediction = engine::PredictionType::Velocity;
  expected.loras = {{lora, 0.6}, {lora, -1}};
  ASSERT_EQ(asked.requests.size(), 1U);
  EXPECT_EQ(asked.requests[0], expected);
  EXPECT_EQ(asked.outputs[0].pattern, (folder / "{seed}.jpg").string());
  EXPECT_EQ(asked.outputs[0].quality, 80);
  EXPECT_TRUE(asked.outputs[0].keepLatents);
  EXPECT_EQ(asked.options.precision, engine::Precision::BFloat16);
  EXPECT_EQ(asked.options.threads, 3);
  EXPECT_EQ(asked.options.preview, engine::PreviewMode::LatentRgb);
  EXPECT_EQ(asked.options.loraFolders, environment.searchFolders);
}

TEST_F(GenerateCommandTest, leavesItToTheProfileHowStrictItIsUnlessToldSo) {
  EXPECT_EQ(generate({"--prompt", "a duck", "--reproduce-as", "comfyui"}), kDone) << error.str();
  EXPECT_FALSE(asked.requests.at(0).strict);
  EXPECT_EQ(generate({"--prompt", "a duck", "--strict"}), kDone);
  EXPECT_EQ(asked.requests.at(1).strict, true);
  EXPECT_EQ(generate({"--prompt", "a duck", "--no-strict"}), kDone);
  EXPECT_EQ(asked.requests.at(2).strict, false);
}

/// A picture whose metadata asks for a model, a LoRA and a way of doing things.
std::filesystem::path pictureIn(const std::filesystem::path& folder) {
  engine::PictureMetadata metadata;
  metadata.request.model = "ducks.safetensors";
  metadata.modelName = "ducks";
  metadata.request.prompt = "a duck";
  metadata.request.size = {256, 320};
  metadata.request.seed = engine::Seed{7};
  metadata.request.profile = engine::Profile::ComfyUi;
  metadata.request.loras = {{"water.safetensors", 0.5}};
  const std::vector<std::uint8_t> grey(16 * 16 * 3, 128);
  const engine::Image image{{16, 16}, 3, std::make_shared<const std::vector<std::uint8_t>>(grey)};
  return engine::writePicture(image, metadata, folder / "theirs.png").value();
}

TEST_F(GenerateCommandTest, makesAPictureAgainWhereNoFlagSaysOtherwise) {
  const auto picture = pictureIn(folder);
  const auto ducks = addFile("models/ducks.safetensors"), water = addFile("loras/water.safetensors");
  EXPECT_EQ(generate({"--from", picture, "--seed", "9"}), kDone) << error.str();
  const engine::GenerationRequest& request = asked.requests.at(0);
  EXPECT_EQ(request.model, ducks);
  EXPECT_EQ(request.prompt, "a duck");
  EXPECT_EQ(request.size, (engine::PixelSize{256, 320}));
  EXPECT_EQ(request.seed, engine::Seed{9});
  EXPECT_EQ(request.profile, engine::Profile::ComfyUi);
  EXPECT_EQ(request.loras, (std::vector<engine::LoraUse>{{water, 0.5}}));
}

TEST_F(GenerateCommandTest, failsWhenAFileOfThePictureIsNotHereUnlessItNeedNotBeStrict) {
  const auto picture = pictureIn(folder);
  EXPECT_EQ(generate({"--from", picture}), 3) << "no model, no LoRA";
  addFile("models/ducks.safetensors");
  EXPECT_EQ(generate({"--from", picture}), 3);
  EXPECT_NE(error.str().find("water"), std::string::npos) << error.str();
  EXPECT_EQ(generate({"--from", picture, "--no-strict"}), kDone);
  EXPECT_TRUE(asked.requests.at(0).loras.empty());
  EXPECT_NE(error.str().find("left out"), std::string::npos) << error.str();
  EXPECT_EQ(generate({"--from", addFile("words.png", "no picture")}), 3);
}

TEST_F(GenerateCommandTest, failsForASamplerThatIsUnknownHereUnlessItNeedNotBeStrict) {
  const auto pixels = std::make_shared<const std::vector<std::uint8_t>>(std::size_t{64 * 64 * 3});
  const std::string text =
      "a duck\nSteps: 9, Sampler: Magic, Schedule type: Karras, CFG scale: 7, Seed: 5, Size: 64x64";
  const engine::ByteVector png = engine::encodePng({{64, 64}, 3, pixels}, {{"parameters", text}});
  const std::string picture = addFile("magic.png", {png.begin(), png.end()});
  const std::vector<std::string> again{"--from", picture, "--model", environment.starterModel.string()};
  const auto with = [&again](std::vector<std::string> flags) {
    flags.insert(flags.begin(), again.begin(), again.end());
    return flags;
  };
  EXPECT_EQ(generate(with({})), kBadArguments);
  EXPECT_NE(error.str().find("Magic"), std::string::npos) << error.str();
  EXPECT_TRUE(asked.requests.empty());
  EXPECT_EQ(generate(with({"--no-strict"})), kDone);
  EXPECT_NE(error.str().find("DPM++ 2M is used instead"), std::string::npos) << error.str();
  EXPECT_EQ(generate(with({"--sampler", "euler"})), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(1).sampler, engine::Sampler::Euler);
}

TEST_F(GenerateCommandTest, usesTheStarterModelAtItsOwnSizeWhenNothingIsSaid) {
  EXPECT_EQ(generate({"--prompt", "a duck"}), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(0).model, environment.starterModel);
  EXPECT_EQ(asked.requests.at(0).size, (engine::PixelSize{128, 192}));
  EXPECT_FALSE(asked.requests.at(0).seed);
  EXPECT_EQ(asked.options.preview, engine::PreviewMode::Off);
  EXPECT_EQ(generate({"--width", "64"}), kDone);
  EXPECT_EQ(asked.requests.at(1).size, (engine::PixelSize{64, 192}));
}

TEST_F(GenerateCommandTest, knowsSamplersAndSchedulesByTheNamesOfOtherPrograms) {
  EXPECT_EQ(generate({"--sampler", "dpmpp_2s_ancestral", "--scheduler", "AYS"}), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(0).sampler, engine::Sampler::DpmPlusPlus2SAncestral);
  EXPECT_EQ(asked.requests.at(0).schedule, engine::Schedule::AlignYourSteps);
}

TEST_F(GenerateCommandTest, printsPathsForProgramsAndWordsForPeople) {
  EXPECT_EQ(generate({"--prompt", "a duck"}), kDone);
  EXPECT_EQ(out.str(), "/out/桜.png\n");
  EXPECT_NE(error.str().find("fp32, 2 threads; fp32 was asked for"), std::string::npos) << error.str();
  EXPECT_NE(error.str().find("A note for people."), std::string::npos);
  EXPECT_NE(error.str().find("1 picture in 1.50 s, at most 1.00 GiB"), std::string::npos) << error.str();
}

TEST_F(GenerateCommandTest, printsOneObjectALineWithJson) {
  EXPECT_EQ(generate({"--json", "--seed", "5"}), kDone);
  std::vector<std::string> events;
  for (const auto& line : jsonLines()) events.push_back(line["event"]);
  EXPECT_EQ(events,
            (std::vector<std::string>{"phase", "loaded", "phase", "step", "preview", "step", "image", "finished"}));
  EXPECT_EQ(jsonLines()[6]["path"], "/out/桜.png");
  EXPECT_EQ(jsonLines()[6]["seed"], 5);
  EXPECT_EQ(error.str(), "Note: A note for people.\n");
  EXPECT_EQ(asked.options.preview, engine::PreviewMode::Automatic);
}

TEST_F(GenerateCommandTest, endsWithACodeForEveryKindOfFailure) {
  const std::pair<ErrorKind, int> cases[] = {
      {ErrorKind::BadRequest, 2},  {ErrorKind::BadFile, 3},     {ErrorKind::MissingFile, 3},
      {ErrorKind::MissingPart, 3}, {ErrorKind::WrongFamily, 3}, {ErrorKind::OutOfMemory, 4},
      {ErrorKind::CannotWrite, 1}, {ErrorKind::Device, 1},      {ErrorKind::Internal, 1}};
  for (const auto& [kind, code] : cases) {
    script = [kind = kind](engine::JobId job, const engine::GenerationRequest&) {
      return std::vector<engine::EngineEvent>{engine::JobFailed{job, {kind, "It went wrong.", "at line 7"}}};
    };
    EXPECT_EQ(generate({}), code);
    EXPECT_EQ(error.str(), "Error: It went wrong.\n  at line 7\n");
    EXPECT_EQ(generate({"--json"}), code);
    EXPECT_EQ(jsonLines().at(0)["event"], "failed");
    EXPECT_EQ(jsonLines().at(0)["kind"], engine::errorKindName(kind));
    EXPECT_EQ(jsonLines().at(0)["message"], "It went wrong.");
    EXPECT_EQ(jsonLines().at(0)["detail"], "at line 7");
  }
}

TEST_F(GenerateCommandTest, asksTheJobToEndWhenInterrupted) {
  script = [](engine::JobId job, const engine::GenerationRequest&) {
    return std::vector<engine::EngineEvent>{engine::JobStarted{job, {}, 1}};
  };
  environment.interrupted = [] { return true; };
  EXPECT_EQ(generate({"--json"}), kCancelled);
  EXPECT_EQ(asked.cancelled, std::vector<engine::JobId>{engine::JobId{1}});
  EXPECT_EQ(jsonLines().back()["event"], "cancelled");
}

TEST_F(GenerateCommandTest, ignoresEventsOfOtherJobs) {
  script = [](engine::JobId job, const engine::GenerationRequest& request) {
    std::vector<engine::EngineEvent> events{engine::JobFailed{{job.value + 1}, {}}};
    for (auto& event : onePicture(job, request)) events.push_back(event);
    return events;
  };
  EXPECT_EQ(generate({}), kDone);
}

TEST_F(GenerateCommandTest, putsQuestionsToThePersonAtTheTerminal) {
  script = [](engine::JobId job, const engine::GenerationRequest& request) {
    std::vector<engine::EngineEvent> events{engine::ConsentAsked{job, engine::sentence("It would look different.")}};
    for (auto& event : onePicture(job, request)) events.push_back(event);
    return events;
  };
  EXPECT_EQ(generate({}), kDone);
  EXPECT_EQ(asked.answers, std::vector<bool>{false}) << "nobody is there";
  std::string question;
  environment.ask = [&question](const std::string& words) {
    question = words;
    return true;
  };
  EXPECT_EQ(generate({}), kDone);
  EXPECT_EQ(asked.answers, (std::vector<bool>{false, true}));
  EXPECT_EQ(question, "It would look different.");
}

struct BadFlags {
  std::vector<std::string> flags;
  const char* words;
};

TEST_F(GenerateCommandTest, refusesBadValuesWithASentenceThatNamesThem) {
  const BadFlags cases[] = {
      {{"--width", "0"}, "Width is 0; it must be from 64 to 8192."},
      {{"--width", "100000"}, "Width is 100000"},
      {{"--height", "513"}, "a multiple of 8, for example 512 or 520"},
      {{"--width", "99999999999999999999"}, "it must be a whole number from 64 to 8192 (--width)"},
      {{"--steps", "many"}, "Steps is \"many\""},
      {{"--steps", "2.5"}, "it must be a whole number from 1 to 1000"},
      {{"--steps", ""}, "Steps is \"\""},
      {{"--guidance", "nan"}, "Guidance is nan"},
      {{"--seed", "18446744073709551616"}, "from 0 to 18446744073709551615"},
      {{"--seed", "-2"}, "Seed is \"-2\""},
      {{"--sampler", "magic"}, "it must be one of euler, euler_a"},
      {{"--sampler", "DPM++ 2M Karras"}, "it must be one of euler, euler_a"},
      {{"--scheduler", "magic"}, "normal, simple, karras"},
      {{"--precision", "fp7"}, "auto, fp32, bf16 or fp16"},
      {{"--preview", "tv"}, "off, rgb, decoder or auto"},
      {{"--threads", "-1"}, "--threads"},
      {{"--quality", "101"}, "--quality"},
      {{"--lora", "water:heavy1"}, "There is no LoRA"},
      {{"--lora", "water:1.2.3"}, "not FILE:weight"},
      {{"--lora", "starter:200"}, "from -100 to 100"},
      {{"--out", "picture.gif"}, "does not end with .png, .jpg or .webp"},
      {{"--no-such-flag"}, "--no-such-flag"},
      {{"--steps"}, "--steps"},
  };
  for (const BadFlags& bad : cases) {
    const int expected = std::string(bad.words).starts_with("There is no") ? kBadInputFile : kBadArguments;
    EXPECT_EQ(generate(bad.flags), expected) << bad.flags[0] << error.str();
    EXPECT_NE(error.str().find(bad.words), std::string::npos) << error.str();
    EXPECT_EQ(out.str(), "");
    std::vector<std::string> withJson = bad.flags;
    withJson.insert(withJson.begin(), "--json");
    EXPECT_EQ(generate(withJson), expected);
    EXPECT_EQ(jsonLines().at(0)["event"], "failed") << "programs learn the reason too";
  }
  EXPECT_TRUE(asked.requests.empty());
}

TEST_F(GenerateCommandTest, takesValuesThatLookLikeFlagsOrAreEmpty) {
  EXPECT_EQ(generate({"--prompt", "--dashes--", "--negative", "", "--seed", "-1", "--lora", "starter:-0.5"}), kDone)
      << error.str();
  EXPECT_EQ(asked.requests.at(0).prompt, "--dashes--");
  EXPECT_EQ(asked.requests.at(0).negativePrompt, "");
  EXPECT_FALSE(asked.requests.at(0).seed);
}

TEST_F(GenerateCommandTest, lastOfARepeatedFlagCounts) {
  EXPECT_EQ(generate({"--steps", "5", "--steps", "6"}), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(0).steps, 6);
}

TEST_F(GenerateCommandTest, refusesFilesThatAreNoModels) {
  EXPECT_EQ(generate({"--model", "/nowhere/model.safetensors"}), kBadInputFile);
  EXPECT_NE(error.str().find("There is no model \"/nowhere/model.safetensors\"."), std::string::npos);
  inspected = engine::FileInfo(engine::LoraInfo{.path = "water.safetensors", .kind = "LoRA"});
  EXPECT_EQ(generate({}), kBadInputFile);
  EXPECT_NE(error.str().find("water.safetensors is not a model that makes pictures. What is in it: LoRA."),
            std::string::npos)
      << error.str();
  inspected = engine::EngineError{ErrorKind::BadFile, "The file is cut short.", "x"};
  EXPECT_EQ(generate({}), kBadInputFile);
  EXPECT_NE(error.str().find("The file is cut short."), std::string::npos);
  EXPECT_TRUE(asked.requests.empty());
}

TEST_F(GenerateCommandTest, findsModelsByNameInTheirFolders) {
  const auto model = addFile("deep/My Model.safetensors");
  EXPECT_EQ(generate({"--model", "my model"}), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(0).model, model);
}

TEST_F(GenerateCommandTest, saysWhatToDoWithoutAnyModel) {
  environment.starterModel.clear();
  EXPECT_EQ(generate({}), kBadArguments);
  EXPECT_NE(error.str().find("--model FILE"), std::string::npos);
}

TEST_F(GenerateCommandTest, refusesAnUnwritablePlaceBeforeTheWork) {
  const auto file = addFile("file");
  EXPECT_EQ(run({"generate", "--out", (file / "a.png").string()}), kFailed);
  EXPECT_NE(error.str().find("is not a folder"), std::string::npos) << error.str();
  EXPECT_TRUE(asked.requests.empty());
}

TEST_F(GenerateCommandTest, refusesAPlaceholderThatItDoesNotKnow) {
  EXPECT_EQ(run({"generate", "--out", (folder / "{seed}/{name}.png").string()}), kBadArguments);
  EXPECT_NE(error.str().find("--out does not know {name}; it knows {index}"), std::string::npos) << error.str();
  EXPECT_TRUE(asked.requests.empty());
}

TEST_F(GenerateCommandTest, failsWhenItsWordsCannotBeWritten) {
  out.setstate(std::ios::badbit);
  EXPECT_EQ(generate({"--prompt", "a duck"}), kFailed);
  EXPECT_NE(error.str().find("The output could not be written."), std::string::npos);
}

TEST_F(GenerateCommandTest, givesAFolderTheUsualFileName) {
  EXPECT_EQ(run({"generate", "--out", folder.string()}), kDone);
  EXPECT_EQ(asked.outputs.at(0).pattern, (folder / "{date}-{seed}.png").string());
  EXPECT_EQ(run({"generate", "--out", (folder / "new/").string()}), kDone);
  EXPECT_EQ(asked.outputs.at(1).pattern, (folder / "new/{date}-{seed}.png").string());
}

TEST_F(GenerateCommandTest, explainsEveryFlagWithExamples) {
  EXPECT_EQ(run({"generate", "--help"}), kDone);
  for (const char* words : {"--prompt TEXT", "--text-encoder FILE", "--lora FILE:weight", "64 to 8192", "dpmpp_2m_sde",
                            "--preview", "--precision", "--threads", "Examples:", "never replaced"}) {
    EXPECT_NE(out.str().find(words), std::string::npos) << words << "\n" << out.str();
  }
  EXPECT_EQ(error.str(), "");
  EXPECT_EQ(run({"--help"}), kDone);
  EXPECT_NE(out.str().find("Exit codes: 0 done, 2 bad arguments"), std::string::npos);
  EXPECT_EQ(run({"--version"}), kDone);
  EXPECT_EQ(out.str(), "Kiln Studio 1.2.3\n");
  EXPECT_EQ(run({}), kBadArguments);
  EXPECT_EQ(run({"paint"}), kBadArguments);
  EXPECT_NE(error.str().find(
                "\"paint\" is not a command; the commands are generate, estimate, jobs, resume, decode, inspect, "
                "convert, devices and "
                "bench."),
            std::string::npos)
      << error.str();
}

}  // namespace
}  // namespace studio::app
