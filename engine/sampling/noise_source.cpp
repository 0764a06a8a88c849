#include "engine/sampling/noise_source.h"

#include "engine/api/engine_error.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <c10/util/Exception.h>

#include <cstring>

namespace studio::engine {

NoiseSource::NoiseSource(Seed first, int pictures) {
  for (int i = 0; i < pictures; ++i) {
    generators_.push_back(at::detail::createCPUGenerator(first.value + static_cast<std::uint64_t>(i)));
  }
}

NoiseSource::NoiseSource(const NoiseSource& other) { *this = other; }

NoiseSource& NoiseSource::operator=(const NoiseSource& other) {
  if (this == &other) return *this;
  generators_.clear();  // at::Generator copies by reference: clone
  for (const at::Generator& generator : other.generators_) generators_.push_back(generator.clone());
  return *this;
}

at::Tensor NoiseSource::draw(at::IntArrayRef pictureShape) {
  std::vector<at::Tensor> draws;
  for (const at::Generator& generator : generators_) draws.push_back(at::randn(pictureShape, generator, at::kFloat));
  return at::stack(draws);
}

std::vector<std::string> NoiseSource::states() const {
  std::vector<std::string> states;
  for (const at::Generator& generator : generators_) {
    const at::Tensor bytes = generator.get_state();
    states.emplace_back(static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.numel()));
  }
  return states;
}

NoiseSource NoiseSource::fromStates(const std::vector<std::string>& states) {
  NoiseSource source(Seed{0}, static_cast<int>(states.size()));
  for (std::size_t i = 0; i < states.size(); ++i) {
    const at::Tensor bytes = at::empty({static_cast<std::int64_t>(states[i].size())}, at::kByte);
    if (!states[i].empty()) std::memcpy(bytes.mutable_data_ptr(), states[i].data(), states[i].size());
    try {
      source.generators_[i].set_state(bytes);
    } catch (const c10::Error& error) {
      throw EngineException(ErrorKind::BadFile, "The saved state of the noise is broken.",
                            error.what_without_backtrace());
    }
  }
  return source;
}

}  // namespace studio::engine
