# Warum die Synchronisierung eines Datensatzes oder einer Verbindung fehlschlug, und warum eine Verbindung ruht.
# Was ein Connector selbst sagt, steht in failure.ftl, was sich nicht übersetzen lässt, in mapping_rules.ftl.
sync-failed-store = Die Werte können in der Datenbank des Portals nicht gespeichert werden.
sync-failed-unreadable = Was das ERP zum Akteur „{ $actor }“ geantwortet hat, war nicht lesbar: „{ $detail }“
sync-failed-gone = Im ERP-System nicht mehr vorhanden.
sync-failed-other-company = Im ERP gehört diese Person zu einer anderen Firma (Akteur „{ $actor }“) als im CRM. Ordnen Sie die Person auf einer Seite um, oder trennen Sie sie.
sync-note-information = Das ERP meldet: „{ $said }“
sync-note-warning = Das ERP warnt: „{ $said }“
sync-failed-not-taken = Das ERP-System hat den Wert von „{ $field }“ nicht übernommen und keinen Grund genannt.
sync-failed-cut-off = Der Lauf wurde abgebrochen, weil sein Prozess endete oder stillstand. Er wird wiederholt.
sync-failed-stopped = Der Lauf wurde angehalten, weil das Portal beendet wurde. Er geht beim nächsten Start weiter.
sync-failed-called-off = Der Lauf wurde angehalten: Jemand hat das verlangt, oder wer ihn angefordert hatte, darf das nicht mehr. Was er getan hat, bleibt; den Rest erledigt der nächste Lauf.
sync-paused-signed-out = Ruht: Der Sync Connector lässt dieses Portal nicht hinein. Prüfen Sie Benutzername und Passwort der Verbindung und synchronisieren oder testen Sie sie dann.
sync-paused-after-tries = Ruht nach zehn erfolglosen Versuchen in Folge. Synchronisieren oder testen Sie die Verbindung, um sie wieder aufzunehmen.
sync-failed-resync-stopped = Die Neusynchronisierung wurde vor ihrem Ende angehalten. Was sie geschrieben hatte, bleibt.
sync-failed-resync-superseded = Was in dieser Verbindung synchronisiert wird, wurde geändert, oder sie wurde abgeschaltet, bevor die Neusynchronisierung zu Ende war. Was sie geschrieben hatte, bleibt; für den Rest zählen Sie bitte neu.
sync-failed-not-linked = Der Datensatz ist nicht mehr verknüpft.
sync-failed-busy = Die ganze Zeit wurde etwas anderes in diesen Datensatz geschrieben. Synchronisieren Sie ihn noch einmal neu.
