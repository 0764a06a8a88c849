#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

#include <array>
#include <charconv>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestXmp = 8U << 20;

/// UTF-8 of a character number; empty when there is none such.
std::string utf8Of(std::uint32_t code) {
  std::string text;
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return text;
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::array<std::uint32_t, 4> kLead{0, 0xC0, 0xE0, 0xF0};
  text += static_cast<char>(kLead[static_cast<std::size_t>(more)] | code >> (6 * more));
  for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> (6 * i) & 0x3F));
  return text;
}

/// What an XML entity at the start of `text` stands for, and its length; length 0 when it is none.
std::pair<std::string, std::size_t> entityAt(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kNamed{
      {{"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&apos;", "'"}}};
  for (const auto& [entity, meaning] : kNamed) {
    if (text.starts_with(entity)) return {std::string(meaning), entity.size()};
  }
  const std::size_t end = text.substr(0, 12).find(';');
  if (!text.starts_with("&#") || end == std::string_view::npos) return {{}, 0};
  const bool hexadecimal = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  std::uint32_t code = 0;
  const char* first = text.data() + (hexadecimal ? 3 : 2);
  const auto [last, error] = std::from_chars(first, text.data() + end, code, hexadecimal ? 16 : 10);
  if (error != std::errc{} || last != text.data() + end) return {{}, 0};
  return {utf8Of(code), end + 1};
}

std::string withoutEntities(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto [meaning, length] = text[at] == '&' ? entityAt(text.substr(at)) : std::pair<std::string, std::size_t>();
    if (length == 0) {
      result += text[at++];
    } else {
      result += meaning;
      at += length;
    }
  }
  return result;
}

/// Text of exif:UserComment in an XMP packet: the first {…} between its tags.
std::optional<Json> commentOf(std::string_view xmp) {
  xmp = xmp.substr(0, kLongestXmp);
  const std::size_t open = xmp.find("exif:UserComment");
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = xmp.find("exif:UserComment", open + 1);
  const std::string_view inside = xmp.substr(open, close == std::string_view::npos ? close : close - open);
  const std::string text = withoutEntities(inside);
  const std::size_t first = text.find('{');
  const std::size_t last = text.rfind('}');
  if (first == std::string::npos || last == std::string::npos || last < first) return std::nullopt;
  return readJson(std::string_view(text).substr(first, last + 1 - first));
}

void readSize(const std::string& text, InfoWriter& writer) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) return;
  const std::string_view view = text;
  writer.size(numberFromText(view.substr(0, cross)), numberFromText(view.substr(cross + 1)));
}

void readLoras(const Json& json, InfoWriter& writer) {
  const Json* list = memberOf(json, "lora");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& entry : *list) {
    const std::string file = textOf(entry, "model");
    writer.lora(file.empty() ? textOf(entry, "file") : file, numberOf(entry, "weight").value_or(1));
  }
}

void read(const Json& json, InfoWriter& writer) {
  writer.prompt(textOf(json, "c"));
  writer.negativePrompt(textOf(json, "uc"));
  writer.model(textOf(json, "model"));
  readSize(textOf(json, "size"), writer);
  writer.steps(numberOf(json, "steps"));
  writer.guidance(numberOf(json, "scale"));
  if (const Json* seed = memberOf(json, "seed")) writer.seed(seedOf(*seed));
  const Json* more = memberOf(json, "v2");
  if (more != nullptr) writer.clipSkip(numberOf(*more, "clipSkip"));
  writer.sampler(textOf(json, "sampler"), "");
  readLoras(json, writer);
  const std::string seedMode = textOf(json, "seed_mode");
  const bool nvidia = seedMode == "Nvidia GPU Compatible" || seedMode == "NVIDIA GPU Compatible";
  if (seedMode != "Torch CPU Compatible" && !nvidia)
    writer.note(NoteKind::Noise, {}, seedMode.empty() ? "GPU" : seedMode);
  writer.nearestProfile(nvidia ? Profile::A1111Nv : Profile::A1111Cpu);
  writer.emphasis(Emphasis::Original);
  if (numberOf(json, "strength").value_or(1) < 1) writer.note(NoteKind::StartPicture, {});
  writer.unsupported(json, {"hires_fix", "control", "upscaler", "face_restoration", "refiner", "mask_blur",
                            "tiled_decoding", "shift", "stochastic_sampling_gamma", "guidance_embed"});
}

}  // namespace

std::optional<PictureInfo> readDrawThings(const PictureTexts& texts) {
  const std::string* xmp = texts.find("XML:com.adobe.xmp");
  std::optional<Json> json = xmp == nullptr ? std::nullopt : commentOf(*xmp);
  const Json* shared = texts.parametersJson();
  if (!json && shared != nullptr) json = *shared;
  if (!json || memberOf(*json, "c") == nullptr || memberOf(*json, "sampler") == nullptr) return std::nullopt;
  InfoWriter writer("drawthings", "Draw Things");
  read(*json, writer);
  writer.info().parameters = json->dump(-1, ' ', false, Json::error_handler_t::replace);
  return writer.finish();
}

}  // namespace studio::engine
