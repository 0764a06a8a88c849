#pragma once

#include "engine/api/compatibility.h"
#include "engine/api/picture_info.h"
#include "engine/image/dialects/bounded_json.h"
#include "engine/image/grammars/translated_prompt.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

/// Puts what a dialect found into a PictureInfo. Values that are missing stay out; values outside this studio's range
/// and names it does not know become notes.
class InfoWriter {
 public:
  InfoWriter(std::string_view sourceId, std::string_view source);

  /// Prompts that need no translation, and those that did. Names of LoRAs in them join the request's.
  void prompt(const std::string& text);
  void negativePrompt(const std::string& text);
  void prompt(const std::string& original, const TranslatedPrompt& translated);
  void negativePrompt(const std::string& original, const TranslatedPrompt& translated);

  void model(const std::string& name, const std::string& hash = {});
  void vae(const std::string& name);
  void textEncoder(const std::string& name);
  /// A second checkpoint that takes over after this fraction of the steps.
  void refiner(const std::string& name, std::optional<double> switchAt, const std::string& hash = {});
  /// Without a weight of their own the text encoders' layers have the other's.
  void lora(const std::string& name, double weight, const std::string& hash = {},
            std::optional<double> textWeight = std::nullopt);
  void size(std::optional<double> width, std::optional<double> height);
  void steps(std::optional<double> value);
  void guidance(std::optional<double> value);
  void seed(std::optional<Seed> value);
  void clipSkip(std::optional<double> value);
  void prediction(PredictionType value);
  void zeroTerminalSnr(ZeroTerminalSnr value);
  void emphasis(Emphasis value);
  /// Whose rules the picture follows. A1111's noise of a card comes with a note about the card.
  void profile(Profile value);
  /// The same for a program that is none of these: a note says so.
  void nearestProfile(Profile value);
  void programVersion(const std::string& version);
  void compatibility(const Compatibility& value);
  void ensd(std::optional<double> value);
  void eta(std::optional<double> value);
  void ddimEta(std::optional<double> value);
  void churn(std::optional<double> amount, std::optional<double> from, std::optional<double> to);
  void noiseFactor(std::optional<double> value);
  void promptOnly(std::optional<double> value);
  void penultimateSigma(PenultimateSigma value);
  void pathNoise(PathNoise value);
  void gpuThreads(std::optional<double> value);
  /// Of pictures whose noise is part of a batch's.
  void batchSize(std::optional<double> value);
  /// Names in any program's spelling; an empty schedule means that the program has none of its own for it. In place of
  /// an unknown one the request gets what a new request has, and a note says so.
  void sampler(const std::string& name, const std::string& schedule);

  void note(NoteKind kind, std::string name, std::string value = {});
  /// A note for every one of these members that is there, is not what makes it idle (false, null, 0, "" or empty).
  void unsupported(const Json& json, std::initializer_list<std::string_view> keys);

  PictureInfo& info() { return info_; }
  /// The result; the LoRAs found are put in last.
  PictureInfo finish();

 private:
  template <class Value, class Target>
  void set(std::string_view field, const Value& value, Target& target);
  void number(std::string_view field, std::optional<double> value, double least, double most, double& target);
  void whole(std::string_view field, std::optional<double> value, int least, int most, int& target);
  void change(std::string_view field, const std::string& original, const TranslatedPrompt& translated);

  void settleProfile();

  PictureInfo info_;
  bool clipSkipSaid_ = false;
};

}  // namespace studio::engine
