#pragma once

#include "engine/api/units.h"

#include <QString>

#include <optional>

namespace studio::ui {

/// What the text of a seed field means.
struct SeedText {
  bool valid = false;                ///< empty text is valid and means a random seed
  std::optional<engine::Seed> seed;  ///< set for a number
};

/// Reads all 64 bits exactly: "0" … "18446744073709551615". -1 and nothing mean random, as in A1111.
/// Full-width digits, as a Japanese input method gives them, count too.
SeedText readSeedText(const QString& text);

QString seedText(const std::optional<engine::Seed>& seed);

/// A number for people who want to keep what a random seed would have been: nine digits, easy to copy by hand.
engine::Seed drawSeed();

}  // namespace studio::ui
