# Wo jemand angemeldet ist.
sessions-title = Sitzungen
sessions-browser = Browser
sessions-address = Adresse
sessions-since = Angemeldet
sessions-last = Zuletzt aktiv
sessions-this = Diese Sitzung
sessions-end = Beenden
sessions-ended-one = Die Sitzung ist beendet.
