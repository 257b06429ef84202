list-mappings-title = List mapping of { $name }
list-mappings-lead = Which item of an ERP list is which item of a list in { $crm }. One to one; items without a partner do not travel.
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
list-mappings-active = List mappings can be looked at while the connection is active. Deactivate it on the Sync tab to change them.
list-mappings-away = The ERP's list could not be read, so nothing was saved. Try again when the ERP answers.
list-mappings-away-title = The ERP's list could not be read
list-mappings-problems = Some items cannot be mapped like this; they are marked below.
list-mappings-suggest = Suggest by equal text
list-mappings-saved = The list mapping was saved.
