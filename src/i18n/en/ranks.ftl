ranks-title = Rank fields of { $name }
ranks-lead = The order of fields in the ERP tab and in search results.
ranks-synchronised = synchronised
ranks-saved = The order was saved.
