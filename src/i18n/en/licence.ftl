licence-title = Licence
licence-lead = The Development Tools licence opens the ERP tab and allows changes in the Sync tab.
licence-missing = No licence is installed
licence-refused = The installed licence file is refused
licence-not-yet = The licence is valid from { $date } on
licence-expired = The licence ended on { $date }
licence-valid = The licence is valid
licence-days-left = { $days ->
    [0] Today is its last day.
    [one] It is valid for one more day after today.
   *[other] It is valid for { $days } more days after today.
 }
licence-closed = Until there is a valid licence, the ERP tab is closed, and nothing can be changed in the Sync tab. Companies, persons, projects and the history stay open.
licence-details = What the licence says
licence-customer = Licensed to
licence-edition = Edition
licence-seats = Seats
licence-seats-taken = { $taken } of { $seats } taken
licence-seats-hint = Users need a seat. Administrators and auditors need none.
licence-from = Valid from
licence-until = Valid until
licence-installed-when = Installed
licence-installed-by = { $when } by { $who }
licence-install = Install licence
licence-install-hint = Open the licence file with a text editor and paste all of its text here, from the first line to the signature.
licence-file = Text of the licence file
licence-installed = The licence is installed.
licence-nobody = No user fits.
licence-file-malformed = This is not the whole text of a licence file. It begins with “Gleichlauf licence” and ends with the line “Signature: …”.
licence-file-signature = The signature does not fit: the text was changed, or the file was not issued for this product.
licence-file-demo = This is a demo licence. It is valid only in a portal that was started as a demo.
licence-file-early = This licence is valid only from { $date } on. Install it then; until then it would close what the present one opens.
licence-file-late = This licence ended on { $date }.
licence-file-small = This licence has { $seats ->
        [one] one seat
       *[other] { $seats } seats
    }, and { $taken } are taken. Who keeps a seat is for you to decide: first take away { $over ->
        [one] one seat
       *[other] { $over } seats
    } below, then install the licence again. Until then the present licence stays in force, and nobody loses a seat.
licence-overbooked-title = More seats are taken than the licence has
licence-overbooked = Whoever has a seat keeps it. New seats can be assigned only once { $over ->
        [one] more than one seat has been taken away
       *[other] more than { $over } seats have been taken away
    }.
