#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

namespace studio::engine {
namespace {

/// Lists are written as JSON lists, before 0.9 as "a,b".
std::vector<std::string> listOf(const Json& params, std::string_view key) {
  std::vector<std::string> list;
  const Json* value = memberOf(params, key);
  if (value == nullptr) return list;
  if (value->is_array()) {
    for (const Json& entry : *value) list.push_back(anyTextOf(entry));
  } else if (value->is_string()) {
    std::string_view text = value->get_ref<const std::string&>();
    while (!text.empty() && list.size() < 256) {
      const std::string_view entry = text.substr(0, text.find(','));
      list.emplace_back(entry);
      text.remove_prefix(std::min(entry.size() + 1, text.size()));
    }
  }
  return list;
}

void readPrompts(const Json& params, InfoWriter& writer) {
  const std::string prompt = textOf(params, "prompt");
  writer.prompt(prompt, translateSwarmUiPrompt(prompt));
  const std::string negative = textOf(params, "negativeprompt");
  writer.negativePrompt(negative, translateSwarmUiPrompt(negative));
}

void readLoras(const Json& params, InfoWriter& writer) {
  const std::vector<std::string> names = listOf(params, "loras");
  const std::vector<std::string> weights = listOf(params, "loraweights");
  writer.info().request.values.loras.clear();  // the list holds those of the prompt's tags too
  for (std::size_t i = 0; i < names.size(); ++i) {
    writer.lora(names[i], i < weights.size() ? numberFromText(weights[i]).value_or(1) : 1);
  }
}

/// "sui_models": [{"name": "…", "param": "model", "hash": "0x…"}]: SHA-256 of the weights behind the header.
void readHashes(const Json& json, InfoWriter& writer) {
  const Json* models = memberOf(json, "sui_models");
  if (models == nullptr || !models->is_array()) return;
  for (const Json& entry : *models) {
    std::string hash = textOf(entry, "hash");
    if (hash.starts_with("0x")) hash.erase(0, 2);
    if (hash.empty() || writer.info().fileHashes.size() > 256) continue;
    if (textOf(entry, "param") == "model") {
      writer.info().modelHash = hash;
    } else {
      writer.info().fileHashes.push_back({textOf(entry, "name"), hash});
    }
  }
}

void readSettings(const Json& params, InfoWriter& writer) {
  writer.model(textOf(params, "model"));
  const std::string vae = textOf(params, "vae");
  if (vae != "Automatic" && vae != "None") writer.vae(vae);
  writer.size(numberOf(params, "width"), numberOf(params, "height"));
  writer.steps(numberOf(params, "steps"));
  writer.guidance(numberOf(params, "cfgscale"));
  if (const Json* seed = memberOf(params, "seed")) writer.seed(seedOf(*seed));
  if (const auto layer = numberOf(params, "clipstopatlayer")) writer.clipSkip(-*layer);
  const std::string sampler = textOf(params, "sampler");
  const std::string schedule = textOf(params, "scheduler");
  writer.sampler(sampler.empty() ? "euler" : sampler, schedule.empty() ? "normal" : schedule);  // its defaults
  if (memberOf(params, "initimage") != nullptr || memberOf(params, "initimagecreativity") != nullptr)
    writer.note(NoteKind::StartPicture, {});
  if (const std::string method = textOf(params, "refinermethod"); method == "StepSwap") {
    const auto share = numberOf(params, "refinercontrolpercentage");
    writer.refiner(textOf(params, "refinermodel"), share ? std::optional(1 - *share) : std::nullopt);
  } else if (!method.empty()) {
    writer.note(NoteKind::OtherPass, "refiner", textOf(params, "refinermodel"));
  }
  writer.unsupported(params, {"variationseed", "variationseedstrength", "seamlesstileable", "refinerupscale",
                              "controlnetimageinput", "controlnetmodel", "freeuversion", "sigmashift",
                              "initimagecreativity", "maskblur", "removebackground", "rescalecfgmultiplier"});
}

}  // namespace

std::optional<PictureInfo> readSwarmUi(const PictureTexts& texts) {
  const Json* json = texts.parametersJson();
  const Json* params = json == nullptr ? nullptr : memberOf(*json, "sui_image_params");
  if (params == nullptr || !params->is_object()) return std::nullopt;
  InfoWriter writer("swarmui", "SwarmUI");
  readPrompts(*params, writer);
  writer.profile(Profile::ComfyUi);  // which it drives
  writer.emphasis(Emphasis::ComfyUi);
  readSettings(*params, writer);
  if (memberOf(*params, "loras") != nullptr) readLoras(*params, writer);
  readHashes(*json, writer);
  return writer.finish();
}

}  // namespace studio::engine
