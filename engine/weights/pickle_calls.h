#pragma once

#include "engine/weights/pickle_value.h"

#include <optional>

namespace studio::engine {

/// What a call of `callable` with the tuple `arguments` means, when it is one of the few that are understood
/// (OrderedDict, _rebuild_tensor_v2 and its kin, numpy's scalar, _codecs.encode, …); nothing for all others.
/// May refer to values of the document, never changes it.
std::optional<PickleValue> understoodCall(const PickleDocument& document, PickleIndex callable, PickleIndex arguments);

/// The storage that a persistent id ("storage", class, key, device, elements[, view]) names; nothing for others.
std::optional<PickleStorage> storageFromId(const PickleDocument& document, PickleIndex id);

}  // namespace studio::engine
