# Was die Regeln der Zuweisung sagen: warum sich etwas nicht wählen lässt, warum ein Wert nicht übertragen
# wird, was ein neuer Blick in das ERP-System ergeben hat.

mapping-why-no-crm-field = Wählen Sie zuerst ein CRM-Feld.
mapping-why-not-offered = Felder dieses Typs werden nicht synchronisiert.
mapping-why-actor-key = Das ist der eigene Schlüssel des ERP-Systems. Er wird nie synchronisiert.
mapping-why-read-only = Das ERP-System nimmt für dieses Feld keine Werte an.
mapping-why-crm-cannot-hold = Das CRM-Feld kann nicht jeden Wert dieses ERP-Felds aufnehmen.
mapping-why-erp-cannot-hold = Dieses ERP-Feld kann nicht jeden Wert des CRM-Felds aufnehmen.
mapping-why-mapped-elsewhere = Eine andere ERP-Verbindung synchronisiert dieses CRM-Feld bereits. Von hier kann es daher nicht nur in einer Richtung gefüllt werden.

mapping-when-always = Immer
mapping-when-on-create = Nur beim Erstellen
mapping-when-if-empty = Nur wenn das Ziel leer ist

mapping-unmapped-leave = Feld so lassen, wie es ist
mapping-unmapped-fail = Fehlschlagen, bis das Element zugewiesen ist
mapping-unmapped-default = Standardelement nehmen

mapping-warn-erp-shorter = Werte über { $erp } Zeichen werden nicht gesendet. Das CRM-Feld fasst { $crm }.
mapping-warn-crm-shorter = Werte über { $crm } Zeichen werden nicht übernommen. Das ERP-Feld fasst { $erp }.

mapping-edit-unknown-erp-field = Die ERP-Verbindung hat kein Feld „{ $field }“ (mehr).
mapping-edit-unknown-crm-field = Das CRM hat kein solches Feld (mehr).
mapping-edit-used-twice = Dieses CRM-Feld ist bereits „{ $field }“ zugewiesen. Jedes CRM-Feld kann nur einmal zugewiesen werden.
mapping-edit-missing-in-erp = Das ERP-System hat dieses Feld nicht mehr. Seine Zuweisung lässt sich nur noch aufheben.

mapping-refused-type = { $field }: Der Wert hat nicht den Typ des Felds.
mapping-refused-item = { $field }: Das Listenelement „{ $item }“ ist nicht zugewiesen.
mapping-refused-left = { $field }: Das Listenelement „{ $item }“ ist nicht zugewiesen; das Feld bleibt, wie es ist.
mapping-refused-item-text = { $field }: Der Text des Listenelements „{ $item }“ ist nicht bekannt.
mapping-refused-long-for-crm = { $field }: Der Wert hat { $length } Zeichen; das CRM nimmt { $limit } an.
mapping-refused-long-for-erp = { $field }: Der Wert hat { $length } Zeichen; das ERP-System nimmt { $limit } an.
mapping-refused-blank-in-crm = { $field }: Das CRM braucht hier einen Wert.
mapping-refused-blank-in-erp = { $field }: Das ERP-System braucht hier einen Wert.

mapping-refresh-type-added = Das ERP-System bietet diesen Akteurtyp jetzt an. Er ist ausgeschaltet.
mapping-refresh-type-missing = Das ERP-System bietet diesen Akteurtyp nicht mehr an. Er bleibt erhalten, wird aber nicht synchronisiert.
mapping-refresh-type-back = Das ERP-System bietet diesen Akteurtyp wieder an.
mapping-refresh-field-added = Neues Feld.
mapping-refresh-field-missing = Das ERP-System hat dieses Feld nicht mehr.
mapping-refresh-field-back = Das ERP-System hat dieses Feld wieder.
mapping-refresh-field-type = Der Typ des Felds hat sich von { $before } in { $after } geändert.
mapping-refresh-to-crm-off = Die Richtung zum CRM wurde ausgeschaltet: Sie ist nicht mehr möglich.
mapping-refresh-to-erp-off = Die Richtung zum ERP-System wurde ausgeschaltet: Sie ist nicht mehr möglich.
mapping-refresh-items-dropped = Die Zuweisung seiner Listenelemente wurde entfernt, weil seine Liste jetzt eine andere ist.
mapping-refresh-default-dropped = Sein Standardwert wurde entfernt: Er passt nicht mehr zum Feld.

mapping-item-crm-twice = Ein anderes ERP-Listenelement ist demselben CRM-Listenelement zugewiesen. Jedes kann nur einmal verwendet werden.
mapping-item-erp-twice = Dieses ERP-Listenelement ist doppelt vorhanden.
mapping-item-unknown = Dieses Listenelement gibt es nicht (mehr).
mapping-item-no-default = Wählen Sie das Standardelement mindestens einer Seite.

mapping-default-not-offered = Dieses Feld nimmt keinen Standardwert an.
mapping-default-nothing-set = Legen Sie einen Standardwert fest oder lassen Sie den Benutzer fragen.
mapping-default-value-missing = Geben Sie den Standardwert an.
mapping-default-value-type = Dieser Wert hat nicht den Typ des Felds.
mapping-default-value-long = Dieser Wert ist zu lang: Das ERP-System nimmt { $limit } Zeichen an.

mapping-tag-number = Nummer des Datensatzes
mapping-tag-name = Name des Datensatzes
mapping-tag-today = Heutiges Datum
mapping-tag-now = Datum und Uhrzeit
mapping-tag-user = Name des Benutzers
mapping-tag-company-number = Nummer der Firma

mapping-answer-missing = Hier wird ein Wert gebraucht.
mapping-answer-type = Dieser Wert hat nicht den Typ des Felds.
mapping-answer-long = Dieser Wert ist zu lang: Das ERP-System nimmt { $limit } Zeichen an.

activation-connector-deleted = Der Sync Connector wurde gelöscht.
activation-test-failed = Der Test der ERP-Verbindung ist fehlgeschlagen.
activation-test-noted = Der Test der ERP-Verbindung war erfolgreich, mit einer Bemerkung.
activation-nothing-on = Es ist kein Akteurtyp eingeschaltet.
activation-type-missing = Das ERP-System bietet diesen Akteurtyp nicht mehr an. Er wird nicht synchronisiert.
activation-mandatory-value = „{ $field }“ ist im ERP-System Pflicht: Weisen Sie das Feld in Richtung ERP zu, legen Sie einen Standardwert fest oder lassen Sie den Benutzer fragen.
activation-mandatory-direction = „{ $field }“ ist im ERP-System Pflicht und zugewiesen, hat aber keine Richtung.
activation-without-direction =
    { $count ->
        [one] Ein Feld ist zugewiesen, hat aber keine Richtung: { $fields }.
       *[other] { $count } Felder sind zugewiesen, haben aber keine Richtung: { $fields }.
    }
activation-missing-in-erp = „{ $field }“ ist zugewiesen, aber das ERP-System hat das Feld nicht mehr.
activation-missing-in-crm = „{ $field }“ ist einem Feld zugewiesen, das es im CRM nicht mehr gibt.
activation-not-possible = „{ $field }“: { $why }
activation-used-twice = „{ $field }“ ist demselben CRM-Feld zugewiesen wie „{ $other }“.
activation-items-twice = „{ $field }“: Mehrere ERP-Listenelemente sind demselben CRM-Listenelement zugewiesen.
activation-no-items = „{ $field }“ ist zugewiesen, aber keines seiner Listenelemente.
