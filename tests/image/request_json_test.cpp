#include "engine/image/studio_json.h"
#include "tests/image/picture_fixture.h"

#include <nlohmann/json.hpp>

namespace studio::engine {
namespace {

TEST(RequestJson, carriesEveryFieldThereAndBack) {
  GenerationRequest request = duckMetadata().request;
  request.vae = "/vae/桜.safetensors";
  request.textEncoder = "clip.safetensors";
  request.prompt = "quote \" and 桜\n";
  request.batchSize = 3;
  request.batchCount = 7;
  request.guidanceScale = 0.1;
  request.prediction = PredictionType::Velocity;
  request.zeroTerminalSnr = ZeroTerminalSnr::On;
  const Result<RequestPatch> patch = requestFromJson(requestJson(request));
  ASSERT_TRUE(patch) << patch.error().message;
  GenerationRequest back;
  applyPatch(patch.value(), back);
  EXPECT_EQ(back, request);
}

TEST(RequestJson, keepsAnOpenSeedOpen) {
  GenerationRequest back;
  back.seed = Seed{5};
  applyPatch(requestFromJson(requestJson(GenerationRequest{})).value(), back);
  EXPECT_FALSE(back.seed);
}

TEST(RequestJson, isAscii) {
  GenerationRequest request;
  request.prompt = "桜\xFF";
  for (const char c : requestJson(request)) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(RequestJson, leavesAbsentFieldsAlone) {
  const Result<RequestPatch> patch = requestFromJson(R"({"steps": 7, "something_new": [1]})");
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch.value().present, std::vector<std::string>{"steps"});
  GenerationRequest request;
  request.prompt = "stays";
  applyPatch(patch.value(), request);
  EXPECT_EQ(request.steps, 7);
  EXPECT_EQ(request.prompt, "stays");
}

TEST(RequestJson, refusesValuesOfTheWrongKindAndNamesThem) {
  for (const char* text :
       {R"({"steps": "7"})", R"({"steps": 1.5})", R"({"steps": 1e300})", R"({"seed": -1})", R"({"seed": 1e99})",
        R"({"sampler": "quantum"})", R"({"prompt": 3})", R"({"loras": {}})", R"({"loras": [{}]})",
        R"({"loras": [{"file": "a", "weight": "x"}]})", R"({"model": "a\u0000b"})"}) {
    const Result<RequestPatch> patch = requestFromJson(text);
    ASSERT_FALSE(patch) << text;
    EXPECT_EQ(patch.error().kind, ErrorKind::BadRequest);
    const std::string field = std::string(text).substr(2, std::string(text).find('"', 2) - 2);
    EXPECT_NE(patch.error().message.find(field), std::string::npos) << patch.error().message;
  }
}

TEST(RequestJson, refusesWhatIsNoObjectHoweverDeep) {
  EXPECT_FALSE(requestFromJson(""));
  EXPECT_FALSE(requestFromJson("[1]"));
  EXPECT_FALSE(requestFromJson("{\"steps\": NaN}"));
  EXPECT_FALSE(requestFromJson(std::string(1000000, '[')));
  EXPECT_FALSE(requestFromJson("{\"loras\":" + std::string(100000, '[') + std::string(100000, ']') + "}"));
  EXPECT_FALSE(requestFromJson(std::string(5U << 20, ' ')));
}

TEST(StudioJson, tellsNothingAboutFolders) {
  const std::string json = studioJson(duckMetadata());
  EXPECT_EQ(json.find("alice"), std::string::npos);
  EXPECT_NE(json.find("ducks v1.5.safetensors"), std::string::npos);
}

TEST(StudioJson, reducesPathsOfAHostilePictureToNames) {
  PictureMetadata metadata = duckMetadata();
  std::string json = studioJson(metadata);
  json.replace(json.find("ducks v1.5.safetensors"), 5, "//server/share/../d");
  const auto info = pictureInfoFromStudioJson(json);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->request.values.model, "d v1.5.safetensors");
}

TEST(StudioJson, isNothingWhenDamaged) {
  EXPECT_FALSE(pictureInfoFromStudioJson("{}"));
  EXPECT_FALSE(pictureInfoFromStudioJson("{\"version\":1,\"request\":[]}"));
  EXPECT_FALSE(pictureInfoFromStudioJson(studioJson(duckMetadata()).substr(1)));
}

}  // namespace
}  // namespace studio::engine
