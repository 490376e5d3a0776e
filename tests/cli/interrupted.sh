# An import that is killed at any moment loses what it had not committed, and nothing else; running it again finishes it.
. "$SOURCE/tests/cli/lib.sh"

# Papers in an invented language, of 25 topics: the same for the same number, on every machine.
invent_papers() { # how many
    awk -v count="$1" "$INVENTED_LANGUAGE"'
        BEGIN {
            for (i = 1; i <= count; i++)
                printf "{\"id\":\"p-%05d\",\"title\":\"%s\",\"abstract\":\"%s.\",\"date\":\"20%02d\"}\n",
                    i, words(6, i % 25), words(40, i % 25), i % 24
        }'
}

answers() { # store, file for the answers
    for question in 'similar p-00001' 'similar p-00077' 'similar p-00200 --exact' 'search mipuyu'; do
        # shellcheck disable=SC2086 # the words are arguments
        must --db "$1" $question --format trec
        cat out
    done >"$2"
}

papers_in() { # store
    rec --db "$1" info --format json
    sed -n 's/.*"papers":\([0-9]*\).*/\1/p' out
}

# Whatever the moment was: the store is sound, or was not begun yet, and the same import finishes what it began.
expect_finished_by_another_import() { # store, papers
    if [ -s "$1" ]; then
        rec --db "$1" check
        grep -q "it is empty" err || expect_status 0
    fi
    expect_rec 0 --db "$1" import "$2"
    expect_rec 0 --db "$1" check
    answers "$1" answers.finished
    expect_same_bytes answers.whole answers.finished
    expect_equal 4 "$(find . -name "$1-[mivn]*" | wc -l | tr -d ' ')"
}

invent_papers 240 >papers.jsonl
must --db whole.db import -q papers.jsonl
answers whole.db answers.whole
expect_number "$(wc -l <answers.whole)" -ge 31

if ! has timeout; then
    skip 'interruptions: there is no timeout(1) to send signals with'
    finish
fi

for interruption in KILL:0.002 KILL:0.01 KILL:0.04 KILL:0.12 INT:0.06 TERM:0.06; do
    signal=${interruption%:*} moment=${interruption#*:}
    it "an import that gets SIG$signal after $moment seconds is finished by another"
    ran="recommend import, SIG$signal after $moment s"
    timeout -s "$signal" "$moment" "$RECOMMEND" --db cut.db import -q papers.jsonl >/dev/null 2>&1
    expect_finished_by_another_import cut.db papers.jsonl
    rm -f cut.db*
done

it 'what was answered before an interrupted import is answered after it'
head -n 120 papers.jsonl >half.jsonl
must --db half.db import -q half.jsonl
must --db half.db similar p-00001 --format trec
cp out before
for moment in 0.01 0.08; do
    ran="recommend import, SIGKILL after $moment s"
    timeout -s KILL "$moment" "$RECOMMEND" --db half.db import -q papers.jsonl >/dev/null 2>&1
    expect_rec 0 --db half.db check
    expect_rec 0 --db half.db similar p-00001 --format trec
    if ! cmp -s before out; then
        must --db half.db info --format json
        expect_in out '"indexed":240'
    fi
done
expect_finished_by_another_import half.db papers.jsonl

it 'records that were committed before the end came are kept'
invent_papers 1500 >many.jsonl
mkfifo pipe
# The pipe stays open behind the lines, so that the import waits for more; opened for both, it waits for nobody.
exec 9<>pipe
"$RECOMMEND" --db fed.db import --no-build -q pipe 9>&- >/dev/null 2>&1 &
importer=$!
head -n 1000 many.jsonl >&9
waited=0
until [ "$(papers_in fed.db)" = 1000 ] || [ $waited -eq 1200 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
expect_equal 1000 "$(papers_in fed.db)"
it 'a reader is answered while an import is at work, and a second writer waits'
expect_rec 0 --db fed.db show p-00999
for verb in 'import --no-build half.jsonl' build; do
    ran="recommend $verb, for 0.5 s"
    # shellcheck disable=SC2086 # the words are arguments
    timeout 0.5 "$RECOMMEND" --db fed.db $verb 2>err
    status=$?
    expect_equal 124 "$status"
done
tail -n +1001 many.jsonl >&9
sleep 0.3
kill -9 "$importer"
wait "$importer" 2>/dev/null
exec 9>&-
it 'after a kill the store holds the committed batch, and the same import brings the rest'
expect_rec 0 --db fed.db check
expect_equal 1000 "$(papers_in fed.db)"
expect_rec 0 --db fed.db import --no-build many.jsonl
expect_in err 'read 1500 records: 500 added, 0 updated, 1000 unchanged'

it 'two imports at the same time both succeed, one after the other'
tail -n +121 papers.jsonl >rest.jsonl
"$RECOMMEND" --db both.db import -q half.jsonl 2>err.first &
first=$!
rec --db both.db import -q rest.jsonl
expect_status 0
wait "$first"
status=$?
expect_status 0
expect_equal 240 "$(papers_in both.db)"
must --db both.db info --format json
expect_in out '"indexed":240'
expect_rec 0 --db both.db check

it 'the same file imported twice at the same time is imported once'
"$RECOMMEND" --db twice.db import papers.jsonl 2>err.first &
first=$!
rec --db twice.db import papers.jsonl
expect_status 0
cp err err.second
wait "$first"
status=$?
expect_status 0
expect_equal '240 added,0 added,' "$(sed -n 's/.* \([0-9]* added,\).*/\1/p' err.first err.second | sort -rn | tr -d '\n')"
answers twice.db answers.twice
expect_same_bytes answers.whole answers.twice

finish
