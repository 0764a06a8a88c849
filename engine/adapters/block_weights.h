#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// Weights for the blocks of a UNet, one for each block of the original code base and one ("BASE") for everything
/// outside them, text encoders included. The convention of sd-webui-lora-block-weight.
class BlockWeights {
 public:
  /// All 1.
  BlockWeights();
  /// "1,0,0.5,…" with 17 or 26 numbers for SD 1.x and 2.x, 12 or 20 for SDXL (the shorter lists name only blocks with
  /// transformers, the others get 0), or one of the usual names ("ALL", "NONE", "INS", "IND", "INALL", "MIDD", "OUTD",
  /// "OUTS", "OUTALL", "ALL0.5"). Nothing for other texts.
  static std::optional<BlockWeights> parse(std::string_view text);

  double base() const { return base_; }
  /// Of the UNet's layer with this name in the original code base ("input_blocks.4.1.proj_in"); empty: outside.
  double of(std::string_view ldmLayer) const;

 private:
  static constexpr std::size_t kMostBlocks = 12;
  double base_ = 1, middle_ = 1;
  std::array<double, kMostBlocks> input_{}, output_{};
};

}  // namespace studio::engine
