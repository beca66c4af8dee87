#!/bin/bash
# Kills the practice company in every way, process by process, and checks that no process and no
# folder is left behind.   tests/company/test-cleanup.sh PROGRAM
set -u
program=${1:?usage: test-cleanup.sh PROGRAM}
work=$(mktemp -d /tmp/kc-XXXXXX) || exit 1
chmod 755 "$work"
mkfifo "$work/stdin"
failed=0
exec 2> /dev/null                     # the shell's notices about what was killed

start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" {print $20}'; }
state() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1; }

# The process and all its descendants, one "pid starttime name" a line.
family() {
    local child
    echo "$1 $(start_time "$1") $(cat "/proc/$1/comm")"
    for child in $(cat /proc/"$1"/task/*/children); do family "$child"; done
}

# launch: sets front, members; the company's stdin is held by the process $holder
launch() {
    mkdir -p "$work/dir"
    chmod 755 "$work/dir"
    "$program" --dir "$work/dir" < "$work/stdin" > "$work/out" 2> "$work/err" &
    front=$!
    sleep 1000 > "$work/stdin" &
    holder=$!
    for _ in $(seq 500); do grep -q '^ready ' "$work/out" && break; sleep 0.02; done
    grep -q '^ready COMPANY_URL=.* SMTP_URL=.* IMAP_URL=' "$work/out" || {
        echo "not ready: $(cat "$work/out" "$work/err")"; exit 1; }
    # one customer keeps a mail connection open
    exec 9<>"/dev/tcp/127.0.0.1/$(sed 's/.*SMTP_URL=smtp:..127.0.0.1:\([0-9]*\).*/\1/' "$work/out")"
    read -r -t 5 _ <&9
    members=$(family "$front")
}

pid_named() { awk -v name="$1" '$3 == name {print $1; exit}' <<< "$members"; }

alive() {                             # of the members, those still there
    local pid began name
    while read -r pid began name; do
        [ -n "$began" ] && [ "$(start_time "$pid")" = "$began" ] && echo "$name($pid)"
    done <<< "$members"
}

# check NAME [WANTED_EXIT]: everything is gone within 5 seconds
check() {
    local code left
    exec 9<&- 9>&-
    for _ in $(seq 250); do
        [ -z "$(alive)" ] && [ -z "$(ls -A "$work/dir")" ] && break
        sleep 0.02
    done
    left="$(alive) $(ls -A "$work/dir")"
    kill "$holder" 2> /dev/null
    { wait "$front"; } 2> /dev/null
    code=$?
    { wait "$holder"; } 2> /dev/null
    if [ "$left" != " " ]; then
        echo "FAIL $1: left behind: $left"; failed=1
    elif [ -n "${2:-}" ] && [ "$code" != "$2" ]; then
        echo "FAIL $1: exit code $code, not $2"; failed=1
    else
        echo "ok   $1"
    fi
}

launch; kill "$holder"; check "stdin ends" 0
launch; kill -9 "$holder"; check "who holds stdin is killed" 0
for signal in TERM INT HUP; do
    launch; kill -$signal "$front"; check "SIG$signal" 0
done
launch; kill -9 "$front"; check "front killed" 137
for name in kettle-keeper kettle-server exim4 dovecot; do
    launch; kill -9 "$(pid_named $name)"; check "$name killed" 1
    launch; kill -TERM "$(pid_named $name)"; check "$name ended by SIGTERM"
done
launch; kill -9 "$front" "$(pid_named kettle-keeper)"; check "front and keeper killed"
launch; kill -9 "$(pid_named kettle-keeper)" "$front"; check "keeper and front killed"
launch; kill -9 "$front" "$(pid_named kettle-server)"; check "front and server killed"
launch; kill -9 "$(pid_named kettle-server)" "$(pid_named exim4)" "$(pid_named dovecot)"
check "all servers killed" 1
launch; kill -STOP "$(pid_named kettle-server)"; kill "$holder"; check "server hangs" 0

rm -rf "$work"
exit $failed
