#include "presets/tier_codec.h"

#include "engine/api/request_fields.h"

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <sstream>
#include <utility>

namespace studio::presets {
namespace {

using engine::EngineException;
using engine::ErrorKind;
using engine::sentence;

constexpr std::size_t kLargestText = 64U << 10, kLongestLine = 200, kMostRules = 16;
constexpr int kMostGib = 4096, kMostBatch = 64, kMostLoras = 64;

[[noreturn]] void refuse(const engine::Sentence& why) { throw EngineException(ErrorKind::BadFile, why); }

[[noreturn]] void refuseValue(const std::string& key, const toml::node& node) {
  refuse(sentence("The tier's value %1 in line %2 is not one the studio can use.", key, node.source().begin.line));
}

/// One table of the file; every key of it has to be known.
class Section {
 public:
  Section(const toml::table& table, std::string name, std::initializer_list<std::string_view> known)
      : table_(table), name_(std::move(name)) {
    for (const auto& [key, node] : table) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        refuse(sentence("The tier has an unknown value %1 in line %2.", full(key.str()), node.source().begin.line));
    }
  }

  const toml::node& at(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) refuse(sentence("The tier's value %1 is missing.", full(key)));
    return *node;
  }
  const toml::table& table(std::string_view key) const {
    const toml::table* inner = at(key).as_table();
    if (inner == nullptr) refuseValue(full(key), at(key));
    return *inner;
  }
  int number(std::string_view key, int least, int most) const { return numberIn(at(key), full(key), least, most); }
  bool flag(std::string_view key) const {
    const auto value = at(key).value_exact<bool>();
    if (!value) refuseValue(full(key), at(key));
    return *value;
  }
  std::string text(std::string_view key) const {
    const auto value = at(key).value_exact<std::string>();
    if (!value || value->empty() || value->size() > kLongestLine) refuseValue(full(key), at(key));
    return *value;
  }
  Band band(std::string_view key, int least, int most) const {
    const toml::array* ends = at(key).as_array();
    if (ends == nullptr || ends->size() != 2) refuseValue(full(key), at(key));
    const int low = numberIn((*ends)[0], full(key), least, most);
    return {low, numberIn((*ends)[1], full(key), low, most)};
  }

 private:
  static int numberIn(const toml::node& node, const std::string& key, int least, int most) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) refuseValue(key, node);
    return static_cast<int>(*value);
  }
  std::string full(std::string_view key) const { return (name_.empty() ? "" : name_ + ".") + std::string(key); }

  const toml::table& table_;
  std::string name_;
};

std::vector<MemoryRule> memoryRulesIn(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr || list->empty() || list->size() > kMostRules) refuseValue("memory", node);
  std::vector<MemoryRule> rules;
  rules.reserve(list->size());
  for (const toml::node& one : *list) {
    if (one.as_table() == nullptr) refuseValue("memory", one);
    const bool isLast = rules.size() + 1 == list->size();
    const Section rule(*one.as_table(), "memory", {"below_gib", "mode"});
    const auto mode = engine::choiceFrom<engine::MemoryMode>(rule.text("mode"));
    const int least = rules.empty() ? 1 : rules.back().belowGib + 1;
    if (!mode || (isLast && one.as_table()->contains("below_gib"))) refuseValue("memory", one);
    rules.push_back({isLast ? 0 : rule.number("below_gib", least, kMostGib), *mode});
  }
  return rules;
}

void readMachine(const toml::table& table, Tier& tier) {
  const Section machine(table, "machine", {"gpu", "from_gib", "below_gib"});
  tier.gpu = machine.flag("gpu");
  if (!tier.gpu) return;
  tier.fromGib = machine.number("from_gib", 0, kMostGib);
  if (table.contains("below_gib")) tier.belowGib = machine.number("below_gib", tier.fromGib + 1, kMostGib);
}

void readStart(const toml::table& table, Tier& tier) {
  const Section start(table, "start", {"batch", "side", "steps", "loras", "staged"});
  tier.batch = start.band("batch", 1, kMostBatch);
  tier.side = start.band("side", engine::kSmallestSide, engine::kLargestSide);
  tier.steps = start.band("steps", 1, engine::kMostSteps);
  tier.loras = start.band("loras", 0, kMostLoras);
  tier.staged = start.flag("staged");
}

Tier tierIn(const toml::table& whole, std::string id) {
  const auto version = whole["version"].value_exact<std::int64_t>();
  if (version && *version > kTierVersion)
    refuse(sentence("The tier is of version %1; this studio knows %2.", *version, kTierVersion));
  const Section file(whole, "", {"version", "title", "meant_for", "machine", "start", "memory"});
  file.number("version", 1, kTierVersion);
  Tier tier;
  tier.id = std::move(id);
  tier.title = file.text("title");
  tier.meantFor = file.text("meant_for");
  readMachine(file.table("machine"), tier);
  readStart(file.table("start"), tier);
  tier.memory = memoryRulesIn(file.at("memory"));
  return tier;
}

toml::array arrayOf(const Band& band) { return toml::array{band.low, band.high}; }

}  // namespace

engine::Result<Tier> tierFromToml(std::string_view text, std::string id) {
  try {
    if (text.size() > kLargestText)
      refuse(sentence("The tier has %1 bytes; at most %2 are possible.", text.size(), kLargestText));
    return tierIn(toml::parse(text), std::move(id));
  } catch (const toml::parse_error& wrong) {
    return engine::makeError(ErrorKind::BadFile, sentence("The tier is no TOML: line %1.", wrong.source().begin.line),
                             std::string(wrong.description()));
  } catch (const EngineException& wrong) {
    return wrong.error();
  }
}

std::string tomlOf(const Tier& tier) {
  toml::table machine{{"gpu", tier.gpu}};
  if (tier.gpu) machine.insert("from_gib", tier.fromGib);
  if (tier.gpu && tier.belowGib > 0) machine.insert("below_gib", tier.belowGib);
  toml::array memory;
  for (const MemoryRule& rule : tier.memory) {
    toml::table one{{"mode", std::string(engine::idOf(rule.mode))}};
    if (rule.belowGib > 0) one.insert("below_gib", rule.belowGib);
    memory.push_back(std::move(one));
  }
  toml::table start{{"batch", arrayOf(tier.batch)},
                    {"side", arrayOf(tier.side)},
                    {"steps", arrayOf(tier.steps)},
                    {"loras", arrayOf(tier.loras)},
                    {"staged", tier.staged}};
  std::ostringstream text;
  text << toml::table{{"version", kTierVersion},       {"title", tier.title},       {"meant_for", tier.meantFor},
                      {"machine", std::move(machine)}, {"start", std::move(start)}, {"memory", std::move(memory)}}
       << '\n';
  return text.str();
}

}  // namespace studio::presets
