priority-title = Set sync priority
priority-lead = When the same field was changed on both sides, the value of the side that stands higher wins.
priority-none = Once there is an ERP connection, you say here whether it or the CRM wins.
priority-crm = the CRM itself
priority-saved = The sync priority was saved.
engine-now-on = The engine is on.
engine-now-off = The engine is off. A run that is going on comes to its end.
engine-interval-saved = The interval was saved.
engine-bad-interval = Please enter an interval from 1 minute to 7 days.
engine-runs-asked = { $count ->
    [0] No connection is active, so nothing is synchronised.
    [one] The connection is synchronised as soon as possible.
   *[other] { $count } connections are synchronised as soon as possible.
 }
engine-not-asked = Nothing was synchronised: { $why }
engine-title = Sync engine
engine-lead = While it is on, active connections are synchronised by themselves, in both directions.
engine-every-minutes = { $count ->
    [one] every minute
   *[other] every { $count } minutes
 }
engine-every-hours = { $count ->
    [one] every hour
   *[other] every { $count } hours
 }
engine-every-days = { $count ->
    [one] every day
   *[other] every { $count } days
 }
engine-sync-all = Sync all now
engine-force-all = Force sync of all
engine-force-hint = Automatic synchronisation is off. Forcing a sync runs every active connection once all the same.
engine-is-off = Nothing was started: automatic synchronisation has been switched off meanwhile. “Force sync of all” runs every active connection all the same.
engine-is-on = Nothing was started: automatic synchronisation is on, so nothing need be forced. Press “Sync all now”.
engine-all-paused = none: every active connection is paused
engine-nothing-active = none: no connection is active
engine-details = Interval and runs
engine-interval = Interval
engine-interval-hint = From 1 minute to 7 days.
engine-unit = Unit
engine-minutes = Minutes
engine-hours = Hours
engine-days = Days
engine-runs = Runs
engine-last = Last run
engine-result = Result
engine-failed = failed
engine-did = Fields to the CRM: { $to_crm }, to the ERP: { $to_erp }; conflicts: { $conflicts }; records that failed: { $failed }.
engine-did-nothing = Nothing had changed.
