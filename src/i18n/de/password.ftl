# Regeln für die Wahl eines Passworts.
password-new = Neues Passwort
password-again = Neues Passwort noch einmal
password-rules = 8 bis 128 beliebige Zeichen, aber kein Passwort, das jeder zuerst versucht.
password-differs = Die beiden Eingaben sind verschieden.
password-too-short = Mindestens { $min } Zeichen.
password-too-long = Höchstens { $max } Zeichen.
password-too-plain = Wenige Zeichen, die sich wiederholen oder aufeinander folgen, sind sofort erraten. Bitte wählen Sie ein anderes Passwort.
password-common = Dieses Passwort gehört zu denen, die zuerst versucht werden. Bitte wählen Sie ein anderes.
password-obvious = Ihr Anmeldename oder der Name dieses Portals ist sofort erraten. Bitte wählen Sie ein anderes Passwort.
