#pragma once

#include <QWidget>

#include <filesystem>
#include <vector>

class QComboBox;
class QLabel;
class QToolButton;

namespace studio::ui {

/// One row: a file out of a list, optionally "Automatic" (an empty path), or any other through "…".
class FileChoice : public QWidget {
  Q_OBJECT

 public:
  struct Item {
    std::filesystem::path file;
    QString name;
    QString detail;  ///< tooltip
  };

  /// An empty `automatic` means that there is no such choice.
  FileChoice(const QString& label, const QString& automatic, QWidget* parent = nullptr);

  /// Shows the items; `current` is added if it is not among them. Never emits chosen().
  void showItems(const std::vector<Item>& items, const std::filesystem::path& current);
  QComboBox* box() const { return box_; }
  QToolButton* browseButton() const { return browse_; }
  QLabel* label() const { return label_; }

 Q_SIGNALS:
  void chosen(const std::filesystem::path& file);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void buildLayout(const QString& label);
  void showIcon();

  QString automatic_;
  std::vector<std::filesystem::path> files_;  ///< by index of the box
  QLabel* label_ = nullptr;
  QComboBox* box_ = nullptr;
  QToolButton* browse_ = nullptr;
};

}  // namespace studio::ui
