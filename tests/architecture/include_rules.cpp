#include "tests/architecture/include_rules.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

namespace studio::architecture {
namespace {

using enum Library;

struct FolderRule {
  std::string folder;               // the longest matching folder decides
  std::vector<std::string> mayUse;  // folders of the repository, besides itself and what lies below it
  std::set<Library> libraries;      // besides the standard library
};

const std::vector<std::string> kEngineBase = {"engine/api", "engine/runtime", "engine/device",
                                              "engine/ops", "engine/weights", "engine/memory"};

std::vector<std::string> with(std::vector<std::string> folders, std::string another) {
  folders.push_back(std::move(another));
  return folders;
}

// The dependency table: what a folder may use of ours, and which libraries. Networks share building
// blocks (a VAE is made of the same residual blocks as the UNet); sampling sees none of them.
const std::vector<FolderRule>& folderRules() {
  static const std::vector<FolderRule> rules = {
      {"app", {"ui", "settings", "presets", "engine"}, {System, Qt, QtGui, Json, Toml, Log, CommandLine}},
      {"ui", {"engine/api", "settings", "presets"}, {Qt, QtGui, Toml}},
      {"settings", {"engine/api"}, {System, Qt, Toml}},
      {"presets", {"engine/api"}, {System, Qt, Toml}},
      {"engine/api", {}, {}},
      {"engine/runtime", {"engine/api"}, {System}},
      {"engine/image", {"engine/api"}, {System, ImageFiles, Compression, Json}},
      {"engine/text/tokens", {"engine/api"}, {Compression}},
      {"engine/device", {"engine/api", "engine/runtime"}, {System, Torch}},
      {"engine/device/amd", {"engine/api", "engine/runtime", "engine/device"}, {System}},
      {"engine/device/nvidia", {"engine/api", "engine/runtime", "engine/device"}, {System}},
      {"engine/ops", {"engine/api", "engine/device"}, {System, Torch}},
      {"engine/ops/gpu", {"engine/api", "engine/device", "engine/ops"}, {System, Torch, Gpu}},
      {"engine/weights", kEngineBase, {System, Torch, Json}},
      {"engine/memory", kEngineBase, {System, Torch}},
      {"engine/text", kEngineBase, {System, Torch}},
      {"engine/diffusion", kEngineBase, {System, Torch}},
      {"engine/vae", with(kEngineBase, "engine/diffusion"), {System, Torch, Json}},
      {"engine/adapters", with(kEngineBase, "engine/diffusion"), {System, Torch, Json}},
      {"engine/upscale", kEngineBase, {System, Torch}},
      {"engine/sampling", kEngineBase, {System, Torch}},
      {"engine/pipeline", {"engine"}, {System, Torch, Json, Hash}},
      {"tests",
       {"app", "ui", "settings", "presets", "engine"},
       {System, Torch, Gpu, Qt, QtGui, ImageFiles, Compression, Hash, Json, Toml, Log, CommandLine, Test}},
      {"tests/ui", {"ui", "engine/api", "settings", "presets", "tests"}, {System, Qt, QtGui, Test}},
  };
  return rules;
}

// The one file outside engine/ops/gpu that may see CUDA or HIP headers.
constexpr std::string_view kDeviceFileWithGpuHeaders = "engine/device/gpu_device.cpp";

bool isBelow(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

const FolderRule* ruleFor(std::string_view path) {
  const FolderRule* best = nullptr;
  for (const FolderRule& rule : folderRules()) {
    if (isBelow(path, rule.folder) && (!best || rule.folder.size() > best->folder.size())) best = &rule;
  }
  return best;
}

bool mayUse(const FolderRule& rule, std::string_view included) {
  const FolderRule* target = ruleFor(included);
  if (target == &rule) return true;
  if (target && isBelow(target->folder, rule.folder)) return true;
  return std::any_of(rule.mayUse.begin(), rule.mayUse.end(),
                     [&](const std::string& folder) { return isBelow(included, folder); });
}

std::string at(const SourceFile& file, int line) { return file.path + ":" + std::to_string(line) + ": "; }

bool isOwn(const Include& include) {
  static const std::regex kOwn("^(app|ui|engine|settings|presets|tests)/.*");
  return std::regex_match(include.name, kOwn);
}

void checkOwn(const SourceTree& tree, const SourceFile& file, const FolderRule& rule, const Include& include,
              std::vector<std::string>& broken) {
  if (!include.quoted) broken.push_back(at(file, include.line) + "write \"" + include.name + "\" with quotes");
  const bool generated = include.name.ends_with(".inc") || include.name.ends_with(".moc");
  if (!generated && !tree.contains(include.name)) {
    broken.push_back(at(file, include.line) + include.name + " does not exist (includes start at the root)");
  }
  if (!mayUse(rule, include.name)) {
    broken.push_back(at(file, include.line) + rule.folder + " may not use " + include.name);
  }
}

void checkForeign(const SourceFile& file, const FolderRule& rule, const Include& include,
                  std::vector<std::string>& broken) {
  const Library library = libraryOf(include);
  if (library == Standard || rule.libraries.contains(library)) return;
  if (library == Gpu && file.path == kDeviceFileWithGpuHeaders) return;
  if (library == Unknown) {
    broken.push_back(at(file, include.line) + include.name +
                     " is neither in the repository (from its root) nor of a library we use");
    return;
  }
  broken.push_back(at(file, include.line) + rule.folder + " may not see <" + include.name + ">");
}

// Rules about what one translation unit sees, through the repository's own headers too.
void checkMeetings(const SourceTree& tree, const SourceFile& file, std::vector<std::string>& broken) {
  std::set<Library> seen;
  for (const std::string& name : reachableIncludes(tree, file)) seen.insert(libraryOf({name, false, 0}));
  const bool torch = seen.contains(Torch) || seen.contains(Gpu);
  if (torch && (seen.contains(Qt) || seen.contains(QtGui))) broken.push_back(file.path + ": sees both Qt and torch");
  if (torch && seen.contains(Log)) broken.push_back(file.path + ": sees both torch and fmt or spdlog");
  const bool torchFree = isBelow(file.path, "app") || isBelow(file.path, "ui") || isBelow(file.path, "settings") ||
                         isBelow(file.path, "presets") || isBelow(file.path, "engine/api") ||
                         isBelow(file.path, "engine/runtime") || isBelow(file.path, "engine/image") ||
                         isBelow(file.path, "engine/text/tokens") || isBelow(file.path, "engine/device/nvidia") ||
                         isBelow(file.path, "engine/device/amd");
  if (torch && torchFree) broken.push_back(file.path + ": sees torch through the headers it includes");
}

}  // namespace

Library libraryOf(const Include& include) {
  static const std::vector<std::pair<std::regex, Library>> kPatterns = {
      {std::regex(
           R"(^(cuda|cudnn|cublas|cusparse|cufft|curand|nvrtc|nvtx|hip|rocblas|miopen|thrust|cub)[\w.]*(/.*)?$)"),
       Gpu},
      {std::regex(R"(^(c10|ATen|torch)/(cuda|hip|native/cuda|native/hip)/.*)"), Gpu},
      {std::regex(R"(^(c10|ATen|torch|caffe2)/.*)"), Torch},
      {std::regex(R"(^(QtGui|QtWidgets|QtSvg\w*|QtTest|QTest)(/.*)?$)"), QtGui},
      {std::regex(R"(^(QtCore/.*|Qt[A-Z]\w*)$)"), Qt},
      {std::regex(R"(^(OpenImageIO/.*|png\.h)$)"), ImageFiles},
      {std::regex("^zlib\\.h$"), Compression},
      {std::regex("^openssl/.*"), Hash},
      {std::regex(R"(^nlohmann/.*)"), Json},
      {std::regex(R"(^toml(\+\+|plusplus)?[/.].*)"), Toml},
      {std::regex(R"(^(fmt|spdlog)/.*)"), Log},
      {std::regex(R"(^CLI/.*)"), CommandLine},
      {std::regex(R"(^(gtest|gmock|benchmark)/.*)"), Test},
      {std::regex(R"(^[a-z_]+$)"), Standard},
      {std::regex(R"(^(sys|linux)/\w+\.h$)"), System},
      {std::regex(
           R"(^(unistd|fcntl|dlfcn|signal|pthread|sched|poll|errno|pwd|termios|stdio|stdlib|string|math|time|immintrin|omp|dirent|setjmp)\.h$)"),
       System},
  };
  for (const auto& [pattern, library] : kPatterns) {
    if (std::regex_match(include.name, pattern)) return library;
  }
  static const std::regex kQtClass("^Q[A-Z]\\w*$");
  if (std::regex_match(include.name, kQtClass)) {
    const std::filesystem::path core = std::filesystem::path(STUDIO_QT_HEADERS) / "QtCore" / include.name;
    return std::filesystem::exists(core) ? Qt : QtGui;
  }
  return Unknown;
}

std::vector<std::string> brokenIncludeRules(const SourceTree& tree) {
  std::vector<std::string> broken;
  for (const auto& [path, file] : tree) {
    const FolderRule* rule = ruleFor(path);
    if (!rule) {
      broken.push_back(path + ": lies in a folder that the table of folders does not know");
      continue;
    }
    for (const Include& include : file.includes) {
      if (include.quoted && include.name.ends_with(".moc")) continue;
      if (isOwn(include)) {
        checkOwn(tree, file, *rule, include, broken);
      } else {
        checkForeign(file, *rule, include, broken);
      }
    }
    checkMeetings(tree, file, broken);
  }
  return broken;
}

}  // namespace studio::architecture
