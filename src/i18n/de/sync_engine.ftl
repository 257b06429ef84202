priority-title = Synchronisierungspriorität festlegen
priority-lead = Wurde dasselbe Feld auf beiden Seiten geändert, gewinnt der Wert der Seite, die weiter oben steht.
priority-none = Sobald es eine ERP-Verbindung gibt, legen Sie hier fest, ob sie oder das CRM gewinnt.
priority-crm = das CRM selbst
priority-saved = Die Synchronisierungspriorität wurde gespeichert.
engine-now-on = Die automatische Synchronisierung ist eingeschaltet.
engine-now-off = Die automatische Synchronisierung ist ausgeschaltet. Ein begonnener Lauf wird noch beendet.
engine-interval-saved = Das Intervall wurde gespeichert.
engine-bad-interval = Bitte geben Sie ein Intervall von 1 Minute bis 7 Tagen ein.
engine-runs-asked = { $count ->
    [0] Keine Verbindung ist aktiv, darum wird nichts synchronisiert.
    [one] Die Verbindung wird so bald wie möglich synchronisiert.
   *[other] { $count } Verbindungen werden so bald wie möglich synchronisiert.
 }
engine-not-asked = Es wurde nichts synchronisiert: { $why }
engine-title = Automatische Synchronisierung
engine-lead = Ist sie eingeschaltet, werden aktive Verbindungen von selbst in beide Richtungen synchronisiert.
engine-every-minutes = { $count ->
    [one] jede Minute
   *[other] alle { $count } Minuten
 }
engine-every-hours = { $count ->
    [one] jede Stunde
   *[other] alle { $count } Stunden
 }
engine-every-days = { $count ->
    [one] jeden Tag
   *[other] alle { $count } Tage
 }
engine-sync-all = Alle jetzt synchronisieren
engine-force-all = Synchronisierung aller Verbindungen erzwingen
engine-force-hint = Die automatische Synchronisierung ist aus. Erzwingen lässt jede aktive Verbindung trotzdem einmal laufen.
engine-is-off = Es wurde nichts gestartet: Die automatische Synchronisierung wurde inzwischen ausgeschaltet. „Synchronisierung aller Verbindungen erzwingen“ lässt jede aktive Verbindung trotzdem laufen.
engine-is-on = Es wurde nichts gestartet: Die automatische Synchronisierung ist an, zu erzwingen ist also nichts. Drücken Sie „Alle jetzt synchronisieren“.
engine-all-paused = keiner: Alle aktiven Verbindungen ruhen
engine-nothing-active = keiner: Keine Verbindung ist aktiv
engine-details = Intervall und Läufe
engine-interval = Intervall
engine-interval-hint = Von 1 Minute bis 7 Tage.
engine-unit = Einheit
engine-minutes = Minuten
engine-hours = Stunden
engine-days = Tage
engine-runs = Läufe
engine-last = Letzter Lauf
engine-result = Ergebnis
engine-failed = fehlgeschlagen
engine-did = Felder zum CRM: { $to_crm }, zum ERP: { $to_erp }; Konflikte: { $conflicts }; fehlgeschlagene Datensätze: { $failed }.
engine-did-nothing = Nichts hatte sich geändert.
