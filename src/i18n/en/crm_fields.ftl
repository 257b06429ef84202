# Fields that admins add to the CRM.
crm-fields-title = CRM fields
crm-fields-lead = Fields you add to companies, persons and projects. They stand in their forms and can be mapped to ERP fields.
crm-fields-tabs = Kind of record
crm-fields-add = Add field
crm-fields-none = { $kinds }: no fields of your own yet
crm-fields-none-text = Does your ERP know something the CRM lacks, such as a customer group or a credit limit? Add a field for it, then map it in the connection.
crm-fields-order = Order
crm-fields-save-order = Save order
crm-fields-ordered = The order was saved.
crm-fields-up-to = up to { $number } characters
crm-fields-required = mandatory
crm-fields-date = Date
crm-fields-built-in-title = { $kinds }: fields that are there from the start
crm-fields-deleted = Deleted fields
crm-fields-deleted-hint = Records have kept their values. They come back with the field.
crm-fields-deleted-when = Deleted
crm-fields-new = New field: { $kind }
crm-fields-new-lead = What is the field to hold? Its type cannot be changed later.
crm-fields-type = Type
crm-fields-takes = Holds
crm-fields-fits = Both ways with ERP fields of type
crm-fields-takes-text = Words and characters, such as the code of a customer group
crm-fields-takes-whole = Numbers without decimals, such as a quantity
crm-fields-takes-decimal = Numbers with decimals, such as a credit limit
crm-fields-takes-check = Yes or no, such as “blocked”
crm-fields-takes-date = A day without time, such as “contract until”
crm-fields-takes-list = One of several list items, such as a payment term
crm-fields-field = Field
crm-fields-record = Record
crm-fields-type-hint = The type cannot be changed once the field was added.
crm-fields-german = Name (German)
crm-fields-english = Name (English)
crm-fields-name-hint = One language is enough. Who reads the other one then sees this.
crm-fields-length = Characters at most
crm-fields-length-hint = Fewer are possible only as long as no record holds a longer text.
crm-fields-must = Mandatory
crm-fields-must-hint = Whoever saves a record must fill it in. The synchronisation does not ask for the value.
crm-fields-items = List items
crm-fields-items-hint = Items that are removed stay in records that hold them already, and cannot be chosen anew.
crm-fields-in-german = German
crm-fields-in-english = English
crm-fields-remove = Remove
crm-fields-more = New list items
crm-fields-more-hint = One line per item. A vertical bar separates two languages: Rot | Red – German first. An item of the same name that was removed comes back.
crm-fields-uses = Mappings
crm-fields-unused = The field is not mapped to any ERP field. To do so, open the mappings of an ERP connection.
crm-fields-taken = There is a field of this name already.
crm-fields-built-in = A field that is there from the start has this name.
crm-fields-bad-length = Please enter a whole number from 1 to { $max }.
crm-fields-longer = A record holds a longer text. Choose a larger number, or shorten that text first.
crm-fields-no-items = Please enter at least one list item.
crm-fields-many-items = { $count } list items are too many; { $max } are possible.
crm-fields-item-twice = There is a list item “{ $item }” already.
crm-fields-bad-item = “{ $item }” is too long or holds control characters; { $max } characters are possible.
crm-fields-full = More than { $max } fields of your own per kind of record are not possible. First delete one that nobody needs any more.
crm-fields-added = The field “{ $name }” was added.
crm-fields-saved = The field “{ $name }” was saved.
crm-field-deletions-question = Delete the field “{ $name }”?
crm-field-deletions-holders = { $records ->
    [0] No record holds a value.
    [one] One record holds a value.
   *[other] { $records } records hold a value.
 }
crm-field-deletions-holders-among = { $records ->
    [one] Of the newest { $looked } records, one holds a value.
   *[other] Of the newest { $looked } records, { $records } hold a value.
 }
crm-field-deletions-text = The field disappears from forms and views. The values are kept, and are back when you restore the field.
crm-field-deletions-uses = These mappings hold the field. They stay, but say “missing in the CRM”; all other fields go on being synchronised. Before the connection can be activated the next time, the field must be unmapped or restored:
crm-field-deletions-done = The field “{ $name }” was deleted. Records have kept their values.
crm-field-restorations-done = The field “{ $name }” is back with its values.
crm-field-restorations-taken = “{ $name }” cannot come back, since another field has this name by now. Rename that one first.
crm-field-restorations-full = “{ $name }” cannot come back: there are { $max } fields of your own already. First delete one that nobody needs any more.
crm-field-deletions-overtaken = The field has been changed meanwhile. Below is what holds now.
