priority-title = Sync-Priorität festlegen
priority-lead = Wurde dasselbe Feld auf beiden Seiten geändert, gewinnt der Wert der Seite, die weiter oben steht.
priority-crm = das CRM selbst
priority-saved = Die Sync-Priorität wurde gespeichert.
engine-now-on = Die Synchronisierung ist eingeschaltet.
engine-now-off = Die Synchronisierung ist ausgeschaltet. Ein laufender Durchgang wird noch beendet.
engine-interval-saved = Das Intervall wurde gespeichert.
engine-bad-interval = Das Intervall wurde nicht geändert: Es muss zwischen 1 Minute und 7 Tagen liegen.
engine-runs-asked = { $count ->
    [0] Keine Verbindung ist aktiv, darum wird nichts synchronisiert.
    [one] Die Verbindung wird so bald wie möglich synchronisiert.
   *[other] { $count } Verbindungen werden so bald wie möglich synchronisiert.
 }
engine-not-asked = Es wurde nichts synchronisiert: { $why }
