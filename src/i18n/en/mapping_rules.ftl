# What the rules of mapping say: why something cannot be chosen, why a value does not travel, what a
# fresh look at the ERP brought.

mapping-why-no-crm-field = Choose a CRM field first.
mapping-why-not-offered = Fields of this type are not synchronised.
mapping-why-actor-key = This is the ERP’s own key. It is never synchronised.
mapping-why-read-only = The ERP does not accept values for this field.
mapping-why-crm-cannot-hold = The CRM field cannot hold every value of this ERP field.
mapping-why-erp-cannot-hold = This ERP field cannot hold every value of the CRM field.
mapping-why-mapped-elsewhere = Another ERP connection already synchronises this CRM field, so it cannot be filled from here one way only.

mapping-when-always = Always
mapping-when-on-create = Only when created
mapping-when-if-empty = Only if the target is empty

mapping-unmapped-leave = Leave the field as it is
mapping-unmapped-fail = Fail until it is mapped
mapping-unmapped-default = Take the default item

mapping-warn-erp-shorter = Values over { $erp } characters are not sent. The CRM field holds { $crm }.
mapping-warn-crm-shorter = Values over { $crm } characters are not taken over. The ERP field holds { $erp }.

mapping-edit-unknown-erp-field = The ERP connection has no field “{ $field }” (any more).
mapping-edit-unknown-crm-field = The CRM has no such field (any more).
mapping-edit-used-twice = This CRM field is already mapped to “{ $field }”. Each CRM field can be mapped once.
mapping-edit-missing-in-erp = The ERP no longer has this field. It can only be unmapped.

mapping-refused-type = { $field }: the value does not have the field’s type.
mapping-refused-item = { $field }: the list item “{ $item }” is not mapped.
mapping-refused-left = { $field }: the list item “{ $item }” is not mapped, so the field stays as it is.
mapping-refused-item-text = { $field }: the text of the list item “{ $item }” is not known.
mapping-refused-long-for-crm = { $field }: the value has { $length } characters; the CRM takes { $limit }.
mapping-refused-long-for-erp = { $field }: the value has { $length } characters; the ERP takes { $limit }.
mapping-refused-blank-in-crm = { $field }: the CRM needs a value here.
mapping-refused-blank-in-erp = { $field }: the ERP needs a value here.

mapping-refresh-type-added = The ERP now offers this actor type, with { $fields ->
    [one] one field
   *[other] { $fields } fields
 }. It has a tab of its own in the mappings and is switched off.
mapping-refresh-type-missing = The ERP no longer offers this actor type. Its mapping is kept and marked; nothing of it is synchronised.
mapping-refresh-type-back = The ERP offers this actor type again; its mapping holds again.
mapping-refresh-searchable = Other fields than before can be used in the advanced search.
mapping-refresh-name = It was called “{ $before }”.
mapping-refresh-field-type = Its type was { $before } and is { $after } now.
mapping-refresh-mandatory = It must be filled when an actor is created in the ERP.
mapping-refresh-read-only = It can only be read.
mapping-refresh-normal = It can be read and written, and may stay empty.
mapping-refresh-list = Its items come from another list.
mapping-refresh-length = It takes { $most } characters at most.
mapping-refresh-any-length = It takes texts of any length.
mapping-refresh-about = Its description, its suggested value or its place is another one.
mapping-refresh-to-crm-off = Direction to the { $crm } off: it is no longer possible.
mapping-refresh-to-erp-off = Direction from the { $crm } to the ERP off: it is no longer possible.
mapping-refresh-items-dropped = The mapping of its list items is removed, because they belong to the list it had.
mapping-refresh-default-dropped = Its default value is removed: it no longer fits the field.
mapping-refresh-hidden = It is no longer shown in searches or in the ERP tab.
mapping-refresh-suggested = Suggested for “{ $crm }”; nothing travels before a direction is chosen.
mapping-refresh-unmapped = Not mapped yet.
mapping-refresh-mapped-again = Its mapping to “{ $crm }” holds again.
mapping-refresh-mapped-no-more = Mapped to “{ $crm }”: no values travel any more. Remove the mapping before the connection is activated.
mapping-refresh-default-no-more = Its default value is not sent any more.
mapping-refresh-unused = It was not in use.
mapping-refresh-needs-value = Mandatory, and nothing fills it yet: before the connection is activated it needs a mapping to the ERP, a default value or a question to the user.
mapping-refresh-stays = Mapping, default value and list items stay as they are.

mapping-item-crm-twice = Another ERP item is mapped to the same CRM item. Each can be used once.
mapping-item-erp-twice = This ERP item came twice.
mapping-item-unknown = This list item does not exist (any more).
mapping-item-no-default = Choose the default item of at least one side.

mapping-default-not-offered = This field takes no default value.
mapping-default-nothing-set = Set a default value, or ask the user.
mapping-default-value-missing = Enter the default value.
mapping-default-value-type = This value does not have the field’s type.
mapping-default-value-long = This value is too long: the ERP takes { $limit } characters.

mapping-tag-number = Number of the record
mapping-tag-name = Name of the record
mapping-tag-today = Today’s date
mapping-tag-now = Date and time
mapping-tag-user = Name of the user
mapping-tag-company-number = Number of the company

mapping-answer-missing = A value is needed here.
mapping-answer-type = This value does not have the field’s type.
mapping-answer-long = This value is too long: the ERP takes { $limit } characters.

activation-connector-deleted = The sync connector was deleted.
activation-test-failed = The test of the ERP connection failed.
activation-test-noted = The test of the ERP connection passed with a remark.
activation-nothing-on = No actor type is switched on.
activation-type-missing = The ERP no longer offers this actor type. It is not synchronised.
activation-mandatory-value = “{ $field }” is mandatory in the ERP: map it towards the ERP, set a default value, or ask the user.
activation-mandatory-direction = “{ $field }” is mandatory in the ERP and mapped, but has no direction.
activation-without-direction =
    { $count ->
        [one] One field is mapped, but has no direction: { $fields }.
       *[other] { $count } fields are mapped, but have no direction: { $fields }.
    }
activation-missing-in-erp = “{ $field }” is mapped, but the ERP no longer has it.
activation-missing-in-crm = “{ $field }” is mapped to a field the CRM no longer has.
activation-not-possible = “{ $field }”: { $why }
activation-used-twice = “{ $field }” is mapped to the same CRM field as “{ $other }”.
activation-items-twice = “{ $field }”: several ERP items are mapped to the same CRM item.
activation-no-items = “{ $field }” is mapped, but none of its list items.
