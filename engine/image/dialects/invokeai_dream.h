#pragma once

#include "engine/image/dialects/info_writer.h"

#include <string_view>

namespace studio::engine {

/// The command line that InvokeAI's first versions wrote into `Dream`:
/// "a duck [blurry]" -s 50 -S 1950 -W 512 -H 768 -C 7.5 -A k_lms
void readDream(std::string_view text, InfoWriter& writer);

}  // namespace studio::engine
