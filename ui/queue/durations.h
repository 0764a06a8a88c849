#pragma once

#include "engine/api/predicted_time.h"

#include <QString>

namespace studio::ui {

/// "0:04", "12:31", "1:02:07".
QString clockText(double seconds);
/// "0.8 s", "14 s", "3 min 20 s".
QString durationText(double seconds);
/// "about 40 s", "about 12 min", "about 2.5 h".
QString aboutText(const engine::PredictedTime& time);
/// "about 40 s (30 to 60 s)".
QString rangeText(const engine::PredictedTime& time);
/// "1.9 it/s", or "2.4 s/it" when a step takes longer than a second.
QString speedText(double secondsPerStep);
/// "0.04 MiB", "512 MiB", "6.9 GiB".
QString bytesText(qint64 bytes);

}  // namespace studio::ui
