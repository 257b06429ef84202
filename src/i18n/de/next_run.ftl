next-run = Nächster Lauf
next-run-none = keiner
next-run-paused = vorerst keiner
next-run-inactive = keiner: Die Verbindung ist inaktiv
next-run-off = keiner – die automatische Synchronisierung ist aus
next-run-soon = beginnt gleich
next-run-running = läuft seit { $when }
next-run-due = { $within } ({ $when })
next-run-within-minute = innerhalb einer Minute
next-run-in-minutes = { $count ->
    [one] in 1 Minute
   *[other] in { $count } Minuten
 }
next-run-in-hours = { $count ->
    [one] in 1 Stunde
   *[other] in { $count } Stunden
 }
next-run-in-days = { $count ->
    [one] in 1 Tag
   *[other] in { $count } Tagen
 }
