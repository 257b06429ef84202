# Warum es keine Seite gibt, und was als Nächstes zu tun ist.
error-title = Das hat nicht geklappt
error-not-found = Unter dieser Adresse gibt es nichts, oder nichts, das Sie sehen dürfen. Prüfen Sie die Adresse oder gehen Sie zur Startseite.
error-bad-request = Das Portal konnte diese Anfrage nicht lesen. Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.
error-bad-query = Hinter dem Fragezeichen dieser Adresse steht etwas, das nicht passt. Öffnen Sie die Seite noch einmal über das Menü.
error-wrong-method = Diese Adresse antwortet so nicht. Öffnen Sie sie von der Seite aus, die zu ihr führt.
error-too-large = Das Gesendete ist zu groß. Senden Sie weniger auf einmal.
error-already-sent = Dieses Formular wurde schon gesendet, mit anderem Inhalt oder gerade eben. Öffnen Sie die Seite neu, um den Stand zu sehen.
error-overtaken = Jemand anderes hat dies inzwischen geändert. Öffnen Sie die Seite neu und sehen Sie nach, bevor Sie Ihre Änderung wiederholen.
error-too-many = Zu viele Versuche. Bitte warten Sie { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
 } und versuchen Sie es dann wieder.
error-busy = Die Datenbank ist beschäftigt. Es wurde nichts geändert; bitte versuchen Sie es gleich noch einmal.
error-typed-kept = Was Sie eingegeben haben, ist noch da. Senden Sie es gleich noch einmal.
error-send-again = Noch einmal senden
error-broken = Bei uns ist etwas schiefgegangen. Es wurde nichts unvollständig gespeichert. Wenn es wieder geschieht, nennen Sie Ihrer Administration das Kennzeichen.
error-reference = Kennzeichen
error-to-start = Zur Startseite
error-to-licence = Zur Lizenzseite
error-not-signed-in = Bitte melden Sie sich zuerst an.
error-no-rule = Diese Adresse darf niemand benutzen.
error-role = Ihre Rolle erlaubt das nicht. Die Administration kann Ihre Rolle ändern.
error-licence = Dafür fehlt eine gültige Lizenz. Die Administration findet den Grund auf der Lizenzseite.
error-seat = Dafür brauchen Sie einen Platz der Development-Tools-Lizenz. Die Administration kann Ihnen einen zuweisen.
error-scope = Sie haben keinen Zugriff auf eine ERP-Verbindung. Die Administration kann Ihnen Zugriff geben.
error-inactive = Keine der ERP-Verbindungen, die Sie benutzen dürfen, ist aktiv. Die Administration kann eine aktivieren.
error-foreign-form = Dieses Formular stammt nicht von einer Seite dieser Sitzung. Öffnen Sie die Seite neu und wiederholen Sie Ihre Eingabe.
error-signed-out = Ihre Sitzung ist zu Ende. Was Sie eingegeben haben, ist noch da: Melden Sie sich in einem neuen Tab an, kommen Sie hierher zurück und senden Sie es noch einmal.
error-other-session = Sie haben sich neu angemeldet, nachdem Sie dieses Formular geöffnet hatten. Was Sie eingegeben haben, ist noch da; senden Sie es noch einmal.
error-sign-in = Anmelden (neuer Tab)
form-invalid = Dieser Wert ist nicht verwendbar.
form-required = Bitte ausfüllen.
form-too-long = Höchstens { $max } Zeichen.
form-no-version = Diese Seite hat nicht gesagt, aus welcher Fassung Ihre Eingabe entstanden ist. Vergleichen Sie sie mit dem, was jetzt gespeichert ist, und speichern Sie erneut.
