# Warum die Synchronisierung eines Datensatzes oder einer Verbindung fehlschlug, und warum eine Verbindung ruht.
# Was ein Connector selbst sagt, steht in failure.ftl, was sich nicht übersetzen lässt, in mapping_rules.ftl.
sync-failed-store = Die Werte können in der Datenbank des Portals nicht gespeichert werden.
sync-failed-gone = Im ERP-System nicht mehr vorhanden.
sync-failed-not-taken = Das ERP-System hat den Wert von „{ $field }“ nicht übernommen und keinen Grund genannt.
sync-failed-cut-off = Der Lauf wurde abgebrochen, weil sein Prozess endete oder stillstand. Er wird wiederholt.
sync-failed-stopped = Der Lauf wurde angehalten, weil das Portal beendet wurde. Er geht beim nächsten Start weiter.
sync-paused-signed-out = Ruht: Der Sync Connector lässt dieses Portal nicht hinein. Prüfen Sie Benutzername und Kennwort der Verbindung und synchronisieren oder testen Sie sie dann.
sync-paused-after-tries = Ruht nach zehn erfolglosen Versuchen in Folge. Synchronisieren oder testen Sie die Verbindung, um sie wieder aufzunehmen.
