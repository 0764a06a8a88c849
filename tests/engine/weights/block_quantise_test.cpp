#include "engine/weights/block_quantise.h"

#include "engine/weights/block_formats.h"
#include "engine/weights/tensor_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace studio::engine {
namespace {

TEST(BlockQuantise, writesTheSameBytesAsTheReference) {
  const auto file = openTensorFile("tests/data/gguf/formats.gguf");
  // The first row of every quantised tensor was made from this one.
  const at::Tensor numbers = file->load("F32").contiguous();
  const std::span<const float> from(numbers.const_data_ptr<float>(), static_cast<std::size_t>(numbers.numel()));
  for (const ElementType type : {ElementType::Q8_0, ElementType::Q5_0, ElementType::Q4_0}) {
    const ElementBlock block = blockOf(type);
    std::vector<std::byte> made(from.size() / static_cast<std::size_t>(block.elements) *
                                static_cast<std::size_t>(block.bytes));
    quantiseBlocks(type, from, made);
    const at::Tensor expected = file->loadStored(elementTypeName(type));
    EXPECT_EQ(std::memcmp(made.data(), expected.const_data_ptr(), made.size()), 0) << elementTypeName(type);
  }
}

TEST(BlockQuantise, staysWithinHalfAStepOfEveryNumber) {
  std::vector<float> from(64), to(64);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = std::sin(static_cast<float>(i * i)) * (i < 32 ? 1.0F : 1e-3F);
  for (const auto& [type, steps] :
       {std::pair(ElementType::Q8_0, 254), std::pair(ElementType::Q5_0, 32), std::pair(ElementType::Q4_0, 16)}) {
    std::vector<std::byte> made(2 * static_cast<std::size_t>(blockOf(type).bytes));
    quantiseBlocks(type, from, made);
    expandBlocks(type, made, to);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const float step = (i < 32 ? 2.0F : 2e-3F) / static_cast<float>(steps);
      // Blocks around zero reach one step less on the far side.
      EXPECT_LE(std::abs(to[i] - from[i]), step * 1.01F) << elementTypeName(type) << " " << i;
    }
  }
}

TEST(BlockQuantise, keepsZeros) {
  const std::vector<float> from(32, 0);
  std::vector<float> to(32, 1);
  for (const ElementType type : {ElementType::Q8_0, ElementType::Q5_0, ElementType::Q4_0}) {
    std::vector<std::byte> made(static_cast<std::size_t>(blockOf(type).bytes));
    quantiseBlocks(type, from, made);
    expandBlocks(type, made, to);
    EXPECT_EQ(to, from);
  }
}

}  // namespace
}  // namespace studio::engine
