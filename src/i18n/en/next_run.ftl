next-run = Next run
next-run-none = none
next-run-paused = none for now
next-run-inactive = none: the connection is inactive
next-run-off = none – automatic synchronisation is off
next-run-soon = starts in a moment
next-run-running = a run has been going on since { $when }
next-run-due = { $within } ({ $when })
next-run-within-minute = within a minute
next-run-in-minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
 }
next-run-in-hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
 }
next-run-in-days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
 }
