ranks-title = Felder von { $name } sortieren
ranks-lead = Die Reihenfolge der Felder in der ERP-Registerkarte und in Suchergebnissen.
ranks-synchronised = synchronisiert
ranks-saved = Die Reihenfolge wurde gespeichert.
