#pragma once

#include <QFrame>
#include <QTimer>

#include <functional>

class QLabel;
class QPushButton;

namespace studio::ui {

/// A quiet message that floats over its parent's lower edge and goes away by itself. Never takes the focus.
class NoticeBar : public QFrame {
  Q_OBJECT

 public:
  explicit NoticeBar(QWidget* parent);

  void showMessage(const QString& text);
  void showMessage(const QString& text, const QString& actionText, std::function<void()> action);
  /// The message stays, what its button would do is out of date.
  void dropAction();
  QString text() const;

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void buildLayout();
  void connectSignals();
  void place();

  QLabel* text_ = nullptr;
  QPushButton* action_ = nullptr;
  QPushButton* close_ = nullptr;
  std::function<void()> onAction_;
  QTimer timer_;
};

}  // namespace studio::ui
