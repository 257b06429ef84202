# The frame around every page.
layout-skip = Skip to the content
layout-menu = Main menu
layout-settings = Settings and maintenance
layout-menu-short = Menu
layout-language = Language
layout-theme = Appearance
layout-theme-auto = Like the system
layout-theme-light = Light
layout-theme-dark = Dark
layout-account = My account
layout-help = Help
layout-sign-out = Sign out
# Words inside the parts that pages are made of.
parts-problems = { $count ->
    [one] One entry needs your attention
   *[other] { $count } entries need your attention
 }
parts-trail = You are here
parts-pages = Pages
parts-page-previous = Previous page
parts-page-next = Next page
parts-filter-some = %count% shown
parts-filter-none = Nothing matches
parts-empty = (empty)
parts-differs = Differs
parts-explain = What does “{ $about }” mean?
parts-sort-help = Drag to put in order, or focus a handle, press the space bar and use the arrow keys.
parts-sort-handle = Move “{ $name }”
parts-sort-up = Move up
parts-sort-up-named = Move “{ $name }” up
parts-sort-down = Move down
parts-sort-down-named = Move “{ $name }” down
parts-sort-grabbed = %name% picked up, position %place% of %all%. Arrow keys move it, the space bar puts it down, Escape puts it back.
parts-sort-moved = %name%: position %place% of %all%.
parts-sort-dropped = %name% put down at position %place% of %all%.
parts-sort-cancelled = %name% put back to position %place% of %all%.
parts-mapping-caption = Which ERP field belongs to which field of the { $crm }
parts-mapping-search = Show in Search
parts-mapping-erp = ERP field
parts-mapping-direction = Direction
parts-mapping-crm = { $crm } field
parts-mapping-tab = Show in ERP tab
parts-mapping-to-erp = Send { $crm } value to the ERP
parts-mapping-to-crm = Send ERP value to the { $crm }
parts-mapping-fields = { $crm } fields
parts-mapping-help = Drag a field onto an ERP field. With the keyboard: Enter picks it up, arrow keys choose the row, Enter places it.
parts-mapping-filter = Find a field
parts-mapping-picked = %field% picked up. Arrow keys choose the ERP field, Enter places it, Escape puts it back.
parts-mapping-placed = %field% is now mapped to %row%.
parts-mapping-cancelled = %field% put back.
parts-conflict = Somebody else saved this first
parts-conflict-text = { $who } saved it { $when }. Both versions are below; your entry is still in the form. Save again to replace the values that differ, or cancel to keep theirs.
parts-conflict-somebody = Somebody else changed this in the meantime. Both versions are below; your entry is still in the form. Save again to replace the values that differ, or cancel to keep theirs.
parts-conflict-field = Field
parts-conflict-theirs = Saved now
parts-conflict-yours = Your entry
parts-conflict-same = In everything this form holds, both versions are the same.
