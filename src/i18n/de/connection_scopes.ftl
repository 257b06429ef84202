connection-scopes-title = Umfang von { $name }
connection-scopes-lead = Wer diese ERP-Verbindung benutzen darf, und was sie darin dürfen. Eine Änderung gilt sofort, auch während die Verbindung aktiv ist.
connection-scopes-saved = Der Umfang von { $name } wurde gespeichert.
connection-scopes-change = Umfang ändern
connection-scopes-incomplete = OK wird frei, wenn jemand ausgewählt ist.
