# ERP-Verbindungen testen, ein- und ausschalten, löschen und wiederherstellen.
connection-checks-title = { $name } testen
connection-checks-lead = Der Sync Connector versucht, mit seiner Konfiguration das ERP-System zu erreichen. Es wird nichts geändert.
connection-checks-passed = Der Test von { $name } war erfolgreich.
connection-checks-failed = Der Test ist fehlgeschlagen
activations-title = { $name } aktivieren
activations-lead = Eine aktive Verbindung wird synchronisiert, und wer in ihrem Umfang ist, sieht die Registerkarte ERP.
activations-button = Aktivieren
activations-done = { $name } ist aktiv.
activations-done-noted = { $name } ist aktiv. { $count ->
    [one] Eine Anmerkung:
   *[other] { $count } Anmerkungen:
 } { $notes }
activations-refused = { $count ->
    [one] Ein Grund steht im Weg
   *[other] { $count } Gründe stehen im Weg
 }
activations-warnings = Zu bedenken
deactivations-done = { $name } ist nicht mehr aktiv.
connection-deletions-question = Die ERP-Verbindung „{ $name }“ löschen?
connection-deletions-text = Der Sync Connector vergisst ihre Konfiguration. Datensätze behalten auf beiden Seiten ihre Daten, und die Verknüpfungen bleiben für den Fall erhalten, dass die Verbindung wiederhergestellt wird.
connection-deletions-active = Die Verbindung ist aktiv
connection-deletions-active-text = Nur eine inaktive Verbindung kann gelöscht werden. Deaktivieren Sie sie zuerst.
connection-deletions-deactivate = Deaktivieren
connection-deletions-done = { $name } wurde gelöscht. „Gelöschte anzeigen“ zeigt sie wieder, um sie bei Bedarf wiederherzustellen.
connection-deletions-done-untold = { $name } wurde gelöscht, aber ihr Sync Connector hat davon nicht erfahren. { $why }
connection-restorations-done = { $name } wurde mit ihren Verknüpfungen wiederhergestellt. Sie ist inaktiv.
connection-restorations-done-unsent = { $name } wurde wiederhergestellt, aber die Konfiguration ließ sich nicht neu senden; das wird beim nächsten Aufruf nachgeholt. { $why }
connection-restorations-refused = Diese Verbindung lässt sich noch nicht wiederherstellen
connection-restorations-refused-text = Auch ihr Sync Connector wurde gelöscht, und inzwischen heißt ein anderer „{ $name }“. Benennen Sie den anderen um und stellen Sie dann diese Verbindung wieder her.
