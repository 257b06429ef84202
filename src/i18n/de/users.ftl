users-name = Name
users-role = Rolle
users-login-hint = Ohne Leerzeichen; eine E-Mail-Adresse ist möglich.
users-bad-login = Ein Anmeldename enthält keine Leerzeichen oder Steuerzeichen.
