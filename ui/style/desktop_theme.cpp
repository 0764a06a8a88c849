#include "ui/style/desktop_theme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QObject>

namespace studio::ui {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kNamespace = QStringLiteral("org.freedesktop.appearance");
const QString kKey = QStringLiteral("color-scheme");

/// The portal's numbers: 0 no preference, 1 dark, 2 light. Read wraps the number in two variants.
uint schemeFrom(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();
  return value.toUInt();
}

class DesktopWatch : public QObject {
  Q_OBJECT

 public:
  DesktopWatch(QObject* owner, std::function<void(bool)> answer) : QObject(owner), answer_(std::move(answer)) {
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) return;
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(settingChanged(QString, QString, QDBusVariant)));
    QDBusMessage question = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    question << kNamespace << kKey;
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* call) {
      const QDBusPendingReply<QDBusVariant> reply = *call;
      if (reply.isValid()) tell(schemeFrom(QVariant::fromValue(reply.value())));
      call->deleteLater();
    });
  }

 private Q_SLOTS:
  void settingChanged(const QString& group, const QString& key, const QDBusVariant& value) {
    if (group == kNamespace && key == kKey) tell(schemeFrom(value.variant()));
  }

 private:
  void tell(uint scheme) {
    if (scheme == 1 || scheme == 2) answer_(scheme == 1);
  }

  std::function<void(bool)> answer_;
};

}  // namespace

void watchDesktopTheme(QObject* owner, std::function<void(bool dark)> answer) {
  new DesktopWatch(owner, std::move(answer));
}

}  // namespace studio::ui

#include "desktop_theme.moc"
