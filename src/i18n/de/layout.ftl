# Der Rahmen um jede Seite.
layout-skip = Zum Inhalt springen
layout-menu = Hauptmenü
layout-settings = Einstellungen und Verwaltung
layout-menu-short = Menü
layout-language = Sprache
layout-theme = Darstellung
layout-theme-auto = Wie das System
layout-theme-light = Hell
layout-theme-dark = Dunkel
layout-account = Mein Konto
layout-help = Hilfe
layout-sign-out = Abmelden
# Wörter in den Teilen, aus denen Seiten bestehen.
parts-problems = { $count ->
    [one] Eine Angabe braucht Ihre Aufmerksamkeit
   *[other] { $count } Angaben brauchen Ihre Aufmerksamkeit
 }
parts-trail = Sie sind hier
parts-pages = Seiten
parts-page-previous = Vorige Seite
parts-page-next = Nächste Seite
parts-filter-some = %count% angezeigt
parts-filter-none = Nichts passt
parts-empty = (leer)
parts-differs = Verschieden
parts-explain = Was bedeutet „{ $about }“?
parts-sort-help = Zum Ordnen ziehen; oder einen Griff anwählen, die Leertaste drücken und die Pfeiltasten benutzen.
parts-sort-handle = „{ $name }“ verschieben
parts-sort-up = Nach oben
parts-sort-up-named = „{ $name }“ nach oben
parts-sort-down = Nach unten
parts-sort-down-named = „{ $name }“ nach unten
parts-sort-grabbed = %name% aufgenommen, Platz %place% von %all%. Pfeiltasten verschieben, die Leertaste legt ab, Escape legt zurück.
parts-sort-moved = %name%: Platz %place% von %all%.
parts-sort-dropped = %name% auf Platz %place% von %all% abgelegt.
parts-sort-cancelled = %name% auf Platz %place% von %all% zurückgelegt.
parts-mapping-caption = Welches ERP-Feld zu welchem Feld des { $crm } gehört
parts-mapping-search = In Suche anzeigen
parts-mapping-erp = ERP-Feld
parts-mapping-direction = Richtung
parts-mapping-crm = { $crm }-Feld
parts-mapping-tab = In ERP-Registerkarte anzeigen
parts-mapping-to-erp = Wert aus { $crm } in das ERP übertragen
parts-mapping-to-crm = Wert aus dem ERP in { $crm } übertragen
parts-mapping-fields = { $crm }-Felder
parts-mapping-help = Ein Feld auf ein ERP-Feld ziehen. Mit der Tastatur: Enter nimmt es auf, Pfeiltasten wählen die Zeile, Enter legt es ab.
parts-mapping-filter = Feld suchen
parts-mapping-picked = %field% aufgenommen. Pfeiltasten wählen das ERP-Feld, Enter legt ab, Escape legt zurück.
parts-mapping-placed = %field% ist jetzt %row% zugewiesen.
parts-mapping-cancelled = %field% zurückgelegt.
parts-conflict = Jemand anderes hat dies zuerst gespeichert
parts-conflict-text = { $who } hat dies { $when } gespeichert. Unten stehen beide Fassungen; Ihre Eingabe steht noch im Formular. Speichern Sie erneut, um die abweichenden Werte zu ersetzen, oder brechen Sie ab, um sie zu behalten.
parts-conflict-somebody = Jemand anderes hat dies inzwischen geändert. Unten stehen beide Fassungen; Ihre Eingabe steht noch im Formular. Speichern Sie erneut, um die abweichenden Werte zu ersetzen, oder brechen Sie ab, um sie zu behalten.
parts-conflict-field = Feld
parts-conflict-theirs = Jetzt gespeichert
parts-conflict-yours = Ihre Eingabe
parts-conflict-same = In allem, was dieses Formular enthält, stimmen beide Fassungen überein.
