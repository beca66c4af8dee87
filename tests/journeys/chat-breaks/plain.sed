s#sessions/s[0-9]+#sessions/S#
