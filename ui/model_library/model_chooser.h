#pragma once

#include "engine/api/inspector.h"
#include "ui/model_library/model_notes.h"
#include "ui/widgets/panel_frame.h"

#include <filesystem>
#include <optional>

class QLabel;
class QPushButton;

namespace studio::ui {

class FileChoice;
class Library;
class RequestDraft;
class SliderField;

/// The card that says which model makes the picture, what it is, what it lacks, and which VAE is used.
class ModelChooser : public PanelFrame {
  Q_OBJECT

 public:
  ModelChooser(RequestDraft& draft, Library& library);

  /// What the file dialogs end with: the file is looked at, then takes its place in the request.
  void openModel(const std::filesystem::path& file);
  void openVae(const std::filesystem::path& file);
  void openTextEncoder(const std::filesystem::path& file);
  void openTextEncoder2(const std::filesystem::path& file);
  void openRefiner(const std::filesystem::path& file);

 private:
  enum class Role { Model, Vae, TextEncoder, TextEncoder2, Refiner };

  void buildLayout();
  void buildRefiner();
  void buildMenus();
  void connectSignals();
  void showRequest();
  void showFiles(const engine::ModelInfo* model);
  void showNotes(const engine::ModelInfo* model);
  void showFacts(const engine::ModelInfo* model);
  QString linkTo(const ModelSwitch& change);
  void follow(const QString& link);
  void open(Role role, const std::filesystem::path& file);
  void takeAdded(const engine::FileInfo& info);
  void takeRefused(const std::filesystem::path& file, const engine::EngineError& error);
  void useModel(const std::filesystem::path& file);
  void showRefiner(const engine::ModelInfo* model);
  void takeSuggestion();
  void useVae(const std::filesystem::path& file);
  void useTextEncoder(const std::filesystem::path& file);
  void useTextEncoder2(const std::filesystem::path& file);
  void useRefiner(const std::filesystem::path& file);
  void browse(Role role, bool folder);
  void addFolder();

  RequestDraft& draft_;
  Library& library_;
  FileChoice* model_ = nullptr;
  FileChoice* vae_ = nullptr;
  FileChoice* textEncoder_ = nullptr;
  FileChoice* textEncoder2_ = nullptr;
  FileChoice* refiner_ = nullptr;
  SliderField* refinerAt_ = nullptr;
  QLabel* facts_ = nullptr;
  QLabel* notes_ = nullptr;
  QPushButton* useSuggested_ = nullptr;
  /// A file chosen by hand that the library is still looking at.
  struct Opening {
    Role role;
    std::filesystem::path file;
  };
  std::optional<Opening> opening_;
  std::vector<engine::ModelChoice> changes_;  ///< what the links in facts and notes do, by number
  QString problem_;                           ///< why the last chosen file was not taken
};

}  // namespace studio::ui
