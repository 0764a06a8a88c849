#include "tests/image/picture_fixture.h"
#include "tests/support/test_data.h"

namespace studio::engine {
namespace {

bool notes(const PictureInfo& info, NoteKind kind, const std::string& part) {
  return std::any_of(info.notes.begin(), info.notes.end(), [&](const PictureNote& note) {
    return note.kind == kind && (note.name + " " + note.value).find(part) != std::string::npos;
  });
}

PictureInfo read(const std::string& name) {
  const Result<PictureInfo> info = readPictureInfo(tests::testData("metadata/" + name));
  EXPECT_TRUE(info) << name << ": " << info.error().message;
  return info ? info.value() : PictureInfo{};
}

TEST(RealPictures, allSayWhichProgramMadeThem) {
  STUDIO_NEED_TEST_DATA("metadata");
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests::testData("metadata"))) {
    const PictureInfo info = read(utf8FromPath(entry.path().filename()));
    EXPECT_NE(info.sourceId, "none") << entry.path();
    EXPECT_TRUE(has(info.request, "prompt")) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 5U);
}

TEST(RealPictures, ofComfyUiAreWalkedBackToTheSampler) {
  STUDIO_NEED_TEST_DATA("metadata/img2img_cropped.png");
  const PictureInfo info = read("img2img_cropped.png");
  EXPECT_EQ(info.sourceId, "comfyui");
  const GenerationRequest& request = info.request.values;
  EXPECT_EQ(request.prompt, "photograph of victorian woman with wings, sky clouds, meadow grass\n");
  EXPECT_EQ(request.negativePrompt, "watermark, text\n");
  EXPECT_EQ(request.seed, Seed{280823642470253});
  EXPECT_EQ(request.steps, 20);
  EXPECT_EQ(request.guidanceScale, 8.0);
  EXPECT_EQ(request.sampler, Sampler::DpmPlusPlus2M);
  EXPECT_EQ(request.schedule, Schedule::Normal);
  EXPECT_EQ(request.model, "v1-5-pruned-emaonly.ckpt");
  EXPECT_TRUE(notes(info, NoteKind::StartPicture, "example.png"));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "denoise 0.87"));
  EXPECT_TRUE(info.promptChanges.empty());
}

TEST(RealPictures, ofFooocusBringTheirStylesAndTheirModel) {
  STUDIO_NEED_TEST_DATA("metadata/fooocus1_cropped.png");
  const PictureInfo info = read("fooocus1_cropped.png");
  EXPECT_EQ(info.sourceId, "fooocus");
  const GenerationRequest& request = info.request.values;
  EXPECT_TRUE(request.prompt.starts_with("cinematic still a smiling goldfish . emotional")) << request.prompt;
  EXPECT_NE(request.prompt.find(" BREAK a smiling goldfish, deep focus"), std::string::npos);
  ASSERT_EQ(info.promptChanges.size(), 2U);
  EXPECT_EQ(info.promptChanges[0].original, "a smiling goldfish");
  EXPECT_EQ(info.promptChanges[0].translated, request.prompt);
  EXPECT_EQ(request.seed, Seed{6952411511246973023});
  EXPECT_EQ(request.size, (PixelSize{768, 1280}));
  EXPECT_EQ(request.guidanceScale, 4.0);
  EXPECT_EQ(request.clipSkip, 2);
  EXPECT_EQ(request.sampler, Sampler::DpmPlusPlus2MSde);
  EXPECT_EQ(request.schedule, Schedule::Karras);
  EXPECT_EQ(info.modelName, "juggernautXL_v8Rundiffusion");
  EXPECT_EQ(info.modelHash, "aeb7e9e689");
  EXPECT_FALSE(has(info.request, "vae"));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "sharpness 2"));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "adm_guidance (1.5, 0.8, 0.3)"));
}

TEST(RealPictures, ofTheFirstInvokeAiAreReadFromTheirCommandLine) {
  STUDIO_NEED_TEST_DATA("metadata/invokeai_dream1.png");
  const PictureInfo info = read("invokeai_dream1.png");
  EXPECT_EQ(info.sourceId, "invokeai");
  const GenerationRequest& request = info.request.values;
  EXPECT_TRUE(request.prompt.starts_with("professional full body photo of young woman")) << request.prompt;
  EXPECT_TRUE(request.prompt.ends_with("film grain, low contrast")) << request.prompt;
  EXPECT_EQ(request.negativePrompt, "rendering, glowing eyes, skinny");
  EXPECT_NE(request.prompt.find("long legs, imperfect skin, detailed"), std::string::npos) << "plain group: weight 1";
  EXPECT_EQ(request.steps, 50);
  EXPECT_EQ(request.seed, Seed{2980747362});
  EXPECT_EQ(request.size, (PixelSize{512, 768}));
  EXPECT_EQ(request.guidanceScale, 5.0);
  EXPECT_TRUE(has(info.request, "sampler") || notes(info, NoteKind::Sampler, "k_lms"));
  EXPECT_TRUE(notes(info, NoteKind::Setting, "-U 4 0.95"));
  ASSERT_EQ(info.promptChanges.size(), 1U);
}

}  // namespace
}  // namespace studio::engine
