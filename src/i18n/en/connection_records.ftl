connection-records-title = Linked records of { $name }
connection-records-failing = Failing
connection-records-failing-hint = Records that could not be synchronised, and why. They are tried again by themselves, less and less often; Sync now on the record tries at once. The others are not held up.
connection-records-none-failing = Every linked record could be synchronised when it was last looked at.
connection-records-waiting = Waiting
connection-records-waiting-hint = Records of which one side may have changed. The next run looks at them; while the connection rests or their actor type is off, once that is over.
connection-records-none-waiting = Nothing waits: every linked record has been looked at.
connection-records-linked = All linked
connection-records-linked-hint = Every record that is linked to an actor in this ERP system.
connection-records-none-linked = No record is linked yet. Open a company, a person or a project, then its tab ERP, and connect it.
connection-records-search = Search by the record’s name
connection-records-actor = ERP actor
connection-records-reason = Reason
connection-records-is-failing = Failing
connection-records-is-waiting = Waiting
connection-records-is-in-step = In step
connection-records-tries = { $count ->
    [one] Tried once.
   *[other] Tried { $count } times.
 }
connection-records-next-try = Next try: { $when }
