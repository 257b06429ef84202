groups-title = Groups
groups-lead = People who get the same rights on connections.
groups-add = Add group
groups-new-lead = You fill it on the next page.
groups-name = Name
groups-members = Members
groups-members-hint = Tick who belongs to the group.
groups-none = No groups yet
groups-none-text = A group saves work when the same people share several connections, for instance Sales.
groups-taken = There is a group with this name already.
groups-added = The group “{ $name }” was added. Now choose its members.
groups-saved = The group “{ $name }” was saved.
groups-delete-question = Delete the group “{ $name }”?
groups-delete-text = { $members ->
    [0] It has no members.
    [one] Its one member stays, but is no longer in this group.
   *[other] Its { $members } members stay, but are no longer in this group.
 }
groups-in-use = These ERP connections are shared with the group. First take the group out of their scope:
groups-delete-deleted = It also leaves the scope of deleted ERP connections: { $names }. Should they be restored, the group is no longer part of it.
groups-deleted = The group “{ $name }” was deleted.
