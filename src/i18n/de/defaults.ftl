defaults-title = Standardwerte von { $name }
defaults-trail = Standardwerte
defaults-lead = Werte, die beim Erstellen eines neuen Akteurs ans ERP gesendet werden, und Fragen an den Benutzer.
defaults-none = Noch keine Standardwerte
defaults-none-text = Fügen Sie für jedes ERP-Pflichtfeld, das kein CRM-Feld füllt, einen hinzu, zum Beispiel für eine Kundengruppe.
defaults-missing = Im ERP Pflicht, aber weder zugewiesen noch mit Standardwert:
defaults-choose = Auswählen
defaults-choose-named = { $name } auswählen
defaults-field = ERP-Feld
defaults-field-hint = Bei Feldern, die zum ERP zugewiesen sind, gilt der Standardwert nur, wenn der CRM-Wert leer ist.
defaults-mapped = { $name } (zugewiesen)
defaults-value = Standardwert
defaults-ask = Benutzer fragen
defaults-mandatory-short = Obligatorisch
defaults-delete = Ausgewählte löschen
defaults-deleted = { $count ->
    [one] Ein Standardwert wurde gelöscht.
   *[other] { $count } Standardwerte wurden gelöscht.
 }
defaults-none-chosen = Es war nichts ausgewählt, nichts wurde gelöscht.
defaults-saved = Der Standardwert wurde gespeichert.
defaults-edit-title = Sync-Standardwert: { $actor } in { $connection }
defaults-set = Standardwert festlegen
defaults-ask-user = Benutzer nach Wert fragen
defaults-mandatory = Obligatorisch - Benutzer muss einen Wert angeben
defaults-tags = Platzhalter, die beim Erstellen ersetzt werden
defaults-delete-question = { $count ->
    [one] Diesen Standardwert
   *[other] Diese { $count } Standardwerte
 } von { $actor } in { $connection } löschen?
defaults-delete-text = Neue Akteure werden dann ohne sie im ERP erstellt. Vorhandene Akteure behalten ihre Werte.
defaults-delete-overtaken = Jemand anderes hat die Standardwerte inzwischen geändert. Sehen Sie noch einmal nach, was gelöscht würde.
