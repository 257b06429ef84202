list-mappings-title = Listenzuweisung von { $name }
list-mappings-lead = Welcher Eintrag einer ERP-Liste welchem Eintrag einer Liste in { $crm } entspricht. Eins zu eins; Einträge ohne Partner reisen nicht.
list-mappings-none = Noch ist kein Listenfeld zugewiesen
list-mappings-none-text = Weisen Sie zuerst ein ERP-Listenfeld einem Listenfeld des CRM zu; dann lassen sich hier seine Einträge zuweisen.
list-mappings-to-mappings = Zu den Zuweisungen
list-mappings-lists = Zugewiesene Listen
list-mappings-mapped = { $count ->
    [one] 1 Eintrag zugewiesen
   *[other] { $count } Einträge zugewiesen
 }
list-mappings-erp-item = ERP-Eintrag
list-mappings-crm-item = CRM-Eintrag ({ $list })
list-mappings-active = Solange die Verbindung aktiv ist, kann die Listenzuweisung nur angesehen werden. Deaktivieren Sie sie in der Registerkarte Sync, um sie zu ändern.
list-mappings-away = Die Liste des ERP konnte nicht gelesen werden, darum wurde nichts gespeichert. Versuchen Sie es wieder, wenn das ERP antwortet.
list-mappings-away-title = Die Liste des ERP konnte nicht gelesen werden
list-mappings-problems = Einige Einträge lassen sich so nicht zuweisen; sie sind unten markiert.
list-mappings-suggest = Nach gleichem Text vorschlagen
list-mappings-saved = Die Listenzuweisung wurde gespeichert.
