#!/usr/bin/env bash
# A walk through Waggle on one machine: two nodes that know each other only through a forwarder, one real database.
# Everything here is a check as well: the script stops with exit 1 at the first thing that is not as it says. CI runs it.
#   ./docs/tour.sh [a database to use instead of ../shared/data/chinook.sqlite]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/waggle-tour.XXXXXX")
export WAGGLE_STATE=$work/state                       # keys of the two nodes: beside their data, not in your home
A=$work/a.sqlite B=$work/b.sqlite
pids=()
finish() {
  local code=$?
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [ $code -ne 0 ]; then echo; echo "The tour failed. What the nodes said:"; tail -n 15 "$work"/*.log 2>/dev/null; fi
  rm -rf "$work"
  exit $code
}
trap finish EXIT

say()    { printf '\n== %s\n' "$*"; }
ok()     { printf '   ok  %s\n' "$*"; }
fail()   { printf '   FAILED  %s\n' "$*"; exit 1; }
waggle() { "$root/waggle" "$@"; }
a()      { waggle "$@" --data "$work/a"; }
b()      { waggle "$@" --data "$work/b"; }
json()   { node -e 'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>{const d=JSON.parse(s);console.log(eval(process.argv[1]))})' "$1"; }
until_true() { # SECONDS WHAT COMMAND...: looks again until the command succeeds
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || fail "not within the time: $what"; sleep 0.1; done
}

# Programs of other people: the sqlite3 shell writes on A, Python's sqlite3 on B. Where one is missing, the other does both.
python() {
  python3 - "$@" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.isolation_level = None
for sql in sys.argv[2:]:
    for row in db.execute(sql): print(*row, sep="|")
PY
}
shell() { local file=$1; shift; printf '.timeout 10000\n%s\n' "$(printf '%s;\n' "$@")" | sqlite3 -batch "$file"; }
if command -v sqlite3 >/dev/null; then on_a() { shell "$A" "$@"; }; else on_a() { python "$A" "$@"; }; fi
if command -v python3 >/dev/null; then on_b() { python "$B" "$@"; }; else on_b() { shell "$B" "$@"; }; fi

forward_port=0
link_up() {
  : > "$work/forwarder.out"
  node "$root/docs/forwarder.mjs" "$forward_port" "127.0.0.1:$(<"$work/a.port")" > "$work/forwarder.out" 2>&1 &
  forwarder=$!; pids+=("$forwarder")
  until_true 10 "the forwarder listens" grep -q '[0-9]' "$work/forwarder.out"
  forward_port=$(grep -oE '[0-9]+' "$work/forwarder.out" | head -1)
}
link_down() { kill "$forwarder"; wait "$forwarder" 2>/dev/null || true; }
start() { # NAME: starts a node and waits until it says that it is up
  local name=$1; : > "$work/$name.up"
  "$root/waggle" up --data "$work/$name" --json > "$work/$name.up" 2>> "$work/$name.log" &
  printf '%s' $! > "$work/$name.pid"; pids+=($!)
  until_true 60 "node $name is up" grep -q '"node"' "$work/$name.up"
  json 'd.listen.split(":").pop()' < "$work/$name.up" > "$work/$name.port"
}
equal() { waggle compare "$A" "$B"; }

say "Two nodes, one database"
source=${1:-$root/../shared/data/chinook.sqlite}
if [ -f "$source" ]; then cp "$source" "$A"; else node "$root/docs/shop.mjs" | { command -v sqlite3 >/dev/null && sqlite3 "$A" || python3 -c 'import sqlite3,sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())' "$A"; }; fi
waggle version >/dev/null                              # builds what is missing before anything is timed
start a; start b; link_up
a track "$A"
ticket=$(a invite --address "127.0.0.1:$forward_port" --json | json 'd.ticket')
b join "$ticket" "$B"
equal || fail "the files differ after join"
tables=$(on_a "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'waggle_%' AND name <> 'sync_queue'")
ok "compare finds both files equal: $tables tables"

say "(b) What programs write arrives on the other side within a second"
arrives() { # WHERE SQL EXPECTED
  local begin; begin=$(date +%s%N)
  until [ "$($1 "$2")" = "$3" ]; do [ $(( ($(date +%s%N) - begin) / 1000000 )) -lt 1000 ] || fail "not within 1 s: $2"; done
  ok "$2 -> $3 after $(( ($(date +%s%N) - begin) / 1000000 )) ms"
}
on_a "INSERT INTO Artist(ArtistId, Name) VALUES (7001, 'Written by the shell on A')"
arrives on_b "SELECT Name FROM Artist WHERE ArtistId = 7001" "Written by the shell on A"
on_b "UPDATE Artist SET Name = 'Changed by Python on B' WHERE ArtistId = 7001"
arrives on_a "SELECT Name FROM Artist WHERE ArtistId = 7001" "Changed by Python on B"

# Both sides change while nothing connects them. $1 numbers the round, so that every round meets fresh rows.
diverge() {
  local n=$1
  on_a "UPDATE Customer SET Phone = 'phone of A $n' WHERE CustomerId = $n"                 # one row, different columns: no conflict
  on_b "UPDATE Customer SET Email = 'email of B $n' WHERE CustomerId = $n"
  on_a "UPDATE Artist SET Name = 'A says $n' WHERE ArtistId = $n"                         # one column on both sides: conflict 1
  on_b "UPDATE Artist SET Name = 'B says $n' WHERE ArtistId = $n"
  on_a "DELETE FROM InvoiceLine WHERE InvoiceLineId = 100 + $n"                           # delete against edit: conflict 2
  on_b "UPDATE InvoiceLine SET Quantity = 10 + $n WHERE InvoiceLineId = 100 + $n"
  on_a "BEGIN IMMEDIATE" "INSERT INTO Artist VALUES (9000 + $n, 'new on A')" "INSERT INTO Album VALUES (9100 + $n, 'child on A', 9000 + $n)" "COMMIT"   # one new key: conflict 3
  on_b "BEGIN IMMEDIATE" "INSERT INTO Artist VALUES (9000 + $n, 'new on B')" "INSERT INTO Album VALUES (9200 + $n, 'child on B', 9000 + $n)" "COMMIT"
  on_b "BEGIN IMMEDIATE" "INSERT INTO Playlist VALUES (500 + $n, 'parent with children')" \
       "INSERT INTO PlaylistTrack SELECT 500 + $n, TrackId FROM Track ORDER BY TrackId LIMIT 20" "COMMIT"
  on_a "BEGIN IMMEDIATE" "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO Artist SELECT $n * 100000 + i, 'one of 5,000' FROM n" "COMMIT"
  on_b "UPDATE Employee SET Address = randomblob(1048576) WHERE EmployeeId = 1"
}
conflicts_of() { $1 sync conflicts --json | json 'd.conflicts.map(c=>c.kind).sort().join(" ")'; }
three() { printf 'delete_against_edit same_field same_key'; }

say "(c) The link is cut, both sides change, the link heals"
link_down; diverge 1; link_up
until_true 60 "both files are equal" equal
waggle compare "$A" "$B"
[ "$(conflicts_of a)" = "$(three)" ] || fail "conflicts on A: $(conflicts_of a)"
[ "$(conflicts_of b)" = "$(three)" ] || fail "conflicts on B: $(conflicts_of b)"
ok "exactly the three real conflicts on both sides"
a sync conflicts
a log verify; b log verify
ok "both logs verify"
for id in $(a sync conflicts --json | json 'd.conflicts.map(c=>c.id).join("\n")'); do a sync conflicts resolve "$id" --keep shown >/dev/null; done
settled() { [ -z "$(conflicts_of a)" ] && [ -z "$(conflicts_of b)" ]; }
until_true 30 "resolved on A is resolved on B" settled
ok "resolved on A, settled on B"

say "(d) Again, and B is killed with -9 while it heals"
link_down; diverge 2; link_up
until_true 20 "healing begins" sh -c "! cmp -s '$work/b/node.sqlite-wal' /dev/null"
kill -9 "$(<"$work/b.pid")"; wait "$(<"$work/b.pid")" 2>/dev/null || true
start b
until_true 60 "both files are equal" equal
waggle compare "$A" "$B"
[ "$(conflicts_of a)" = "$(three)" ] && [ "$(conflicts_of b)" = "$(three)" ] || fail "conflicts: A $(conflicts_of a), B $(conflicts_of b)"
a log verify; b log verify
ok "killed in the middle, equal at the end"

say "(e) A disk that changes bytes"
space=$(b space list --json | json 'd.spaces[0].id')
log_b=$work/b/spaces/$space/sync.sqlite
kill "$(<"$work/b.pid")"; wait "$(<"$work/b.pid")" 2>/dev/null || true
flip() { # FILE OFFSET: changes one bit
  node -e 'const fs=require("fs"),f=fs.openSync(process.argv[1],"r+"),b=Buffer.alloc(1),o=+process.argv[2];fs.readSync(f,b,0,1,o);b[0]^=1;fs.writeSync(f,b,0,1,o);fs.closeSync(f)' "$1" "$2"
}
cp -r "$work/b/spaces/$space" "$work/whole"; mkdir "$work/copies"
whole=$(mkdir -p "$work/copies/0" && cp -r "$work/whole" "$work/copies/0/$space" && waggle log check --json "$work/copies/0/$space/sync.sqlite" | json 'd.files[0].says')
size=$(wc -c < "$log_b"); found=0 harmless=0
for batch in 1 2 3 4 5 6 7 8; do                        # 200 copies, a random byte changed in each, 25 to a command
  files=()
  for i in $(seq 25); do
    dir=$work/copies/$batch-$i/$space; mkdir -p "$dir"; cp "$work/whole/sync.sqlite" "$dir/"
    flip "$dir/sync.sqlite" $(( (RANDOM * 32768 + RANDOM) % size )); files+=("$dir/sync.sqlite")
  done
  waggle log check --json "${files[@]}" > "$work/checked" || true
  found=$((found + $(json 'd.files.filter(f=>!f.good).length' < "$work/checked")))
  harmless=$((harmless + $(json "d.files.filter(f=>f.says==='$whole').length" < "$work/checked")))
  rm -rf "$work"/copies/"$batch"-*
done
[ $((found + harmless)) -eq 200 ] || fail "$found found, $harmless harmless"
ok "200 copies with a changed byte: $found found, $harmless proven harmless"
flip "$log_b" "$(grep -abo 'email of B 2' "$log_b" | head -1 | cut -d: -f1)"
b doctor | grep -i 'log of' || true
[ "$(waggle log check "$log_b" >/dev/null && echo good)" = good ] || fail "the log of B is still damaged"
ok "a changed byte in a payload of B's log: found, and mended with the event that A has"
link_down
start b; on_b "UPDATE Artist SET Name = 'never left B' WHERE ArtistId = 3"
until_true 20 "B has logged it" sh -c "sqlite3 '$log_b' \"select 1 from entries where cast(payload as text) like '%never left B%'\" 2>/dev/null | grep -q 1 || grep -aq 'never left B' '$log_b' '$log_b-wal'"
kill "$(<"$work/b.pid")"; wait "$(<"$work/b.pid")" 2>/dev/null || true
flip "$log_b" "$(grep -abo 'never left B' "$log_b" | head -1 | cut -d: -f1)"
lost=$(b doctor || true); printf '%s\n' "$lost" | grep -i 'lost' || fail "the lost event is not named: $lost"
ok "B's own event that nobody else had: named as lost"
link_up; start b
until_true 60 "both files are equal" equal
waggle compare "$A" "$B"

say "(f) Strangers, used tickets, forgers"
node "$root/docs/peer.mjs" stranger "127.0.0.1:$(<"$work/a.port")" "$space" || fail "a stranger learns whether a space exists"
ok "a stranger gets equal bytes for an existing and an unknown space"
if waggle join "$ticket" "$work/c.sqlite" --data "$work/c" 2> "$work/used"; then fail "a used ticket was taken"; else code=$?; fi
cat "$work/used"; [ $code -eq 4 ] || fail "exit $code"
ok "a used ticket is refused"
a sync status || true
before=$(a space list --json | json "d.spaces[0].rejected")
node "$root/docs/peer.mjs" forge "127.0.0.1:$(<"$work/a.port")" "$space" "$(json 'd.state' < "$work/b.up")/key" || fail "a changed event was taken"
after=$(a space list --json | json "d.spaces[0].rejected")
[ "$after" -gt "$before" ] || fail "the rejected event is not counted: $before, $after"
a sync status || true
ok "a changed event is rejected, counted and shown"
node "$root/docs/verify-log.mjs" <(a log export) > "$work/verified" || fail "$(cat "$work/verified")"
tail -1 "$work/verified"; ok "an exported log verifies with Node.js alone"

echo; echo "1 passed, 0 failed: the tour"
