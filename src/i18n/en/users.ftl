users-name = Name
users-role = Role
users-login-hint = Without blanks; an e-mail address is fine.
users-bad-login = A log-in has no blanks or control characters.
