# Resync from CRM.
resyncs-link = Resync from CRM
resyncs-title = Resync { $name } from CRM
resyncs-lead = For repairs, when the data in the CRM is the better one: what the CRM holds is written to the ERP, whatever was changed there and whenever. Nothing goes the other way, and directions and rules of the fields hold as always.
resyncs-new = New resync
resyncs-new-lead = First it is counted what would be written. Nothing is written before you have seen and confirmed that.
resyncs-none = No resync yet
resyncs-none-text = A resync puts the ERP right after data there was damaged, imported wrongly or restored from an old backup. It begins with counting, which changes nothing.
resyncs-inactive = The connection is not active. Activate it first: a resync writes through it.
resyncs-at-work = Another resync of this connection is at work. Wait for its end, or stop it.
resyncs-outdated = What is synchronised in this connection was changed since it was counted, so the figures are worth nothing any more. Count once more.
resyncs-nothing-linked = None of these records is connected in this connection any more, so there is nothing to resync.
resyncs-when = Asked for
resyncs-which = Which records
resyncs-state = State
resyncs-result = Result
resyncs-all = all connected records
resyncs-of-type = all of the actor type { $type }
resyncs-chosen = chosen records
resyncs-state-counting = Counting
resyncs-state-counted = To be confirmed
resyncs-state-running = Writing
resyncs-state-done = Done
resyncs-state-failed = Broken off
resyncs-wrote = { $fields ->
    [one] one field
   *[other] { $fields } fields
 } in { $records ->
    [one] one record
   *[other] { $records } records
 } written, { $failed ->
    [one] one record
   *[other] { $failed } records
 } failed
resyncs-would-write = { $fields ->
    [one] one field
   *[other] { $fields } fields
 } in { $records ->
    [one] one record
   *[other] { $records } records
 } to be written
resyncs-choice-all = All connected records
resyncs-choice-type = All of one actor type
resyncs-choice-type-hint = Choose the actor type below.
resyncs-choice-chosen = Chosen records
resyncs-choice-chosen-hint = Search and tick them below.
resyncs-choice-left = What an earlier resync could not write or did not come to
resyncs-records = Records
resyncs-records-hint = Only records that are connected in this connection are found.
resyncs-search = Find records by name
resyncs-record = Record
resyncs-nobody-found = No connected record fits.
resyncs-nobody-chosen = No record is ticked. Search for the records and tick them, or choose another answer.
resyncs-too-many = These are too many to be chosen one by one. Choose an actor type instead.
resyncs-blanks = Blank values empty fields in the ERP
resyncs-blanks-hint = { $count ->
    [0] Has no effect here: no field of this connection lets a blank value travel.
    [one] Only in the one field whose rule lets a blank value travel.
   *[other] Only in the { $count } fields whose rule lets a blank value travel.
 } Without the tick, blank values are ignored and the ERP keeps its own.
resyncs-count = Count
resyncs-asked = Asked for by { $who }, { $when }
resyncs-question = Write { $fields ->
    [one] one field
   *[other] { $fields } fields
 } of { $records ->
    [one] one record
   *[other] { $records } records
 } to { $name }?
resyncs-caution = What stands in these fields in the ERP is overwritten. Back up the ERP first; there is no undo, but the sync log keeps every old value. Each record is compared once more right before it is written.
resyncs-confirm = Yes, resync
resyncs-begun = The resync has begun.
resyncs-stop = Stop
resyncs-stopping = It comes to an end at its next record.
resyncs-over-already = It was over already.
resyncs-refresh = Refresh
resyncs-figures = Figures
resyncs-of = { $done } of { $total }
resyncs-fields = Fields
resyncs-fields-written = Fields written
resyncs-confirmed = Confirmed
resyncs-counted-at = Counted
resyncs-ended = Ended
resyncs-open = Differ
resyncs-unread = With problems
resyncs-nothing = In step
resyncs-written = Written
resyncs-failed = Failed
resyncs-left = Not reached
resyncs-all-equal = Nothing to write
resyncs-all-equal-text = The ERP holds what the CRM holds in every field that may be written.
resyncs-go-on = Go on with the rest
resyncs-count-left = Count what is left once more
resyncs-no-records = None.
resyncs-outcome = Outcome
resyncs-item-chosen = not counted yet
resyncs-item-open = would be written
resyncs-item-left = not reached
resyncs-item-unread = problem
resyncs-item-nothing = nothing to do
resyncs-item-written = written
resyncs-item-failed = failed
