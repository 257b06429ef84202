priority-title = Set sync priority
priority-lead = When the same field was changed on both sides, the value of the side that stands higher wins.
priority-crm = the CRM itself
priority-saved = The sync priority was saved.
engine-now-on = The engine is on.
engine-now-off = The engine is off. A run that is going on comes to its end.
engine-interval-saved = The interval was saved.
engine-bad-interval = The interval was not changed: it must be between 1 minute and 7 days.
engine-runs-asked = { $count ->
    [0] No connection is active, so nothing is synchronised.
    [one] The connection is synchronised as soon as possible.
   *[other] { $count } connections are synchronised as soon as possible.
 }
engine-not-asked = Nothing was synchronised: { $why }
