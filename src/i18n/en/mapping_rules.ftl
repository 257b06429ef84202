# What the rules of mapping say: why something cannot be chosen, why a value does not travel, what a
# fresh look at the ERP brought.

mapping-why-no-crm-field = Choose a CRM field first.
mapping-why-not-offered = Fields of this type are not synchronised.
mapping-why-actor-key = This is the ERP’s own key. It is never synchronised.
mapping-why-read-only = The ERP does not accept values for this field.
mapping-why-crm-cannot-hold = The CRM field cannot hold every value of this ERP field.
mapping-why-erp-cannot-hold = This ERP field cannot hold every value of the CRM field.
mapping-why-mapped-elsewhere = Another ERP connection already synchronises this CRM field, so it cannot be filled from here one way only.

mapping-warn-erp-shorter = The CRM field holds { $crm } characters, the ERP field { $erp }. Longer values are not sent.
mapping-warn-crm-shorter = The ERP field holds { $erp } characters, the CRM field { $crm }. Longer values are not taken over.

mapping-edit-unknown-erp-field = The ERP connection has no field “{ $field }” (any more).
mapping-edit-unknown-crm-field = The CRM has no such field (any more).
mapping-edit-used-twice = This CRM field is already mapped to “{ $field }”. Each CRM field can be mapped once.
mapping-edit-missing-in-erp = The ERP no longer has this field. It can only be unmapped.

mapping-refused-type = { $field }: the value does not have the field’s type.
mapping-refused-item = { $field }: the list item “{ $item }” is not mapped.
mapping-refused-item-text = { $field }: the text of the list item “{ $item }” is not known.
mapping-refused-long-for-crm = { $field }: the value has { $length } characters; the CRM takes { $limit }.
mapping-refused-long-for-erp = { $field }: the value has { $length } characters; the ERP takes { $limit }.
mapping-refused-blank-in-crm = { $field }: the CRM needs a value here.
mapping-refused-blank-in-erp = { $field }: the ERP needs a value here.

mapping-refresh-type-added = The ERP now offers this actor type. It is switched off.
mapping-refresh-type-missing = The ERP no longer offers this actor type. It is kept, but not synchronised.
mapping-refresh-type-back = The ERP offers this actor type again.
mapping-refresh-field-added = New field.
mapping-refresh-field-missing = The ERP no longer has this field.
mapping-refresh-field-back = The ERP has this field again.
mapping-refresh-field-type = The field’s type has changed from { $before } to { $after }.
mapping-refresh-to-crm-off = The direction to the CRM was switched off: it is no longer possible.
mapping-refresh-to-erp-off = The direction to the ERP was switched off: it is no longer possible.
mapping-refresh-items-dropped = The mapping of its list items was removed, because its list is another one now.
mapping-refresh-default-dropped = Its default value was removed: it no longer fits the field.
