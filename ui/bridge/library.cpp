#include "ui/bridge/library.h"

#include "settings/app_settings.h"
#include "settings/paths.h"
#include "ui/bridge/text.h"

#include <algorithm>
#include <utility>

namespace studio::ui {
namespace {

template <class Info>
const Info* findIn(const std::vector<Info>& infos, const std::filesystem::path& path) {
  const auto wanted = path.lexically_normal();
  const auto found = std::find_if(infos.begin(), infos.end(),
                                  [&](const Info& info) { return info.path.lexically_normal() == wanted; });
  return found == infos.end() ? nullptr : &*found;
}

template <class Info>
const Info* findNamed(const std::vector<Info>& infos, const QString& name) {
  std::vector<std::filesystem::path> files;
  files.reserve(infos.size());
  for (const Info& info : infos) files.push_back(info.path);
  const std::filesystem::path file = engine::findByName(toPath(name), files);
  return file.empty() ? nullptr : findIn(infos, file);
}

template <class Info>
void replaceOrAdd(std::vector<Info>& infos, const Info& info) {
  const Info* known = findIn(infos, info.path);
  if (known != nullptr) {
    infos[static_cast<std::size_t>(known - infos.data())] = info;
  } else {
    infos.push_back(info);
  }
}

/// Empty when training left none.
std::string trainedName(const engine::LoraInfo& lora) {
  for (const auto& [key, value] : lora.metadata) {
    if (key == "ss_output_name") return value;
  }
  return {};
}

void addFolder(settings::Setting<QStringList>& setting, const std::filesystem::path& folder) {
  QStringList folders = setting.get();
  const QString text = pathText(folder);
  if (folders.contains(text)) return;
  folders.append(text);
  setting.set(folders);
}

}  // namespace

Library::Library(const engine::Inspector& inspector, settings::AppSettings& settings, QObject* parent)
    : QObject(parent), inspector_(inspector), settings_(settings) {
  worker_.setMaxThreadCount(1);
}

Library::~Library() {
  stop_.request_stop();
  worker_.clear();
  worker_.waitForDone();
}

const engine::ModelInfo* Library::findModel(const std::filesystem::path& path) const {
  return findIn(listing_.models, path);
}

const engine::LoraInfo* Library::findLora(const std::filesystem::path& path) const {
  return findIn(listing_.loras, path);
}

const engine::ModelInfo* Library::findModelNamed(const QString& name) const { return findNamed(listing_.models, name); }

const engine::LoraInfo* Library::findLoraNamed(const QString& name) const {
  const engine::LoraInfo* known = findNamed(listing_.loras, name);
  if (known != nullptr || name.isEmpty()) return known;
  const auto trained = std::find_if(listing_.loras.begin(), listing_.loras.end(), [&](const engine::LoraInfo& lora) {
    return toQString(trainedName(lora)).compare(name, Qt::CaseInsensitive) == 0;
  });
  return trained == listing_.loras.end() ? nullptr : &*trained;
}

const engine::OtherInfo* Library::findOtherNamed(const QString& name) const { return findNamed(listing_.others, name); }

std::vector<engine::EmbeddingName> Library::embeddingNames() const {
  std::vector<engine::EmbeddingName> names;
  for (const engine::OtherInfo& other : listing_.others) {
    if (other.type == engine::FileKind::Embedding)
      names.push_back({engine::utf8FromPath(other.path.stem()), std::max(1, other.vectors)});
  }
  return names;
}

std::vector<std::string> Library::promptNames(const engine::LoraInfo& lora,
                                              const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> names{lora.name};
  if (std::string trained = trainedName(lora); !trained.empty()) names.push_back(std::move(trained));
  std::filesystem::path bare = lora.path;
  bare.replace_extension();
  for (const std::filesystem::path& folder : folders) {
    const std::filesystem::path way = bare.lexically_normal().lexically_relative(folder.lexically_normal());
    if (way.has_parent_path() && *way.begin() != "..") names.push_back(engine::utf8FromPath(way));
  }
  return names;
}

std::vector<std::filesystem::path> Library::files() const {
  std::vector<std::filesystem::path> files;
  for (const engine::ModelInfo& info : listing_.models) files.push_back(info.path);
  for (const engine::LoraInfo& info : listing_.loras) files.push_back(info.path);
  for (const engine::OtherInfo& info : listing_.others) files.push_back(info.path);
  return files;
}

std::vector<std::filesystem::path> Library::folders() const {
  std::vector<std::filesystem::path> folders;
  const QStringList searched = settings::searchFolders(settings_);
  for (const QString& folder : searched) folders.push_back(toPath(folder));
  return folders;
}

void Library::addModelFolder(const std::filesystem::path& folder) {
  addFolder(settings_.modelFolders, folder);
  rescan();
}

void Library::addLoraFolder(const std::filesystem::path& folder) {
  addFolder(settings_.loraFolders, folder);
  rescan();
}

void Library::rescan() {
  ++scansRunning_;
  worker_.start([this, searched = folders()] {
    engine::CatalogListing listing = engine::listModels(inspector_, searched);
    QMetaObject::invokeMethod(this,
                              [this, listing = std::move(listing)]() mutable { takeListing(std::move(listing)); });
  });
  Q_EMIT scanningChanged();
}

void Library::takeListing(engine::CatalogListing listing) {
  --scansRunning_;
  scanned_ = true;
  listing_ = std::move(listing);
  for (const engine::FileInfo& info : singleFiles_) addToListing(info);
  Q_EMIT scanningChanged();
  Q_EMIT changed();
}

void Library::addFile(const std::filesystem::path& file) {
  worker_.start([this, file] {
    engine::Result<engine::FileInfo> result = inspector_.inspect(file);
    QMetaObject::invokeMethod(this, [this, file, result = std::move(result)] { takeFile(file, result); });
  });
}

void Library::remember(const std::filesystem::path& model, const engine::ModelChoice& choice) {
  worker_.start([this, model, choice, stop = stop_.get_token()] {
    if (inspector_.remember(model, choice, stop)) return;  // it holds for this session all the same
    engine::Result<engine::FileInfo> result = inspector_.inspect(model);
    if (!result) return;
    QMetaObject::invokeMethod(this, [this, info = std::move(result.value())] {
      addToListing(info);
      Q_EMIT changed();
    });
  });
}

void Library::takeFile(const std::filesystem::path& file, const engine::Result<engine::FileInfo>& result) {
  if (!result) {
    Q_EMIT fileRefused(file, result.error());
    return;
  }
  singleFiles_.push_back(result.value());
  addToListing(result.value());
  Q_EMIT changed();
  Q_EMIT fileAdded(result.value());
}

void Library::addToListing(const engine::FileInfo& info) {
  if (const auto* model = std::get_if<engine::ModelInfo>(&info)) replaceOrAdd(listing_.models, *model);
  if (const auto* lora = std::get_if<engine::LoraInfo>(&info)) replaceOrAdd(listing_.loras, *lora);
  if (const auto* other = std::get_if<engine::OtherInfo>(&info)) replaceOrAdd(listing_.others, *other);
}

std::filesystem::path Library::starterModel() const { return toPath(settings::starterModelFile()); }

}  // namespace studio::ui
