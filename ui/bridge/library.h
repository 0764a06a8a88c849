#pragma once

#include "engine/api/inspector.h"
#include "engine/api/model_catalog.h"
#include "engine/api/token_counter.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <optional>
#include <stop_token>
#include <vector>

namespace studio::settings {
class AppSettings;
}

namespace studio::ui {

/// Models and LoRAs in the person's folders and the starter's. Scanned on a thread of its own;
/// everything here is called on the GUI thread and answers at once from the last scan.
class Library : public QObject {
  Q_OBJECT

 public:
  Library(const engine::Inspector& inspector, settings::AppSettings& settings, QObject* parent = nullptr);
  ~Library() override;

  const engine::CatalogListing& listing() const { return listing_; }
  bool isScanning() const { return scansRunning_ > 0; }
  /// False until the first scan is done: an empty listing then means nothing.
  bool isScanned() const { return scanned_; }

  /// Pointers are valid until changed(). Paths are compared after normalising.
  const engine::ModelInfo* findModel(const std::filesystem::path& path) const;
  const engine::LoraInfo* findLora(const std::filesystem::path& path) const;
  /// By file name or stem, ignoring case and the endings of model files: for settings that name a file without its
  /// folder. LoRAs also by the name they were trained under, as A1111 writes it.
  const engine::ModelInfo* findModelNamed(const QString& name) const;
  const engine::LoraInfo* findLoraNamed(const QString& name) const;
  /// A VAE, a text encoder or another file that is no checkpoint by itself.
  const engine::OtherInfo* findOtherNamed(const QString& name) const;

  /// What a prompt may call a LoRA: its file stem, the same below its folder ("styles/ink"), and the name it was
  /// trained under.
  static std::vector<std::string> promptNames(const engine::LoraInfo& lora,
                                              const std::vector<std::filesystem::path>& folders);

  /// Textual inversions by the names that prompts call them, with their lengths.
  std::vector<engine::EmbeddingName> embeddingNames() const;

  /// Every file of the listing.
  std::vector<std::filesystem::path> files() const;
  std::vector<std::filesystem::path> folders() const;
  /// Remembers the folder in the settings and scans again.
  void addModelFolder(const std::filesystem::path& folder);
  void addLoraFolder(const std::filesystem::path& folder);
  void rescan();

  /// Looks at one file, wherever it is; it joins the listing and fileAdded() or fileRefused() follows.
  void addFile(const std::filesystem::path& file);

  /// Keeps a choice for a model's file; its info follows. Takes as long as reading the file, out of sight.
  void remember(const std::filesystem::path& model, const engine::ModelChoice& choice);

  /// The model that ships with the studio; empty when it is not installed.
  std::filesystem::path starterModel() const;

 Q_SIGNALS:
  void changed();
  void scanningChanged();
  void fileAdded(const engine::FileInfo& info);
  void fileRefused(const std::filesystem::path& file, const engine::EngineError& error);

 private:
  void takeListing(engine::CatalogListing listing);
  void takeFile(const std::filesystem::path& file, const engine::Result<engine::FileInfo>& result);
  void addToListing(const engine::FileInfo& info);

  const engine::Inspector& inspector_;
  settings::AppSettings& settings_;
  engine::CatalogListing listing_;
  std::vector<engine::FileInfo> singleFiles_;  ///< opened by hand; they survive a rescan
  int scansRunning_ = 0;
  bool scanned_ = false;
  std::stop_source stop_;  ///< asked for when this goes
  QThreadPool worker_;     ///< last member: its threads end before what they use
};

}  // namespace studio::ui
