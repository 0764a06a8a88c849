#include "tests/app/command_fixture.h"

namespace studio::app {
namespace {

class ConvertCommandTest : public CommandTest {};

TEST_F(ConvertCommandTest, handsOverWhatIsAskedFor) {
  const auto model = addFile("old.ckpt");
  EXPECT_EQ(run({"convert", "old", (folder / "new.gguf").string(), "--type", "q8_0", "--force"}), kDone) << error.str();
  EXPECT_EQ(asked.conversion.input, model);
  EXPECT_EQ(asked.conversion.output, folder / "new.gguf");
  EXPECT_EQ(asked.conversion.format, engine::StorageFormat::Q8_0);
  EXPECT_TRUE(asked.conversion.replace);
  EXPECT_EQ(run({"convert", "old", "new.safetensors", "--type", "fp8"}), kDone);
  EXPECT_EQ(asked.conversion.format, engine::StorageFormat::Float8);
  EXPECT_FALSE(asked.conversion.replace);
}

TEST_F(ConvertCommandTest, saysWhatWasWrittenAndWhatFellBack) {
  addFile("old.ckpt");
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "q4_0"}), kDone);
  EXPECT_NE(out.str().find("8 of 12 as q4_0"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("1.00 MiB from 4.00 MiB"), std::string::npos) << out.str();
  EXPECT_NE(out.str().find("conv_in.weight"), std::string::npos);
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "q4_0", "--json"}), kDone);
  const auto json = jsonLines().at(0);
  EXPECT_EQ(json["output_bytes"], 1 << 20);
  EXPECT_EQ(json["fallen_back"], std::vector<std::string>{"conv_in.weight"});
  EXPECT_EQ(json["relative_error"], 0.0123);
  EXPECT_EQ(json["verified"], true);
}

TEST_F(ConvertCommandTest, drawsABarOnATerminalOnly) {
  addFile("old.ckpt");
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "q4_0"}), kDone);
  EXPECT_EQ(error.str(), "");
  environment.errorIsTerminal = true;
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "q4_0"}), kDone);
  EXPECT_NE(error.str().find("#-"), std::string::npos);
  EXPECT_NE(error.str().find("100 %"), std::string::npos);
}

TEST_F(ConvertCommandTest, refusesUnknownTypesAndReportsFailures) {
  addFile("old.ckpt");
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "q3"}), kBadArguments);
  EXPECT_NE(error.str().find("q5_0"), std::string::npos);
  EXPECT_EQ(run({"convert", "old"}), kBadArguments);
  EXPECT_EQ(run({"convert", "old", (folder / "nowhere" / "new.gguf").string(), "--type", "f16"}), kBadArguments);
  EXPECT_NE(error.str().find("nowhere"), std::string::npos) << error.str();
  EXPECT_EQ(run({"convert", "nothing.ckpt", "new.gguf", "--type", "f16"}), kBadInputFile);
  converted = engine::EngineError{engine::ErrorKind::CannotWrite, "The disk is full.", ""};
  EXPECT_EQ(run({"convert", "old", "new.gguf", "--type", "f16", "--json"}), kFailed);
  EXPECT_EQ(jsonLines().at(0)["event"], "failed");
}

}  // namespace
}  // namespace studio::app
