# Why synchronising a record or a connection failed, and why a connection is left alone. What a connector
# says itself is in failure.ftl, what cannot be translated in mapping_rules.ftl.
sync-failed-store = The values cannot be kept in the portal’s database.
sync-failed-unreadable = What the ERP said about actor “{ $actor }” could not be read: “{ $detail }”
sync-failed-gone = No longer in the ERP.
sync-failed-other-company = In the ERP this person belongs to another company (actor “{ $actor }”) than in the CRM. Move the person on one side, or disconnect it.
sync-note-information = The ERP says: “{ $said }”
sync-note-warning = The ERP warns: “{ $said }”
sync-failed-not-taken = The ERP did not take the value of “{ $field }” and gave no reason.
sync-failed-cut-off = The run was cut off, because its process ended or stood still. It is made again.
sync-failed-stopped = The run was stopped, because the portal was shut down. It goes on at the next start.
sync-failed-called-off = The run was stopped: somebody asked for that, or whoever it was made for may no longer ask for it. What it had done stays; the next run does the rest.
sync-paused-signed-out = Paused: the Sync Connector does not let this portal in. Check user name and password of the connection, then synchronise it or test it.
sync-paused-after-tries = Paused after ten failed attempts in a row. Synchronise it or test it to take it up again.
sync-failed-resync-stopped = The resync was stopped before its end. What it had written stays.
sync-failed-resync-superseded = What is synchronised in this connection was changed, or it was switched off, before the resync came to its end. What it had written stays; count once more for the rest.
sync-failed-not-linked = The record is no longer connected.
sync-failed-busy = Something else was being written to this record the whole time. Resync it once more.
