#pragma once

#include <QFrame>
#include <QPointer>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace studio::ui {

/// A card: small-caps title on the left, an optional note or control on the right, the content below.
class PanelFrame : public QFrame {
  Q_OBJECT

 public:
  explicit PanelFrame(const QString& title, QWidget* parent = nullptr);

  /// Rows are 8 px apart; put layouts or widgets in.
  QVBoxLayout* content() const { return content_; }
  /// Further controls of the title row; they are placed right of the note.
  QHBoxLayout* header() const { return header_; }

  void setTitle(const QString& title);
  /// Small muted text at the right of the title row; empty hides it.
  void setNote(const QString& note);
  QString note() const;

  /// Gets the focus when the card goes while it has it; without one it is whatever comes next in the window.
  void setFocusHeir(QWidget* heir) { heir_ = heir; }

 protected:
  void hideEvent(QHideEvent* event) override;

 private:
  void buildLayout(const QString& title);

  QPointer<QWidget> heir_;
  QLabel* title_ = nullptr;
  QLabel* note_ = nullptr;
  QHBoxLayout* header_ = nullptr;
  QVBoxLayout* content_ = nullptr;
};

}  // namespace studio::ui
