groups-title = Gruppen
groups-lead = Personen, die auf Verbindungen dieselben Rechte erhalten.
groups-add = Gruppe hinzufügen
groups-new-lead = Auf der nächsten Seite wählen Sie die Mitglieder.
groups-name = Name
groups-members = Mitglieder
groups-members-hint = Kreuzen Sie an, wer zur Gruppe gehört.
groups-none = Noch keine Gruppen
groups-none-text = Eine Gruppe spart Arbeit, wenn dieselben Personen mehrere Verbindungen benutzen, zum Beispiel der Vertrieb.
groups-taken = Es gibt schon eine Gruppe dieses Namens.
groups-added = Die Gruppe „{ $name }“ wurde hinzugefügt. Wählen Sie jetzt ihre Mitglieder.
groups-saved = Die Gruppe „{ $name }“ wurde gespeichert.
groups-delete-question = Gruppe „{ $name }“ löschen?
groups-delete-text = { $members ->
    [0] Sie hat keine Mitglieder.
    [one] Ihr einziges Mitglied bleibt, gehört aber nicht mehr zu dieser Gruppe.
   *[other] Ihre { $members } Mitglieder bleiben, gehören aber nicht mehr zu dieser Gruppe.
 }
groups-in-use = Diese ERP-Verbindungen sind für die Gruppe freigegeben. Nehmen Sie die Gruppe zuerst aus ihrem Umfang:
groups-delete-deleted = Sie verschwindet auch aus dem Umfang gelöschter ERP-Verbindungen: { $names }. Werden diese wiederhergestellt, gehört die Gruppe nicht mehr dazu.
groups-deleted = Die Gruppe „{ $name }“ wurde gelöscht.
