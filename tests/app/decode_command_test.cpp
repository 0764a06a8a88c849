#include "tests/app/command_fixture.h"

#include <cstdint>
#include <cstring>

namespace studio::app {
namespace {

class DecodeCommandTest : public CommandTest {
 protected:
  /// A latent of one cell that a small model made.
  std::filesystem::path addLatent(const std::string& request) {
    const nlohmann::json studio = {
        {"version", 1}, {"request", nlohmann::json::parse(request)}, {"model_name", "kiln"}, {"model_hash", ""}};
    const nlohmann::json header = {{"__metadata__", {{"studio", studio.dump()}}},
                                   {"latent", {{"dtype", "F32"}, {"shape", {1, 4, 1, 1}}, {"data_offsets", {0, 16}}}}};
    const std::string text = header.dump();
    const std::uint64_t length = text.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return addFile("a.latent.safetensors", bytes + text + std::string(16, '\0'));
  }
  int decode(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"decode", "--out", (folder / "a.png").string()});
    return run(std::move(arguments));
  }
};

constexpr const char* kRequest =
    R"({"model":"kiln.safetensors","prompt":"a duck","seed":5,"loras":[{"file":"gone.safetensors","weight":1}]})";

TEST_F(DecodeCommandTest, asksForThePictureWithTheModelThatMadeIt) {
  const auto model = addFile("models/kiln.safetensors");
  const auto latent = addLatent(kRequest);
  EXPECT_EQ(decode({latent.string(), "--quality", "80", "--json"}), kDone) << error.str();
  EXPECT_EQ(asked.decoded, std::vector<std::filesystem::path>{latent});
  EXPECT_EQ(asked.requests.at(0).model, model);
  EXPECT_EQ(asked.requests.at(0).prompt, "a duck");
  EXPECT_EQ(asked.outputs.at(0).pattern, (folder / "a.png").string());
  EXPECT_EQ(asked.outputs.at(0).quality, 80);
  EXPECT_EQ(jsonLines().back()["event"], "finished");
  EXPECT_EQ(error.str().find("gone"), std::string::npos) << "a LoRA has no part in decoding";
}

TEST_F(DecodeCommandTest, takesAnotherModelAndVae) {
  const auto latent = addLatent(kRequest);
  const auto other = addFile("other.safetensors");
  EXPECT_EQ(decode({latent.string(), "--model", other.string(), "--vae", "/v.safetensors"}), kDone) << error.str();
  EXPECT_EQ(asked.requests.at(0).model, other);
  EXPECT_EQ(asked.requests.at(0).vae, "/v.safetensors");
}

TEST_F(DecodeCommandTest, saysWhatIsMissing) {
  const auto latent = addLatent(kRequest);
  EXPECT_EQ(decode({latent.string()}), kBadInputFile);
  EXPECT_NE(error.str().find("kiln"), std::string::npos) << error.str();
  EXPECT_EQ(decode({addFile("model.safetensors", "no latent").string(), "--json"}), kBadInputFile);
  EXPECT_EQ(jsonLines().at(0)["event"], "failed");
  EXPECT_EQ(decode({"/nowhere.latent.safetensors"}), kBadInputFile);
  EXPECT_EQ(run({"decode"}), kBadArguments);
  EXPECT_TRUE(asked.decoded.empty());
}

}  // namespace
}  // namespace studio::app
