# Where somebody is signed in.
sessions-title = Sessions
sessions-browser = Browser
sessions-address = Address
sessions-since = Signed in
sessions-last = Last active
sessions-this = This session
sessions-end = End
sessions-ended-one = The session has ended.
