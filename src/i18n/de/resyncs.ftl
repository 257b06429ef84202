# Aus CRM neu synchronisieren.
resyncs-link = Aus CRM neu synchronisieren
resyncs-title = { $name } aus dem CRM neu synchronisieren
resyncs-lead = Für Reparaturen, wenn die Daten im CRM die besseren sind: Was das CRM hat, wird ins ERP geschrieben, gleich was dort wann geändert wurde. In die andere Richtung geht nichts; Richtungen und Regeln der Felder gelten wie immer.
resyncs-new = Neu synchronisieren
resyncs-new-lead = Zuerst wird gezählt, was geschrieben würde. Geschrieben wird erst, wenn Sie das gesehen und bestätigt haben.
resyncs-none = Noch keine Neusynchronisierung
resyncs-none-text = Eine Neusynchronisierung bringt das ERP in Ordnung, wenn Daten dort beschädigt, falsch importiert oder aus einer alten Sicherung zurückgespielt wurden. Sie beginnt mit dem Zählen, das nichts verändert.
resyncs-inactive = Die Verbindung ist nicht aktiv. Aktivieren Sie sie zuerst: Die Neusynchronisierung schreibt durch sie.
resyncs-at-work = Eine andere Neusynchronisierung dieser Verbindung ist im Gange. Warten Sie ihr Ende ab, oder halten Sie sie an.
resyncs-outdated = Was in dieser Verbindung synchronisiert wird, wurde seit dem Zählen geändert; die Zahlen gelten nicht mehr. Zählen Sie bitte neu.
resyncs-nothing-linked = Keiner dieser Datensätze ist in dieser Verbindung noch verknüpft; es gibt nichts neu zu synchronisieren.
resyncs-when = Verlangt
resyncs-which = Welche Datensätze
resyncs-state = Zustand
resyncs-result = Ergebnis
resyncs-all = alle verknüpften Datensätze
resyncs-of-type = alle vom Akteurtyp { $type }
resyncs-chosen = ausgewählte Datensätze
resyncs-state-counting = Zählt
resyncs-state-counted = Zu bestätigen
resyncs-state-running = Schreibt
resyncs-state-done = Fertig
resyncs-state-failed = Abgebrochen
resyncs-wrote = { $fields ->
    [one] Ein Feld
   *[other] { $fields } Felder
 } in { $records ->
    [one] einem Datensatz
   *[other] { $records } Datensätzen
 } geschrieben, { $failed ->
    [one] ein Datensatz
   *[other] { $failed } Datensätze
 } fehlgeschlagen
resyncs-would-write = { $fields ->
    [one] Ein Feld
   *[other] { $fields } Felder
 } in { $records ->
    [one] einem Datensatz
   *[other] { $records } Datensätzen
 } zu schreiben
resyncs-choice-all = Alle verknüpften Datensätze
resyncs-choice-type = Alle eines Akteurtyps
resyncs-choice-type-hint = Wählen Sie den Akteurtyp darunter.
resyncs-choice-chosen = Ausgewählte Datensätze
resyncs-choice-chosen-hint = Suchen Sie sie darunter, und kreuzen Sie sie an.
resyncs-choice-left = Was eine frühere Neusynchronisierung nicht schreiben konnte oder nicht erreicht hat
resyncs-records = Datensätze
resyncs-records-hint = Gefunden wird nur, was in dieser Verbindung verknüpft ist.
resyncs-search = Datensätze nach Namen suchen
resyncs-record = Datensatz
resyncs-nobody-found = Kein verknüpfter Datensatz passt.
resyncs-nobody-chosen = Kein Datensatz ist angekreuzt. Suchen Sie die Datensätze, und kreuzen Sie sie an, oder wählen Sie eine andere Antwort.
resyncs-too-many = Das sind zu viele, um sie einzeln auszuwählen. Wählen Sie stattdessen einen Akteurtyp.
resyncs-blanks = Leere Werte leeren Felder im ERP
resyncs-blanks-hint = { $count ->
    [0] Hier ohne Wirkung: Kein Feld dieser Verbindung lässt leere Werte durch.
    [one] Nur in dem einen Feld, dessen Regel leere Werte durchlässt.
   *[other] Nur in den { $count } Feldern, deren Regel leere Werte durchlässt.
 } Ohne das Kreuz werden leere Werte übergangen, und das ERP behält seine.
resyncs-count = Zählen
resyncs-asked = Verlangt von { $who }, { $when }
resyncs-question = { $fields ->
    [one] Ein Feld
   *[other] { $fields } Felder
 } von { $records ->
    [one] einem Datensatz
   *[other] { $records } Datensätzen
 } in { $name } schreiben?
resyncs-caution = Was im ERP in diesen Feldern steht, wird überschrieben. Sichern Sie das ERP vorher; rückgängig machen lässt es sich nicht, doch das Synchronisierungsprotokoll bewahrt jeden alten Wert. Jeder Datensatz wird unmittelbar vor dem Schreiben noch einmal verglichen.
resyncs-confirm = Ja, neu synchronisieren
resyncs-begun = Die Neusynchronisierung hat begonnen.
resyncs-stop = Anhalten
resyncs-stopping = Sie endet beim nächsten Datensatz.
resyncs-over-already = Sie war schon zu Ende.
resyncs-refresh = Aktualisieren
resyncs-figures = Zahlen
resyncs-of = { $done } von { $total }
resyncs-fields = Felder
resyncs-fields-written = Geschriebene Felder
resyncs-confirmed = Bestätigt
resyncs-counted-at = Gezählt
resyncs-ended = Beendet
resyncs-open = Weichen ab
resyncs-unread = Mit Problemen
resyncs-nothing = Schon gleich
resyncs-written = Geschrieben
resyncs-failed = Fehlgeschlagen
resyncs-left = Nicht erreicht
resyncs-all-equal = Nichts zu schreiben
resyncs-all-equal-text = Das ERP hat in jedem Feld, das geschrieben werden darf, was das CRM hat.
resyncs-go-on = Mit dem Rest weitermachen
resyncs-count-left = Den Rest neu zählen
resyncs-no-records = Keine.
resyncs-outcome = Ergebnis
resyncs-item-chosen = noch nicht gezählt
resyncs-item-open = würde geschrieben
resyncs-item-left = nicht erreicht
resyncs-item-unread = Problem
resyncs-item-nothing = nichts zu tun
resyncs-item-written = geschrieben
resyncs-item-failed = fehlgeschlagen
