# Testing, switching on and off, deleting and restoring ERP connections.
connection-checks-title = Test { $name }
connection-checks-lead = The Sync Connector tries to reach the ERP system with the configuration it has. Nothing is changed.
connection-checks-passed = The test of { $name } has passed.
connection-checks-failed = The test has failed
activations-title = Activate { $name }
activations-lead = An active connection is synchronised, and the people in its scope see the ERP tab.
activations-button = Activate
activations-done = { $name } is active.
activations-done-noted = { $name } is active. { $count ->
    [one] One note:
   *[other] { $count } notes:
 } { $notes }
activations-refused = { $count ->
    [one] One reason stands in the way
   *[other] { $count } reasons stand in the way
 }
activations-warnings = To be considered
deactivations-done = { $name } is not active any more.
connection-deletions-question = Delete the ERP connection “{ $name }”?
connection-deletions-text = The Sync Connector forgets its configuration. Records on both sides keep their data, and the links between them are kept, in case the connection is restored.
connection-deletions-active = The connection is active
connection-deletions-active-text = Only an inactive connection can be deleted. Deactivate it first.
connection-deletions-deactivate = Deactivate
connection-deletions-done = { $name } was deleted. “Show deleted” shows it again, to be restored if need be.
connection-deletions-done-untold = { $name } was deleted, but its Sync Connector could not be told. { $why }
connection-restorations-done = { $name } was restored, with its links. It is inactive.
connection-restorations-done-unsent = { $name } was restored, but its configuration could not be sent again; this is made up for at the next call. { $why }
connection-restorations-refused = This connection cannot be restored yet
connection-restorations-refused-text = Its Sync Connector was deleted too, and another one is called “{ $name }” by now. Rename that one, then restore this connection.
