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
defaults-mandatory-in-erp = Das ERP-System verlangt dieses Feld; das lässt sich hier nicht abschalten.
defaults-effect = Was geschieht
defaults-effects = Was die drei Kästchen zusammen bedeuten
defaults-effect-silent = Der Wert wird stillschweigend gesendet; der Benutzer sieht das Feld nie.
defaults-effect-asked = Der Benutzer wird gefragt und darf das Feld leer lassen.
defaults-effect-must = Der Benutzer wird gefragt und muss das Feld ausfüllen.
defaults-effect-offered = Der Benutzer wird gefragt, findet den Wert eingetragen und darf ihn ändern, bei einem Pflichtfeld aber nicht leeren.
defaults-effect-none = Nicht möglich: Legen Sie einen Standardwert fest, fragen Sie den Benutzer, oder beides.
defaults-either = egal
defaults-tag = Platzhalter
defaults-tag-hint = Statt eines festen Datums: der Tag oder Zeitpunkt, an dem der Akteur erstellt wird.
defaults-tag-meaning = Steht für
defaults-tag-example = Beispiel
defaults-sample-name = Muster GmbH
defaults-all-have-one = Kein Feld mehr übrig
defaults-all-have-one-text = Jedes ERP-Feld dieses Akteurtyps, das Werte annimmt, hat schon einen Standardwert. Ändern Sie einen davon in der Liste.
defaults-tags = Platzhalter, die beim Erstellen ersetzt werden
defaults-delete-question = { $count ->
    [one] Diesen Standardwert
   *[other] Diese { $count } Standardwerte
 } von { $actor } in { $connection } löschen?
defaults-delete-text = Neue Akteure werden dann ohne sie im ERP erstellt. Vorhandene Akteure behalten ihre Werte.
defaults-delete-overtaken = Jemand anderes hat die Standardwerte inzwischen geändert. Sehen Sie noch einmal nach, was gelöscht würde.
