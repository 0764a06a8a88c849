#pragma once

#include "engine/sampling/denoiser.h"

namespace studio::engine {

/// False when the scale makes the negative prompt's half pointless (exactly 1): the network then sees B, not 2B.
bool usesNegativePrompt(double guidanceScale);

/// Classifier-free guidance (Ho and Salimans 2022) in one batch: `network` is called with x doubled, first the rows
/// for the prompt, then those for the negative prompt, and answers in that order;                    // [2B, C, h, w]
/// the result is negative + scale · (prompt − negative), computed in fp32.                            // [B, C, h, w]
/// Without a negative prompt in use the network itself is returned.
Network guided(Network network, double guidanceScale);

}  // namespace studio::engine
