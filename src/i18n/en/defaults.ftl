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
defaults-mandatory-in-erp = The ERP system demands this field; that cannot be switched off here.
defaults-effect = What happens
defaults-effects = What the three boxes mean together
defaults-effect-silent = The value is sent without a word; the user never sees the field.
defaults-effect-asked = The user is asked and may leave the field empty.
defaults-effect-must = The user is asked and must fill the field in.
defaults-effect-offered = The user is asked, finds the value filled in and may change it, but not empty it if the field is mandatory.
defaults-effect-none = Not possible: set a default value, ask the user, or both.
defaults-either = either
defaults-tag = Tag
defaults-tag-hint = Instead of a fixed date: the day or moment in which the actor is created.
defaults-tag-meaning = Stands for
defaults-tag-example = Example
defaults-sample-name = Sample Ltd
defaults-all-have-one = No field is left
defaults-all-have-one-text = Every ERP field of this actor type that takes values has a default value already. Change one of them in the list.
defaults-tags = Tags that are replaced when the actor is created
defaults-delete-question = Delete { $count ->
    [one] this default value
   *[other] these { $count } default values
 } of { $actor } in { $connection }?
defaults-delete-text = New actors are created in the ERP without them from then on. Actors that exist keep their values.
defaults-delete-overtaken = Somebody else changed the default values in the meantime. Look once more at what would be deleted.
