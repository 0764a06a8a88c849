#pragma once

#include "engine/api/request_fields.h"

#include <vector>

namespace studio::ui {

/// What a field of the advanced card is about, in the order the groups are shown.
enum class FieldGroup { TextAndModel, OtherPrograms, Guidance, FreshNoise, NoiseLevels, More };

/// A field and how it is shown.
struct AdvancedField {
  engine::FieldInfo info;
  FieldGroup group = FieldGroup::More;
  double sliderMaximum = 0;  ///< where the slider ends, more can be typed; at the field's minimum there is no slider
};

/// Every field of a request that has no control elsewhere, group by group. A field that nobody gave a group stands
/// under More, so that none can be forgotten.
std::vector<AdvancedField> advancedFields();

}  // namespace studio::ui
