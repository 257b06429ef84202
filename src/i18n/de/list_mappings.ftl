list-mappings-title = Listenzuweisung von { $name }
list-mappings-lead = Welches Element einer ERP-Liste welchem Element einer Liste in { $crm } entspricht, eins zu eins.
list-mappings-none = Noch ist kein Listenfeld zugewiesen
list-mappings-none-text = Weisen Sie zuerst ein ERP-Listenfeld einem Listenfeld des CRM zu; dann lassen sich hier seine Elemente zuweisen.
list-mappings-to-mappings = Zu den Zuweisungen
list-mappings-lists = Zugewiesene Listen
list-mappings-mapped = { $count ->
    [one] 1 Element zugewiesen
   *[other] { $count } Elemente zugewiesen
 }
list-mappings-erp-item = ERP-Listenelement
list-mappings-crm-item = CRM-Listenelement ({ $list })
list-mappings-active = Solange die Verbindung aktiv ist, kann die Listenzuweisung nur angesehen werden. Deaktivieren Sie sie, um sie zu ändern.
list-mappings-away = Die Liste des ERP konnte nicht gelesen werden, darum wurde nichts gespeichert. Versuchen Sie es wieder, wenn das ERP antwortet.
list-mappings-away-title = Die Liste des ERP konnte nicht gelesen werden
list-mappings-problems = Einige Listenelemente lassen sich so nicht zuweisen; sie sind unten markiert.
list-mappings-suggest = Nach gleichem Text vorschlagen
list-mappings-saved = Die Listenzuweisung wurde gespeichert.
list-mappings-mapped-of = { $count } von { $total } Elementen zugewiesen
list-mappings-suggested = { $count ->
    [0] Kein weiteres Element hat einen Text mit einem Element des CRM gemeinsam.
    [one] Ein Element wurde vorgeschlagen und ist markiert. Zugewiesen wird es beim Speichern.
   *[other] { $count } Elemente wurden vorgeschlagen und sind markiert. Zugewiesen werden sie beim Speichern.
 }
list-mappings-suggestion = vorgeschlagen
list-mappings-remove = Entfernen
list-mappings-crm-gone = Dieses Element steht nicht mehr in der Liste des CRM.
list-mappings-filter = Element suchen
list-mappings-unmapped = Werte nicht zugewiesener Elemente
list-mappings-unmapped-hint = Was mit einem Datensatz geschieht, dessen Wert ein Element ohne Gegenstück ist.
list-mappings-leave-hint = Das Feld behält auf der anderen Seite, was es hat, und niemand erfährt davon. Die übrigen Felder werden übertragen.
list-mappings-fail-hint = Der Datensatz wird nicht synchronisiert und steht bei den fehlgeschlagenen, bis das Element zugewiesen ist.
list-mappings-default-hint = Die andere Seite erhält das unten gewählte Element. Ist für sie keines gewählt, schlägt der Datensatz fehl.
list-mappings-crm-default = Standardelement in { $crm }
list-mappings-crm-default-hint = Für ERP-Elemente, die nicht zugewiesen sind.
list-mappings-erp-default = Standardelement im ERP-System
list-mappings-erp-default-hint = Für Elemente in { $crm }, die nicht zugewiesen sind.
list-mappings-unused = Elemente ohne Gegenstück: { $list }
list-mappings-records = Datensätze
list-mappings-at-least = mindestens { $number }
list-mappings-none-left = Jedes Element der CRM-Liste ist zugewiesen.
list-mappings-left-cut =
    { $count ->
        [one] Einem Element der CRM-Liste ist kein ERP-Element zugewiesen.
       *[other] { $count } Elementen der CRM-Liste ist kein ERP-Element zugewiesen.
    } Es sind zu viele Datensätze, um alle durchzusehen: Auch ein Element, das hier nicht steht, kann vorkommen.
list-mappings-left =
    { $count ->
        [one] Einem Element der CRM-Liste ist kein ERP-Element zugewiesen.
       *[other] { $count } Elementen der CRM-Liste ist kein ERP-Element zugewiesen.
    } { $idle ->
        [0] Alle kommen in Datensätzen vor.
        [one] Eines davon kommt in keinem Datensatz vor.
       *[other] { $idle } davon kommen in keinem Datensatz vor.
    }
