s/ [0-9]+ [A-F]( |$)/ SCORE /
s/range [0-9]+-[0-9]+( \([A-F] to [A-F]\))?, //
s/, [0-9]+ [A-F]$/, SCORE/
s/^STOPPED +(- -|SCORE) /STOPPED SCORE /
s/not solved, CES [0-9.]+ of 7, //
s/: stopped, SCORE $/: stopped/
