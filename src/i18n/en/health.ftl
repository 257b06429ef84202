health-in-step = { $count } in step
health-waiting = { $count } waiting
health-failing = { $count } failing
health-linked = { $count } linked
health-none = no links yet
health-more-than = more than { $count }
