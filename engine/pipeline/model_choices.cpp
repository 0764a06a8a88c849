#include "engine/pipeline/model_choices.h"

#include "engine/api/engine_error.h"
#include "engine/pipeline/model_hashes.h"
#include "engine/weights/diffusers_folder.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kMostChoices = 10'000;
constexpr std::size_t kChoiceHashDigits = 64;

/// The file that stands for a model: of a diffusers folder the UNet's. Empty when there is none.
std::filesystem::path weightsOf(const std::filesystem::path& model) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(model, failed)) return model;
  try {
    const auto files = weightFilesOf(model / "unet");
    return files.empty() ? std::filesystem::path() : files.front();
  } catch (const EngineException&) {
    return {};
  }
}

}  // namespace

std::vector<ModelChoices::Line> ModelChoices::lines() const {
  std::vector<Line> lines;
  std::ifstream in(file_);
  for (std::string text; lines.size() < kMostChoices && std::getline(in, text);) {
    std::istringstream words(text);
    Line line;
    std::string prediction, zero;
    if (!(words >> line.hash >> line.size >> prediction >> zero) || line.hash.size() != kChoiceHashDigits) continue;
    line.choice.prediction = choiceFrom<PredictionType>(prediction).value_or(PredictionType::Automatic);
    line.choice.zeroTerminalSnr = choiceFrom<ZeroTerminalSnr>(zero).value_or(ZeroTerminalSnr::Automatic);
    lines.push_back(std::move(line));
  }
  return lines;
}

ModelChoice ModelChoices::find(const std::filesystem::path& model, const std::stop_token& stop) const {
  const std::vector<Line> known = lines();
  if (known.empty()) return {};
  const std::filesystem::path weights = weightsOf(model);
  std::error_code failed;
  const auto size = weights.empty() ? 0 : std::filesystem::file_size(weights, failed);
  if (failed || std::none_of(known.begin(), known.end(), [size](const Line& line) { return line.size == size; }))
    return {};
  const std::string hash = wholeFileHash(weights, cacheFolder_, stop);
  const auto found = std::find_if(known.begin(), known.end(), [&](const Line& line) { return line.hash == hash; });
  return found == known.end() ? ModelChoice() : found->choice;
}

void ModelChoices::remember(const std::filesystem::path& model, const ModelChoice& choice,
                            const std::stop_token& stop) const {
  const std::filesystem::path weights = weightsOf(model);
  if (file_.empty() || weights.empty()) return;
  const std::string hash = wholeFileHash(weights, cacheFolder_, stop);
  std::error_code failed;
  const auto size = std::filesystem::file_size(weights, failed);
  if (hash.empty() || failed) return;
  std::vector<Line> known = lines();
  std::erase_if(known, [&hash](const Line& line) { return line.hash == hash; });
  if (choice != ModelChoice()) known.insert(known.begin(), {hash, size, choice});
  std::filesystem::create_directories(file_.parent_path(), failed);
  std::filesystem::path next = file_;
  next += ".new";
  std::ofstream out(next, std::ios::trunc);
  for (const Line& line : known) {
    out << line.hash << ' ' << line.size << ' ' << idOf(line.choice.prediction) << ' '
        << idOf(line.choice.zeroTerminalSnr) << '\n';
  }
  out.close();
  if (out) std::filesystem::rename(next, file_, failed);
  if (out && !failed) return;
  throw EngineException(ErrorKind::CannotWrite,
                        sentence("The choice for the model could not be kept: %1.", utf8FromPath(file_)),
                        failed.message());
}

}  // namespace studio::engine
