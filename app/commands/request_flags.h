#pragma once

#include "engine/api/generation_request.h"

#include <CLI/CLI.hpp>

#include <map>
#include <string>
#include <vector>

namespace studio::app {

/// One command-line flag for every field of a request, made from engine/api/request_fields.h.
class RequestFlags {
 public:
  /// Adds the flags; this object must live as long as `command` is parsed.
  void addTo(CLI::App& command);

  /// The request with what was given. Throws BadRequest with a sentence that names flag, value and what is allowed.
  engine::GenerationRequest read() const;
  /// The same over a request that is there already.
  void readInto(engine::GenerationRequest& request) const;

  /// True when the flag of the field with this id was given.
  bool given(const std::string& id) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;  ///< by field id, as typed
};

}  // namespace studio::app
