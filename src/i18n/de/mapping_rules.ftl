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

mapping-refresh-type-added = Das ERP-System bietet diesen Akteurtyp jetzt an, mit { $fields ->
    [one] einem Feld
   *[other] { $fields } Feldern
 }. Er hat eine eigene Registerkarte in den Zuweisungen und ist ausgeschaltet.
mapping-refresh-type-missing = Das ERP-System bietet diesen Akteurtyp nicht mehr an. Seine Zuweisung bleibt erhalten und wird gekennzeichnet; synchronisiert wird davon nichts.
mapping-refresh-type-back = Das ERP-System bietet diesen Akteurtyp wieder an; seine Zuweisung gilt wieder.
mapping-refresh-searchable = In der erweiterten Suche lassen sich andere Felder verwenden als bisher.
mapping-refresh-name = Es hieß bisher „{ $before }“.
mapping-refresh-field-type = Sein Typ war { $before } und ist jetzt { $after }.
mapping-refresh-mandatory = Es muss ausgefüllt sein, wenn im ERP-System ein Akteur erstellt wird.
mapping-refresh-read-only = Es lässt sich nur lesen.
mapping-refresh-normal = Es lässt sich lesen und schreiben und darf leer bleiben.
mapping-refresh-list = Seine Elemente kommen aus einer anderen Liste.
mapping-refresh-length = Es nimmt höchstens { $most } Zeichen auf.
mapping-refresh-any-length = Es nimmt Texte jeder Länge auf.
mapping-refresh-about = Seine Beschreibung, sein vorgeschlagener Wert oder sein Platz ist anders.
mapping-refresh-to-crm-off = Richtung zum { $crm } aus: Sie ist nicht mehr möglich.
mapping-refresh-to-erp-off = Richtung vom { $crm } zum ERP-System aus: Sie ist nicht mehr möglich.
mapping-refresh-items-dropped = Die Zuweisung seiner Listenelemente entfällt, denn sie gehören zu seiner bisherigen Liste.
mapping-refresh-default-dropped = Sein Standardwert entfällt: Er passt nicht mehr zum Feld.
mapping-refresh-hidden = Es erscheint nicht mehr in Suchen und in der ERP-Registerkarte.
mapping-refresh-suggested = Vorgeschlagen für „{ $crm }“; übertragen wird erst etwas, wenn eine Richtung gewählt ist.
mapping-refresh-unmapped = Noch nicht zugewiesen.
mapping-refresh-mapped-again = Seine Zuweisung zu „{ $crm }“ gilt wieder.
mapping-refresh-mapped-no-more = Zugewiesen zu „{ $crm }“: Es werden keine Werte mehr übertragen. Heben Sie die Zuweisung auf, bevor die Verbindung aktiviert wird.
mapping-refresh-default-no-more = Sein Standardwert wird nicht mehr gesendet.
mapping-refresh-unused = Es war nicht in Gebrauch.
mapping-refresh-needs-value = Pflichtfeld, und noch füllt es nichts: Bevor die Verbindung aktiviert wird, braucht es eine Zuweisung zum ERP-System, einen Standardwert oder eine Frage an den Benutzer.
mapping-refresh-stays = Zuweisung, Standardwert und Listenelemente bleiben, wie sie sind.

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
