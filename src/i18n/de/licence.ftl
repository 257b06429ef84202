licence-title = Lizenz
licence-lead = Die Development-Tools-Lizenz öffnet die ERP-Registerkarte und erlaubt Änderungen in der Registerkarte Sync.
licence-missing = Es ist keine Lizenz installiert
licence-refused = Die installierte Lizenzdatei wird nicht anerkannt
licence-not-yet = Die Lizenz gilt ab dem { $date }
licence-expired = Die Lizenz endete am { $date }
licence-valid = Die Lizenz gilt
licence-days-left = { $days ->
    [0] Heute ist ihr letzter Tag.
    [one] Sie gilt nach heute noch einen Tag.
   *[other] Sie gilt nach heute noch { $days } Tage.
 }
licence-closed = Bis es eine gültige Lizenz gibt, ist die ERP-Registerkarte geschlossen, und in der Registerkarte Sync lässt sich nichts ändern. Firmen, Personen, Projekte und der Verlauf bleiben offen.
licence-details = Was die Lizenz sagt
licence-customer = Lizenziert für
licence-edition = Ausgabe
licence-seats = Plätze
licence-seats-taken = { $taken } von { $seats } vergeben
licence-seats-hint = Benutzer brauchen einen Platz. Administratoren und Prüfer brauchen keinen.
licence-from = Gültig ab
licence-until = Gültig bis
licence-installed-when = Installiert
licence-installed-by = { $when } von { $who }
licence-install = Lizenz installieren
licence-install-hint = Öffnen Sie die Lizenzdatei mit einem Texteditor und fügen Sie ihren ganzen Text hier ein, von der ersten Zeile bis zur Signatur.
licence-file = Text der Lizenzdatei
licence-installed = Die Lizenz ist installiert.
licence-nobody = Kein Benutzer passt.
licence-file-malformed = Das ist nicht der ganze Text einer Lizenzdatei. Er beginnt mit „Gleichlauf licence“ und endet mit der Zeile „Signature: …“.
licence-file-signature = Die Signatur passt nicht: Der Text wurde verändert, oder die Datei wurde nicht für dieses Produkt ausgestellt.
licence-file-demo = Das ist eine Demo-Lizenz. Sie gilt nur in einem Portal, das als Demo gestartet wurde.
licence-file-early = Diese Lizenz gilt erst ab dem { $date }. Installieren Sie sie dann; bis dahin würde sie schließen, was die jetzige öffnet.
licence-file-late = Diese Lizenz endete am { $date }.
licence-file-small = Diese Lizenz hat { $seats ->
        [one] einen Platz
       *[other] { $seats } Plätze
    }, vergeben sind { $taken }. Wer seinen Platz behält, entscheiden Sie: Entziehen Sie unten zuerst { $over ->
        [one] einen Platz
       *[other] { $over } Plätze
    } und installieren Sie die Lizenz dann erneut. Bis dahin gilt die bisherige Lizenz weiter, und niemand verliert seinen Platz.
licence-overbooked-title = Es sind mehr Plätze vergeben, als die Lizenz hat
licence-overbooked = Wer einen Platz hat, behält ihn. Neue Plätze lassen sich erst zuweisen, wenn { $over ->
        [one] mehr als ein Platz entzogen ist
       *[other] mehr als { $over } Plätze entzogen sind
    }.
