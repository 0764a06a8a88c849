#pragma once

#include "engine/memory/block_runner.h"

#include <memory>
#include <utility>

namespace studio::engine {

/// A network together with the place its weights are at.
template <class Module>
struct LoadedNetwork {
  std::unique_ptr<Module> module;
  std::unique_ptr<Residency> residency;

  explicit operator bool() const { return module != nullptr; }
  BlockRunner runner(std::stop_token stop) const { return {*residency, std::move(stop)}; }
};

}  // namespace studio::engine
