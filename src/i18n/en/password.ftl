# Rules for choosing a password.
password-new = New password
password-again = New password once more
password-rules = 8 to 128 characters of any kind, but no password that everybody tries first.
password-differs = The two entries differ.
password-too-short = At least { $min } characters.
password-too-long = At most { $max } characters.
password-too-plain = A few characters that repeat or count up are guessed at once. Please choose another password.
password-common = This password is among those that are tried first. Please choose another.
password-obvious = Your log-in or the name of this portal is guessed at once. Please choose another password.
