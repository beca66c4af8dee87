s/ [0-9]+ [A-F]( |$)/ SCORE /
s/range [0-9]+-[0-9]+( \([A-F] to [A-F]\))?, //
s/, [0-9]+ [A-F]$/, SCORE/
