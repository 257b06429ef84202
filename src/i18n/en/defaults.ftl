defaults-title = Default values of { $name }
defaults-trail = Defaults
defaults-lead = Values sent to the ERP when a new actor is created there, and questions the user is asked.
defaults-none = No default values yet
defaults-none-text = Add one for each mandatory ERP field that no CRM field fills, such as a customer group.
defaults-missing = Mandatory in the ERP, but neither mapped nor given a default:
defaults-choose = Choose
defaults-choose-named = Choose { $name }
defaults-field = ERP field
defaults-field-hint = For fields that are mapped to the ERP the default holds only when the CRM value is empty.
defaults-mapped = { $name } (mapped)
defaults-value = Default value
defaults-ask = Ask user
defaults-mandatory-short = Mandatory
defaults-delete = Delete chosen
defaults-deleted = { $count ->
    [one] One default value was deleted.
   *[other] { $count } default values were deleted.
 }
defaults-none-chosen = Nothing was chosen, nothing was deleted.
defaults-saved = The default value was saved.
defaults-edit-title = Sync default value: { $actor } in { $connection }
defaults-set = Set default value
defaults-ask-user = Ask user for value
defaults-mandatory = Mandatory - User must fill in value
defaults-tags = Tags that are replaced when the actor is created
defaults-delete-question = Delete { $count ->
    [one] this default value
   *[other] these { $count } default values
 } of { $actor } in { $connection }?
defaults-delete-text = New actors are created in the ERP without them from then on. Actors that exist keep their values.
defaults-delete-overtaken = Somebody else changed the default values in the meantime. Look once more at what would be deleted.
