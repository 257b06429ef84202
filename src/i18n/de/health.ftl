health-in-step = { $count } im Gleichlauf
health-waiting = { $count } wartend
health-failing = { $count } fehlgeschlagen
health-linked = { $count } verknüpft
health-none = noch keine Verknüpfungen
health-more-than = mehr als { $count }
