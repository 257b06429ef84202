# Eigene Felder des CRM.
crm-fields-title = CRM-Felder
crm-fields-lead = Felder, die Sie Firmen, Personen und Projekten hinzufügen. Sie stehen in deren Formularen und lassen sich ERP-Feldern zuweisen.
crm-fields-tabs = Art des Datensatzes
crm-fields-add = Feld hinzufügen
crm-fields-none = { $kinds }: noch keine eigenen Felder
crm-fields-none-text = Fehlt dem CRM etwas, das Ihr ERP-System kennt, zum Beispiel eine Kundengruppe oder ein Kreditlimit? Fügen Sie ein Feld dafür hinzu und weisen Sie es dann in der Verbindung zu.
crm-fields-order = Reihenfolge
crm-fields-save-order = Reihenfolge speichern
crm-fields-ordered = Die Reihenfolge wurde gespeichert.
crm-fields-up-to = bis { $number } Zeichen
crm-fields-required = Pflichtfeld
crm-fields-date = Datum
crm-fields-built-in-title = { $kinds }: Felder, die es von Anfang an gibt
crm-fields-deleted = Gelöschte Felder
crm-fields-deleted-hint = Die Datensätze haben ihre Werte behalten. Mit dem Feld kommen sie zurück.
crm-fields-deleted-when = Gelöscht
crm-fields-new = Neues Feld: { $kind }
crm-fields-new-lead = Was soll das Feld enthalten? Der Typ lässt sich später nicht mehr ändern.
crm-fields-type = Typ
crm-fields-takes = Enthält
crm-fields-fits = In beide Richtungen mit ERP-Feldern vom Typ
crm-fields-takes-text = Wörter und Zeichen, zum Beispiel eine Kundengruppe als Kürzel
crm-fields-takes-whole = Zahlen ohne Nachkommastellen, zum Beispiel eine Stückzahl
crm-fields-takes-decimal = Zahlen mit Nachkommastellen, zum Beispiel ein Kreditlimit
crm-fields-takes-check = Ja oder nein, zum Beispiel „gesperrt“
crm-fields-takes-date = Einen Tag ohne Uhrzeit, zum Beispiel „Vertrag bis“
crm-fields-takes-list = Eines von mehreren Listenelementen, zum Beispiel eine Zahlungsbedingung
crm-fields-field = Feld
crm-fields-record = Datensatz
crm-fields-type-hint = Der Typ lässt sich nach dem Hinzufügen nicht mehr ändern.
crm-fields-german = Name (Deutsch)
crm-fields-english = Name (Englisch)
crm-fields-name-hint = Eine Sprache genügt. Wer die andere liest, sieht dann diese.
crm-fields-length = Höchstlänge in Zeichen
crm-fields-length-hint = Weniger geht nur, solange kein Datensatz einen längeren Text enthält.
crm-fields-must = Pflichtfeld
crm-fields-must-hint = Wer einen Datensatz speichert, muss etwas angeben. Die Synchronisierung verlangt den Wert nicht.
crm-fields-items = Listenelemente
crm-fields-items-hint = Entfernte Elemente bleiben in Datensätzen, die sie schon enthalten, und lassen sich nicht mehr neu wählen.
crm-fields-in-german = Deutsch
crm-fields-in-english = Englisch
crm-fields-remove = Entfernen
crm-fields-more = Neue Listenelemente
crm-fields-more-hint = Eine Zeile je Element. Zwei Sprachen trennt ein senkrechter Strich: Rot | Red, zuerst Deutsch. Ein entferntes Element desselben Namens kommt zurück.
crm-fields-uses = Zuweisungen
crm-fields-unused = Das Feld ist keinem ERP-Feld zugewiesen. Öffnen Sie dazu die Zuweisungen einer ERP-Verbindung.
crm-fields-taken = Es gibt schon ein Feld dieses Namens.
crm-fields-built-in = So heißt schon ein Feld, das es von Anfang an gibt.
crm-fields-bad-length = Bitte geben Sie eine ganze Zahl von 1 bis { $max } ein.
crm-fields-longer = Ein Datensatz enthält einen längeren Text. Wählen Sie eine größere Zahl, oder kürzen Sie ihn zuerst.
crm-fields-no-items = Bitte geben Sie mindestens ein Listenelement an.
crm-fields-many-items = { $count } Listenelemente sind zu viele; { $max } sind möglich.
crm-fields-item-twice = Das Listenelement „{ $item }“ gibt es schon.
crm-fields-bad-item = „{ $item }“ ist zu lang oder enthält Steuerzeichen; { $max } Zeichen sind möglich.
crm-fields-full = Mehr als { $max } eigene Felder je Art von Datensatz sind nicht möglich. Löschen Sie zuerst eines, das niemand mehr braucht.
crm-fields-added = Das Feld „{ $name }“ wurde hinzugefügt.
crm-fields-saved = Das Feld „{ $name }“ wurde gespeichert.
crm-field-deletions-question = Feld „{ $name }“ löschen?
crm-field-deletions-holders = { $records ->
    [0] Kein Datensatz enthält einen Wert.
    [one] Ein Datensatz enthält einen Wert.
   *[other] { $records } Datensätze enthalten einen Wert.
 }
crm-field-deletions-holders-among = { $records ->
    [one] Von den neuesten { $looked } Datensätzen enthält einer einen Wert.
   *[other] Von den neuesten { $looked } Datensätzen enthalten { $records } einen Wert.
 }
crm-field-deletions-text = Das Feld verschwindet aus Formularen und Ansichten. Die Werte bleiben erhalten und sind wieder da, wenn Sie das Feld wiederherstellen.
crm-field-deletions-uses = Diese Zuweisungen enthalten das Feld. Sie bleiben, melden aber „fehlt im CRM“; alle anderen Felder werden weiter synchronisiert. Bevor die Verbindung das nächste Mal aktiviert werden kann, muss die Zuweisung aufgehoben oder das Feld wiederhergestellt werden:
crm-field-deletions-done = Das Feld „{ $name }“ wurde gelöscht. Die Datensätze haben ihre Werte behalten.
crm-field-restorations-done = Das Feld „{ $name }“ ist mit seinen Werten wieder da.
crm-field-restorations-taken = „{ $name }“ kann nicht zurückkommen, weil inzwischen ein anderes Feld so heißt. Benennen Sie zuerst dieses um.
crm-field-restorations-full = „{ $name }“ kann nicht zurückkommen: Es gibt schon { $max } eigene Felder. Löschen Sie zuerst eines, das niemand mehr braucht.
crm-field-deletions-overtaken = Das Feld wurde inzwischen geändert. Unten steht, was jetzt gilt.
