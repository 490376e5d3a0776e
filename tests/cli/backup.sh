# A backup is a store of its own, of one moment, whatever others write meanwhile.
. "$SOURCE/tests/cli/lib.sh"

must --db papers.db import -q "$SAMPLE"
must --db papers.db digest --date 2025-03-14 --mark-sent one -q
sed 's/.*"id":"\([^"]*\)".*/\1/; /^#/d' "$SAMPLE" | head -n 20 >ids

it 'a backup answers at once, with the bytes of the store it was taken from'
expect_rec 0 --db papers.db backup copy.db
expect_in err "copied 72 papers to 'copy.db'"
expect_not_in err 'build'
expect_rec 0 --db copy.db check
expect_in out 'ok: 72 papers, side files verified'
for question in 'batch ids' 'similar --title coral' 'info --format json' 'search coral' 'digest --date 2025-03-14 --not-sent-within ever'; do
    # shellcheck disable=SC2086 # the words are arguments
    rec --db papers.db $question
    cp out wanted
    # shellcheck disable=SC2086
    rec --db copy.db $question
    sed 's/copy\.db/papers.db/g' out >came
    sed 's/copy\.db/papers.db/g' wanted >wanted.named
    expect_same_bytes wanted.named came
done

it 'a backup is one file with a plain journal, and has no other side files than the store'
expect_equal '1 1' "$(od -An -t u1 -j 18 -N 2 copy.db | tr -s ' ' | sed 's/^ //')"
find . -name 'papers.db-[a-km-z]*' | sed 's/papers/copy/' | sort >wanted
find . -name 'copy.db-*' | sort >came
expect_same_bytes wanted came

it 'a backup can be written to, and the store does not feel it'
expect_rec 0 --db copy.db remove smp:0001
expect_rec 0 --db papers.db show smp:0001

it 'a backup replaces nothing'
cp copy.db before
expect_rec 2 --db papers.db backup copy.db
expect_in err "'copy.db': it is there already"
expect_same_bytes before copy.db
expect_rec 2 --db papers.db backup papers.db
: >left.db-wal
expect_rec 2 --db papers.db backup left.db
expect_in err "'left.db-wal': it is there already"

it 'what cannot be copied leaves nothing behind'
expect_rec 1 --db papers.db backup nowhere/copy.db
expect_rec 5 --db nowhere.db backup new.db
expect_rec 2 --db papers.db backup ''
expect_rec 2 --db papers.db backup
expect_rec 2 --db papers.db backup one two
expect_equal '' "$(find . -name 'new.db*' -o -name '*.tmp')"

it 'a store without an index is copied, and the words say what it lacks'
must --db bare.db import --no-build -q "$SAMPLE"
expect_rec 0 --db bare.db backup bare-copy.db
expect_in err "'recommend build' makes one"
expect_rec 0 --db bare-copy.db build -q
rm -f "$(side_file papers.db index)"
expect_rec 0 --db papers.db backup part.db
expect_in err "'recommend build' makes one"
expect_rec 0 --db part.db build -q
expect_rec 0 --db part.db check
must --db papers.db build -q

it 'backups while an import is at work hold whole batches, one after the other'
awk -v count=4000 "$INVENTED_LANGUAGE"'
    BEGIN { for (i = 1; i <= count; i++) printf "{\"id\":\"p-%05d\",\"title\":\"%s\",\"abstract\":\"%s\"}\n", i, words(6, i % 25), words(40, i % 25) }' >many.jsonl
mkfifo pipe
exec 9<>pipe
"$RECOMMEND" --db fed.db import --no-build -q pipe 9>&- 2>err.import &
importer=$!
for batch in 1 2 3 4; do
    sed -n "$((batch * 1000 - 999)),$((batch * 1000))p" many.jsonl >&9
    waited=0
    until "$RECOMMEND" --db fed.db info --format json 2>err.info | grep -q "\"papers\":$((batch * 1000))," || [ $waited -eq 200 ]; do
        sleep 0.1
        waited=$((waited + 1))
    done
    expect_rec 0 --db fed.db backup "fed-$batch.db"
    expect_in err "copied $((batch * 1000)) papers"
    expect_rec 0 --db "fed-$batch.db" check
    expect_rec 0 --db "fed-$batch.db" show p-00001
done
kill "$importer"
wait "$importer" 2>/dev/null
exec 9>&-

it 'backups while builds come and go have the side files of their moment'
("$RECOMMEND" --db papers.db build --refit -q && "$RECOMMEND" --db papers.db build --refit -q && "$RECOMMEND" --db papers.db build --refit -q) \
    2>err.build &
builder=$!
for copy in 1 2 3 4 5 6 7 8; do
    expect_rec 0 --db papers.db backup "moment-$copy.db"
    expect_not_in err "'recommend build'"
    expect_rec 0 --db "moment-$copy.db" check
done
wait "$builder"
status=$?
ran='recommend build --refit, three times'
cp err.build err
expect_status 0

finish
