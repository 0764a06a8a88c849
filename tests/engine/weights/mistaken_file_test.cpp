#include "engine/weights/mistaken_file.h"

#include "engine/api/engine_error.h"
#include "engine/weights/tensor_file.h"
#include "tests/support/tiny_model.h"

#include <gtest/gtest.h>

namespace studio::engine {
namespace {

class MistakenFile : public testing::Test {
 protected:
  std::string refusal(const std::string& name, const std::string& bytes) const {
    try {
      openTensorFile(folder_.write(name, bytes));
    } catch (const EngineException& error) {
      EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
      return error.error().message;
    }
    return "opened";
  }
  const tests::TemporaryFolder folder_;
};

TEST_F(MistakenFile, isToldAsWhatItIs) {
  EXPECT_EQ(refusal("a.png", ""), "a.png is an empty file.");
  EXPECT_EQ(refusal("a.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 42\n"),
            "a.safetensors is a Git LFS pointer: the file itself was not downloaded.");
  for (const char* page : {"<!DOCTYPE html><title>Log in</title>", " \n<HTML lang='en'>404 not found",
                           "\xEF\xBB\xBF<html><body>404</body></html>"})
    EXPECT_EQ(refusal("b.safetensors", page), "b.safetensors is a web page that was saved in place of the file.");
  EXPECT_EQ(refusal("c.pt", std::string("\x80\x04\x95<\0\0\0\0\0\0\0}\x94.", 14)),
            "c.pt is a pickle without the tensors that PyTorch stores beside it.");
  for (const char* picture :
       {"\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF\xE0", "RIFF\1\1\1\1WEBPVP8 ", "GIF89a", "\1\1\1\1ftypavif"})
    EXPECT_EQ(refusal("p.safetensors", picture), "p.safetensors is a picture, not a model.");
  EXPECT_EQ(refusal("d.safetensors", "these are words, and many of them"),
            "This is not a safetensors file, or its header is damaged.");
}

TEST_F(MistakenFile, isNoneWhoseHeaderOnlyBeginsLikeAPickle) {
  std::string header = R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})";
  header.resize(0x0280, ' ');
  EXPECT_EQ(refusal("a.safetensors", std::string("\x80\x02\0\0\0\0\0\0", 8) + header), "opened");
}

}  // namespace
}  // namespace studio::engine
