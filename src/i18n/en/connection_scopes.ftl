connection-scopes-title = Scope of { $name }
connection-scopes-lead = Who may use this ERP connection, and what they may do in it. A change takes effect at once, also while the connection is active.
connection-scopes-saved = The scope of { $name } was saved.
connection-scopes-change = Change scope
connection-scopes-incomplete = OK becomes available when somebody is selected.
