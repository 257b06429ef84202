connection-records-title = Verknüpfte Datensätze von { $name }
connection-records-failing = Fehlgeschlagen
connection-records-failing-hint = Datensätze, die nicht synchronisiert werden konnten, und warum. Das Portal versucht sie von selbst erneut, in immer größeren Abständen; „Jetzt synchronisieren“ am Datensatz versucht es sofort. Andere Datensätze hält das nicht auf.
connection-records-none-failing = Jeder verknüpfte Datensatz konnte synchronisiert werden, als er zuletzt an der Reihe war.
connection-records-waiting = Wartend
connection-records-waiting-hint = Datensätze, bei denen sich eine Seite geändert haben kann. Der nächste Lauf sieht sie sich an; ruht die Verbindung oder ist der Akteurtyp ausgeschaltet, erst wenn das vorbei ist.
connection-records-none-waiting = Nichts wartet: Jeder verknüpfte Datensatz ist geprüft.
connection-records-linked = Alle verknüpften
connection-records-linked-hint = Jeder Datensatz, der mit einem Akteur in diesem ERP-System verknüpft ist.
connection-records-none-linked = Noch ist kein Datensatz verknüpft. Öffnen Sie eine Firma, eine Person oder ein Projekt, dort die Registerkarte ERP, und verbinden Sie den Datensatz.
connection-records-search = Nach dem Namen des Datensatzes suchen
connection-records-actor = ERP-Akteur
connection-records-reason = Grund
connection-records-is-failing = Fehlgeschlagen
connection-records-is-waiting = Wartet
connection-records-is-in-step = Im Gleichlauf
connection-records-tries = { $count ->
    [one] Einmal versucht.
   *[other] { $count }-mal versucht.
 }
connection-records-next-try = Nächster Versuch: { $when }
