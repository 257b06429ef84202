list-mappings-title = Listenzuweisung von { $name }
list-mappings-lead = Welches Element einer ERP-Liste welchem Element einer Liste in { $crm } entspricht, eins zu eins. Elemente ohne Gegenstück werden nicht übertragen.
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
list-mappings-active = Solange die Verbindung aktiv ist, kann die Listenzuweisung nur angesehen werden. Deaktivieren Sie sie in der Registerkarte Sync, um sie zu ändern.
list-mappings-away = Die Liste des ERP konnte nicht gelesen werden, darum wurde nichts gespeichert. Versuchen Sie es wieder, wenn das ERP antwortet.
list-mappings-away-title = Die Liste des ERP konnte nicht gelesen werden
list-mappings-problems = Einige Listenelemente lassen sich so nicht zuweisen; sie sind unten markiert.
list-mappings-suggest = Nach gleichem Text vorschlagen
list-mappings-saved = Die Listenzuweisung wurde gespeichert.
