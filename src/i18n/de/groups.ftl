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
groups-conflict = Unten stehen beide Fassungen; Ihre Eingabe steht noch im Formular. Speichern Sie erneut, um die Unterschiede zu ersetzen, oder brechen Sie ab, um die andere Fassung zu behalten.
groups-delete-question = Gruppe „{ $name }“ löschen?
groups-delete-text = { $members ->
    [0] Sie hat keine Mitglieder.
    [one] Ihr einziges Mitglied bleibt, gehört aber nicht mehr zu dieser Gruppe.
   *[other] Ihre { $members } Mitglieder bleiben, gehören aber nicht mehr zu dieser Gruppe.
 }
groups-in-use = Eine ERP-Verbindung ist für diese Gruppe freigegeben. Nehmen Sie die Gruppe zuerst aus dem Umfang dieser Verbindung.
groups-deleted = Die Gruppe „{ $name }“ wurde gelöscht.
