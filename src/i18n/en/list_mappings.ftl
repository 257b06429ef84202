list-mappings-title = List mapping of { $name }
list-mappings-lead = Which item of an ERP list is which item of a list in { $crm }. One to one.
list-mappings-none = No list field is mapped yet
list-mappings-none-text = Map an ERP list field to a list field of the CRM first; then its items can be mapped here.
list-mappings-to-mappings = To the mappings
list-mappings-lists = Mapped lists
list-mappings-mapped = { $count ->
    [one] 1 item mapped
   *[other] { $count } items mapped
 }
list-mappings-erp-item = ERP item
list-mappings-crm-item = CRM item ({ $list })
list-mappings-active = List mappings can be looked at while the connection is active. Deactivate it to change them.
list-mappings-away = The ERP's list could not be read, so nothing was saved. Try again when the ERP answers.
list-mappings-away-title = The ERP's list could not be read
list-mappings-problems = Some items cannot be mapped like this; they are marked below.
list-mappings-suggest = Suggest by equal text
list-mappings-saved = The list mapping was saved.
list-mappings-mapped-of = { $count } of { $total } items mapped
list-mappings-suggested = { $count ->
    [0] No further item has a text in common with an item of the CRM.
    [one] One item was suggested and is marked. It is mapped when you save.
   *[other] { $count } items were suggested and are marked. They are mapped when you save.
 }
list-mappings-suggestion = suggested
list-mappings-remove = Remove
list-mappings-crm-gone = This item is no longer in the CRM’s list.
list-mappings-filter = Find an item
list-mappings-unmapped = Values of unmapped items
list-mappings-unmapped-hint = What happens to a record whose value is an item without a partner.
list-mappings-leave-hint = The field keeps what it has on the other side, and nobody is told. The other fields travel.
list-mappings-fail-hint = The record is not synchronised and stands among the failed ones until the item is mapped.
list-mappings-default-hint = The other side gets the item chosen below. If none is chosen for it, the record fails.
list-mappings-crm-default = Default item in { $crm }
list-mappings-crm-default-hint = For ERP items that are not mapped.
list-mappings-erp-default = Default item in the ERP
list-mappings-erp-default-hint = For items of { $crm } that are not mapped.
list-mappings-unused = Items without a partner: { $list }
list-mappings-records = Records
list-mappings-at-least = at least { $number }
list-mappings-none-left = Every item of the CRM’s list is mapped.
list-mappings-left-cut =
    { $count ->
        [one] No ERP item is mapped to one item of the CRM’s list.
       *[other] No ERP item is mapped to { $count } items of the CRM’s list.
    } There are too many records to look through all of them: an item that is not named here may still be in use.
list-mappings-left =
    { $count ->
        [one] No ERP item is mapped to one item of the CRM’s list.
       *[other] No ERP item is mapped to { $count } items of the CRM’s list.
    } { $idle ->
        [0] Records hold all of them.
        [one] One of them is held by no record.
       *[other] { $idle } of them are held by no record.
    }
