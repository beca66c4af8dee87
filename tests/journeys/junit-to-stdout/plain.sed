s/time="[0-9.]+"/time="T"/g
s/timestamp="[^"]*"/timestamp="DATE"/
s/score [0-9]+/score S/
