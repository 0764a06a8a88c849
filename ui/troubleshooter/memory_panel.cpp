#include "ui/troubleshooter/memory_panel.h"

#include "engine/api/image_io.h"
#include "ui/bridge/engine_words.h"
#include "ui/bridge/generation_session.h"
#include "ui/bridge/memory_settings_step.h"
#include "ui/bridge/model_fixes.h"
#include "ui/bridge/request_draft.h"
#include "ui/troubleshooter/memory_fix_list.h"
#include "ui/troubleshooter/memory_map.h"
#include "ui/troubleshooter/memory_words.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/shrinking_scroll.h"
#include "ui/widgets/text_role.h"

#include <QAccessible>
#include <QButtonGroup>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QStringList>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace studio::ui {
namespace {

/// What happened and the first fixes stay in sight, however little room there is.
constexpr int kLeastStory = 150;

QLabel* textLabel(QWidget* parent, TextRole role = TextRole::Base) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  if (role == TextRole::Base) label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  setTextRole(label, role);
  return label;
}

/// Text that can be selected can have the focus, so it has a name. Empty text hides the label.
void showText(QLabel* label, const QString& text) {
  label->setText(text);
  label->setAccessibleName(text);
  label->setVisible(!text.isEmpty());
}

QString triedText(const std::vector<engine::Sentence>& rungs) {
  QStringList lines;
  for (const engine::Sentence& rung : rungs) lines.append(QStringLiteral("• ") + inWords(rung));
  return lines.isEmpty() ? QString() : MemoryPanel::tr("Tried before:\n%1").arg(lines.join(u'\n'));
}

}  // namespace

MemoryPanel::MemoryPanel(GenerationSession& session, RequestDraft& draft, settings::AppSettings& settings,
                         QWidget* parent)
    : PanelFrame(QString(), parent), session_(session), draft_(draft), settings_(settings) {
  setObjectName(QStringLiteral("memoryPanel"));
  buildLayout();
  connectSignals();
  update();
}

void MemoryPanel::buildLayout() {
  title_ = new QLabel(this);
  title_->setObjectName(QStringLiteral("memoryTitle"));
  title_->setWordWrap(true);
  setTextRole(title_, TextRole::Title);
  header()->insertWidget(0, title_, 1);
  auto* story = new QWidget;
  story->setObjectName(QStringLiteral("memoryStory"));
  happened_ = textLabel(story);
  happened_->setObjectName(QStringLiteral("memoryHappened"));
  numbers_ = textLabel(story, TextRole::SmallMuted);
  tried_ = textLabel(story, TextRole::SmallMuted);
  map_ = new MemoryMap(story);
  fixes_ = new MemoryFixList(story);
  effect_ = textLabel(story, TextRole::SmallMuted);
  effect_->setObjectName(QStringLiteral("memoryEffect"));
  notEnough_ = textLabel(story, TextRole::SmallMuted);
  notEnough_->setObjectName(QStringLiteral("memoryNotEnough"));
  auto* rows = new QVBoxLayout(story);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(8);
  for (QWidget* part : {static_cast<QWidget*>(happened_), static_cast<QWidget*>(map_), static_cast<QWidget*>(numbers_),
                        static_cast<QWidget*>(tried_), static_cast<QWidget*>(fixes_), static_cast<QWidget*>(effect_),
                        static_cast<QWidget*>(notEnough_)})
    rows->addWidget(part);
  scope_ = buildScope();
  content()->addWidget(new ShrinkingScroll(story, kLeastStory, this));
  content()->addWidget(scope_);
  content()->addWidget(buildButtons());
}

QWidget* MemoryPanel::buildScope() {
  auto* scope = new QWidget(this);
  auto* label = new QLabel(tr("Use it"), scope);
  setTextRole(label, TextRole::SmallMuted);
  once_ = new QRadioButton(tr("for this picture"), scope);
  label->setMinimumHeight(once_->sizeHint().height());  // in line with it
  model_ = new QRadioButton(tr("for this model"), scope);
  model_->setToolTip(tr("Kept with the settings for this model alone; Ctrl+Z takes it back"));
  always_ = new QRadioButton(tr("always"), scope);
  always_->setToolTip(tr("Puts it into the settings; Ctrl+Z takes it back"));
  auto* group = new QButtonGroup(scope);
  group->addButton(once_);
  group->addButton(model_);
  group->addButton(always_);
  once_->setChecked(true);
  auto* line = new FlowLayout(scope);
  for (QWidget* part : {static_cast<QWidget*>(label), static_cast<QWidget*>(once_), static_cast<QWidget*>(model_),
                        static_cast<QWidget*>(always_)})
    line->addWidget(part);
  return scope;
}

QWidget* MemoryPanel::buildButtons() {
  auto* buttons = new QWidget(this);
  resume_ = new QPushButton(tr("Apply and resume"), buttons);
  resume_->setObjectName(QStringLiteral("applyAndResume"));
  resume_->setToolTip(tr("The steps that are done stay as they are"));
  again_ = new QPushButton(tr("Apply and start again"), buttons);
  again_->setObjectName(QStringLiteral("applyAndStartAgain"));
  partial_ = new QPushButton(tr("Keep partial"), buttons);
  partial_->setObjectName(QStringLiteral("keepPartial"));
  partial_->setToolTip(tr("Make a picture of what is there so far; the steps stay kept"));
  report_ = new QPushButton(tr("Copy report"), buttons);
  report_->setToolTip(tr("Copy what happened and the machine's data to the clipboard, without your prompt"));
  close_ = new QPushButton(tr("Close"), buttons);
  auto* line = new FlowLayout(buttons);
  for (QPushButton* button : {resume_, again_, partial_, report_, close_}) line->addWidget(button);
  return buttons;
}

void MemoryPanel::connectSignals() {
  connect(&session_, &GenerationSession::errorChanged, this, &MemoryPanel::update);
  connect(fixes_, &MemoryFixList::chosenChanged, this, &MemoryPanel::showChoice);
  connect(resume_, &QPushButton::clicked, this, &MemoryPanel::applyAndResume);
  connect(again_, &QPushButton::clicked, this, &MemoryPanel::applyAndStartAgain);
  connect(partial_, &QPushButton::clicked, this, &MemoryPanel::keepPartial);
  connect(report_, &QPushButton::clicked, this, &MemoryPanel::copyReportWanted);
  connect(close_, &QPushButton::clicked, this, &MemoryPanel::dismiss);
}

void MemoryPanel::update() {
  const auto& error = session_.lastError();
  const bool isOurs = error && error->memory != nullptr;
  setVisible(isOurs);
  if (!isOurs) return;
  explains_ = false;
  once_->setChecked(true);
  showReport(*error->memory, memoryTitle(*error->memory, session_.keptJob().step));
}

void MemoryPanel::explain() {
  if (session_.rungs().empty() || session_.rungs().back().memory == nullptr) return;
  explains_ = true;
  engine::MemoryReport report = *session_.rungs().back().memory;
  report.rungs.clear();
  for (const engine::RungTaken& rung : session_.rungs()) report.rungs.push_back(rung.what);
  setVisible(true);
  showReport(report, tr("Why the way was changed"));
}

void MemoryPanel::showReport(const engine::MemoryReport& report, const QString& title) {
  setProperty("tone", explains_ ? QString() : QStringLiteral("bad"));
  style()->unpolish(this);  // a style sheet reads properties only when it is polished
  style()->polish(this);
  title_->setText(explains_ ? title : QStringLiteral("▲ ") + title);
  showText(happened_, memoryHappened(report));
  map_->showReport(report);
  showText(numbers_, memoryNumbers(report));
  showText(tried_, triedText(report.rungs));
  fixes_->showFixes(report.fixes, report.limit);
  const bool others = std::any_of(report.holders.begin(), report.holders.end(), [](const engine::MemoryHolder& holder) {
    return holder.kind == engine::MemoryHolder::Kind::OtherProgram;
  });
  QStringList notes{explains_ ? QString() : notEnoughText(report)};
  if (others) notes.append(tr("Closing other programs makes room; none is closed for you."));
  notes.removeAll(QString());
  showText(notEnough_, notes.join(u'\n'));
  showChoice();
  setAccessibleName(title);
  setAccessibleDescription(happened_->text());
  QAccessibleEvent alert(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&alert);
}

/// What can be done hangs on the fix: one that changes the request makes another picture.
void MemoryPanel::showChoice() {
  const engine::MemoryFix* fix = explains_ ? nullptr : fixes_->chosen();
  const bool hasOptions = fix != nullptr && fix->options != engine::OptionsPatch();
  scope_->setVisible(hasOptions);
  resume_->setVisible(!explains_ && session_.keptJob() && fix != nullptr);
  resume_->setEnabled(fix != nullptr && fix->keepsSteps());
  partial_->setVisible(!explains_ && session_.keptJob() && session_.keptJob().step > 0);
  again_->setVisible(!explains_);
  showText(effect_, fix == nullptr ? QString() : effectExplained(*fix));
  again_->setText(fix == nullptr ? tr("Try again") : tr("Apply and start again"));
  report_->setVisible(!explains_);
}

void MemoryPanel::dismiss() {
  hide();
  if (!explains_) {
    session_.dismissError();
  } else {
    update();
  }
}

engine::OptionsPatch MemoryPanel::takeOver() {
  const engine::MemoryFix* fix = fixes_->chosen();
  if (fix == nullptr) return {};
  const QString what = fixText(*fix);
  const bool hasOptions = fix->options != engine::OptionsPatch();
  const bool always = hasOptions && always_->isChecked(), model = hasOptions && model_->isChecked();
  const QString words = always ? tr("From now on: %1") : model ? tr("For this model: %1") : tr("For this picture: %1");
  if (always) draft_.undoStack().push(new MemorySettingsStep(settings_, fix->options, what));
  if (model) draft_.undoStack().push(new ModelFixStep(settings_, session_.failedRequest().model, fix->options, what));
  Q_EMIT applied(words.arg(what), always || model || !fix->patch.present.empty());
  return fix->options;
}

void MemoryPanel::applyAndResume() { session_.resumeFailed(takeOver()); }

/// Where a fix is chosen that leaves the steps as they are it helps here too; else the processor does what is left.
void MemoryPanel::keepPartial() {
  const engine::MemoryFix* fix = fixes_->chosen();
  engine::OptionsPatch changes;
  changes.memoryMode = engine::MemoryMode::Cpu;
  session_.keepPartial(fix != nullptr && fix->keepsSteps() ? fix->options : changes);
}

void MemoryPanel::applyAndStartAgain() {
  const engine::MemoryFix* fix = fixes_->chosen();
  engine::GenerationRequest wanted = session_.failedRequest();
  if (fix != nullptr) engine::applyPatch(fix->patch, wanted);
  draft_.closeStep();
  draft_.edit([&wanted](engine::GenerationRequest& request) { request = wanted; }, tr("Less memory"));
  session_.generateWith(takeOver());
}

}  // namespace studio::ui
