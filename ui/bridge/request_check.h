#pragma once

#include "engine/api/generation_request.h"

#include <QString>

#include <vector>

namespace studio::ui {

class Library;

/// One reason why Generate is grey. `field` is the id (request_fields.h) of the control at fault, or empty.
struct Reason {
  QString text;
  QString field;
  bool operator==(const Reason&) const = default;
};

/// Every reason, translated; what engine::checkRequest would refuse, and what the library knows about the files.
std::vector<Reason> reasonsAgainst(const engine::GenerationRequest& request, const Library& library);

}  // namespace studio::ui
