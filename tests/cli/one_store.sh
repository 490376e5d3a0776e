# A store is one store, whatever name it is opened by, and nothing else is written over it or let into it.
. "$SOURCE/tests/cli/lib.sh"

must --db papers.db import -q "$SAMPLE"
must --db papers.db export
cp out papers.jsonl

# Writes paper NAME to NAME.jsonl.
paper() {
    printf '{"id":"own:%s","title":"Limpets of the %s shore"}\n' "$1" "$1" >"$1.jsonl"
}

mode_of() {
    ls -l "$1" | cut -c 1-10
}

# Whether a process has opened a file: an import does so once it has the store.
has_open() { # process, file
    ls -l "/proc/$1/fd" 2>/dev/null | grep -q "/$2\$"
}

it 'a link to a store is the store: one lock, one log, one set of side files'
mkdir far
ln -s ../papers.db far/alias.db
expect_rec 0 --db far/alias.db check
expect_in out 'side files verified'
for question in 'smp:0001' 'similar --title reefs' 'search coral'; do
    # shellcheck disable=SC2086 # the words are arguments
    must --db papers.db $question
    cp out wanted
    # shellcheck disable=SC2086
    must --db far/alias.db $question
    expect_same_bytes wanted out
done
paper north
expect_rec 0 --db far/alias.db import -q north.jsonl
expect_rec 0 --db papers.db own:north
expect_equal alias.db "$(ls far)"

it 'a writer waits for another that came by another name'
# The pipe stays open behind the lines, so that the import waits for more; opened for both, it waits for nobody.
mkfifo slow
exec 9<>slow
"$RECOMMEND" --db papers.db import -q --no-build slow 9>&- 2>/dev/null &
writer=$!
cat north.jsonl >&9
wait_until $writer has_open $writer slow
paper south
timeout 2 "$RECOMMEND" --db far/alias.db import -q --no-build south.jsonl 2>/dev/null
ran='an import by the other name' status=$?
expect_status 124
exec 9>&-
wait $writer
expect_rec 0 --db papers.db check
expect_rec 3 --db papers.db show own:south

it 'a link that ends nowhere is no store, and none is made where it points'
ln -s nowhere.db dangling.db
expect_rec 5 --db dangling.db import -q north.jsonl
expect_in err 'dangling.db'
[ ! -e nowhere.db ] || fail 'no nowhere.db' "$(ls)"

it 'names that mean something to SQLite are names of files'
mkdir named
for name in :memory: file:evil.db 'file:evil.db?mode=memory' :x; do
    (cd named && "$RECOMMEND" --db "$name" import -q ../north.jsonl) >out 2>err
    ran="import into $name" status=$?
    expect_status 0
    [ -f "named/$name" ] && [ ! -e named/evil.db ] || fail "a file named $name" "$(ls named)"
    (cd named && "$RECOMMEND" --db "$name" show own:north --format json) >out 2>err
    expect_in out 'own:north'
    (cd named && "$RECOMMEND" --db "$name" backup "$name.copy" && "$RECOMMEND" --db "$name.copy" check) >out 2>err
    ran="a backup of $name" status=$?
    expect_status 0
done

it 'no output is written over the store or a file that goes with it'
printf 'smp:0001\tsmp:0002\t1\n' >qrels
for output in papers.db far/alias.db ./papers.db papers.db-wal papers.db-lock papers.db-journal papers.db-index.1 papers.db-index.99 far/../papers.db-ngrams.7; do
    expect_rec 2 --db papers.db export -o "$output"
    expect_in err 'it is the store'
    expect_rec 2 --db far/alias.db export -o "$output"
done
expect_rec 2 --db papers.db pretrain -o papers.db-map.1
expect_rec 0 --db papers.db check
expect_rec 0 --db papers.db export -q -o papers.db-index.html
expect_rec 0 --db papers.db export -q -o far/papers.db-index.1

it "a user's own files beside an output are his own"
echo precious >list.jsonl.tmp
must --db papers.db export -q -o list.jsonl
expect_equal precious "$(cat list.jsonl.tmp)"
cp papers.db store.tmp
expect_rec 0 --db store.tmp export -q -o store
expect_rec 0 --db store.tmp show smp:0001

it 'a link in the place of the lock is not followed'
cp papers.db shared.db
echo important >victim
ln -s victim shared.db-lock
expect_rec 1 --db shared.db import -q --no-build south.jsonl
expect_in err 'shared.db-lock'
expect_equal important "$(cat victim)"
rm shared.db-lock
ln victim shared.db-lock
expect_rec 1 --db shared.db import -q --no-build south.jsonl
expect_equal important "$(cat victim)"
rm shared.db-lock
expect_rec 0 --db shared.db import -q --no-build south.jsonl

it 'a backup that is put in the place of a store does not take over the log which that one left'
must --db whole.db import -q --no-build "$SAMPLE"
must --db whole.db backup saved.db
for part in 1 2 3; do
    i=0
    while [ $i -lt 500 ]; do
        i=$((i + 1))
        printf '{"id":"own:%d.%d","title":"Tide table %d of harbour %d"}\n' $part $i $i $part
    done
done >many.jsonl
mkfifo slower
exec 9<>slower
"$RECOMMEND" --db whole.db import -q --no-build slower 9>&- 2>/dev/null &
writer=$!
wait_until $writer has_open $writer slower
cat many.jsonl >&9
wait_for_file whole.db-wal $writer
kill -9 $writer
wait $writer 2>/dev/null
exec 9>&-
[ -s whole.db-wal ] || fail 'a log that was left' "$(ls)"
cp whole.db-wal log
mv saved.db whole.db
for question in check 'show smp:0001' export 'import -q --no-build north.jsonl'; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 5 --db whole.db $question
    expect_in err "'whole.db-wal' is the log of another store"
done
expect_same_bytes log whole.db-wal
mv whole.db-wal elsewhere
expect_rec 0 --db whole.db check
expect_in out '72 papers'

it 'what others may not read of a store they may not read of what is made of it'
umask 022
cp papers.jsonl private.jsonl
(umask 077 && "$RECOMMEND" --db private.db import -q private.jsonl)
chmod 600 private.db
rm -f private.db-lock
must --db private.db build -q --refit
paper west
must --db private.db import -q west.jsonl
must --db private.db backup private-copy.db
for file in private.db*[0-9a-f] private-copy.db*; do
    expect_equal '-rw-------' "$(mode_of "$file")"
done
chmod 640 private.db
must --db private.db build -q --refit
expect_equal '-rw-r-----' "$(mode_of "$(side_file private.db index)")"

it 'an output keeps the permissions of the file that it replaces; a new one gets what the umask leaves'
: >kept.jsonl
chmod 600 kept.jsonl
must --db papers.db export -q -o kept.jsonl
expect_equal '-rw-------' "$(mode_of kept.jsonl)"
must --db papers.db export -q -o new.jsonl
expect_equal '-rw-r--r--' "$(mode_of new.jsonl)"

if has sqlite3; then
    it 'what the schema of a foreign file would run is not run'
    cp papers.db foreign.db
    sqlite3 foreign.db 'ALTER TABLE alias RENAME TO alias0;
        CREATE VIEW alias AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x AS alias, x AS doc, 0 AS sum FROM r'
    for question in 'show smp:0001' check export; do
        # shellcheck disable=SC2086 # the words are arguments
        run timeout 60 "$RECOMMEND" --db foreign.db $question
        [ $status -ne 124 ] || fail 'an end' "60 seconds of $question"
    done
    must --db papers.db digest --date 2025-03-14 --mark-sent one -q
    cp papers.db foreign2.db
    sqlite3 foreign2.db 'CREATE TRIGGER t AFTER INSERT ON paper BEGIN DELETE FROM sent; END'
    sqlite3 foreign2.db 'SELECT count(*) FROM sent' >before
    must --db foreign2.db import -q --no-build many.jsonl
    sqlite3 foreign2.db 'SELECT count(*) FROM sent' >after
    expect_same_bytes before after
    expect_number "$(cat before)" -gt 0
else
    skip 'views and triggers of a foreign store: there is no sqlite3 to make them with'
fi

finish
