#include "engine/pipeline/numeric_recipe.h"

#include "engine/api/engine_factory.h"
#include "engine/device/compute_device.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <system_error>

namespace studio::engine {
namespace {

constexpr int kMostThreads = 1024;
constexpr std::size_t kMostValues = 9;  ///< of a sentence

ops::ComputeFormat formatOf(Precision precision) {
  switch (precision) {
    case Precision::BFloat16:
      return ops::ComputeFormat::BFloat16;
    case Precision::Float16:
      return ops::ComputeFormat::Float16;
    case Precision::Automatic:
    case Precision::Float32:
      return ops::ComputeFormat::Float32;
  }
  return ops::ComputeFormat::Float32;
}

/// Lines: machine, format, the pattern of the reason, then its values.
std::filesystem::path choiceFile(const std::filesystem::path& cacheFolder) { return cacheFolder / "precision.txt"; }

std::optional<ops::PrecisionChoice> readChoice(const std::filesystem::path& cacheFolder, const std::string& machine) {
  if (cacheFolder.empty()) return std::nullopt;
  std::ifstream file(choiceFile(cacheFolder));
  std::string writtenMachine, format;
  Sentence reason;
  std::getline(file, writtenMachine);
  std::getline(file, format);
  std::getline(file, reason.pattern);
  for (std::string value; reason.values.size() < kMostValues && std::getline(file, value);) {
    reason.values.push_back(value);
  }
  const auto precision = choiceFrom<Precision>(format);
  if (writtenMachine != machine || !precision || *precision == Precision::Automatic) return std::nullopt;
  return ops::PrecisionChoice{formatOf(*precision), reason};
}

void writeChoice(const std::filesystem::path& cacheFolder, const std::string& machine,
                 const ops::PrecisionChoice& choice) {
  if (cacheFolder.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(cacheFolder, failed);
  std::ofstream file(choiceFile(cacheFolder));
  file << machine << '\n' << idOf(precisionOf(choice.format)) << '\n' << choice.reason.pattern << '\n';
  for (const std::string& value : choice.reason.values) file << value << '\n';
}

}  // namespace

std::string machineName(int threads) {
  std::string name = "unknown processor";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {
    if (line.starts_with("model name") || line.starts_with("flags")) name += "|" + line;
  }
  std::ostringstream text;
  text << engineVersion() << ' ' << threads << ' ' << std::hex << std::hash<std::string>{}(name);
  return text.str();
}

Precision precisionOf(ops::ComputeFormat format) {
  switch (format) {
    case ops::ComputeFormat::Float32:
      return Precision::Float32;
    case ops::ComputeFormat::BFloat16:
      return Precision::BFloat16;
    case ops::ComputeFormat::Float16:
      return Precision::Float16;
  }
  return Precision::Float32;
}

RecipeResolver::RecipeResolver() : allThreads_(at::get_num_threads()) {}

NumericRecipe RecipeResolver::resolve(const EngineOptions& options) {
  const int threads = options.threads > 0 ? std::min(options.threads, kMostThreads) : allThreads_;
  at::set_num_threads(threads);
  NumericRecipe recipe{formatOf(options.precision), computeDevice(), threads, {"Chosen by hand.", {}}, engineVersion()};
  if (options.precision != Precision::Automatic) return recipe;
  if (!recipe.device.is_cpu()) {
    recipe.format = ops::ComputeFormat::Float16;
    recipe.reason = sentence("%1: the fast format of this GPU.", "fp16");
    return recipe;
  }
  const ops::PrecisionChoice choice = measured(options, threads);
  recipe.format = choice.format;
  recipe.reason = choice.reason;
  return recipe;
}

ops::PrecisionChoice RecipeResolver::measured(const EngineOptions& options, int threads) {
  const auto known = measured_.find(threads);
  if (known != measured_.end()) return known->second;
  const std::string machine = machineName(threads);
  std::optional<ops::PrecisionChoice> choice = readChoice(options.cacheFolder, machine);
  if (!choice) {
    choice = ops::measureCpuPrecision();
    writeChoice(options.cacheFolder, machine, *choice);
  }
  return measured_.emplace(threads, *choice).first->second;
}

}  // namespace studio::engine
