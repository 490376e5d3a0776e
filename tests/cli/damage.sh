# Damaged files: stored neighbours still answer, what needs the file refuses it and names the way out, and build mends it.
. "$SOURCE/tests/cli/lib.sh"

# Turns every bit of one byte.
flip() { # file, offset
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    # shellcheck disable=SC2059 # the format is the byte
    printf "\\$(printf %03o $((255 - byte)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

size_of() {
    wc -c <"$1" | tr -d ' '
}

# Questions that between them use every file, in formats that do not tell of the store's generation.
answers() { # store, file for the answers
    for question in 'similar smp:0001' 'similar eew-das-2023 --exact' 'similar --text text.txt'; do
        # shellcheck disable=SC2086 # the words are arguments
        rec --db "$1" $question --format trec
        cat out
    done >"$2"
}

fresh() {
    rm -rf case
    cp -R whole case
}

echo 'Corals bleach when summers are warm, and clouds delay it.' >text.txt
mkdir whole other sponges
must --db whole/papers.db import -q "$SAMPLE"
head -n 40 "$SAMPLE" >some.jsonl
must --db other/papers.db import -q some.jsonl
answers whole/papers.db answers.whole
expect_number "$(wc -l <answers.whole)" -ge 27
must --db whole/papers.db similar smp:0001 --format json
cp out list.whole

# What holds however a side file is damaged.
expect_refused() {
    expect_rec 0 --db case/papers.db similar smp:0001 --format json
    expect_same_bytes list.whole out
    expect_rec 0 --db case/papers.db show smp:0001
    expect_rec 0 --db case/papers.db search reef
    expect_rec 5 --db case/papers.db check
    expect_in err "'case/papers.db-$kind."
    expect_in err "run 'recommend build'"
    expect_rec 5 --db case/papers.db similar --text text.txt
    expect_in err "'case/papers.db-$kind."
    expect_in err "run 'recommend build'"
    expect_rec 5 --db case/papers.db similar smp:0001 --exact
    expect_in err "run 'recommend build'"
}

expect_mended() {
    expect_rec 0 --db case/papers.db build
    expect_rec 0 --db case/papers.db check
    answers case/papers.db answers.mended
    expect_same_bytes answers.whole answers.mended
    expect_equal 4 "$(find case -name 'papers.db-[mivn]*' | wc -l | tr -d ' ')"
    expect_rec 0 --db case/papers.db build
    expect_in err 'everything is indexed'
}

for kind in model index ngrams; do
    it "a missing file of kind '$kind' is refused and made again"
    fresh
    rm "$(side_file case/papers.db $kind)"
    expect_refused
    expect_mended

    it "an empty file of kind '$kind' is refused and made again"
    fresh
    : >"$(side_file case/papers.db $kind)"
    expect_refused
    expect_mended

    it "a folder in the place of the file of kind '$kind' is refused, and makes way"
    fresh
    file=$(side_file case/papers.db $kind)
    rm "$file"
    mkdir "$file"
    expect_refused
    expect_mended

    it "another store's file of kind '$kind' is refused and made again"
    fresh
    cp "$(side_file other/papers.db $kind)" "$(side_file case/papers.db $kind)"
    expect_refused
    expect_mended

    it "a file of another kind in the place of the one of kind '$kind' is refused and made again"
    fresh
    for stranger in model index; do
        [ $stranger = $kind ] || cp "$(side_file whole/papers.db $stranger)" "$(side_file case/papers.db $kind)"
    done
    expect_refused
    expect_mended

    it "a file of kind '$kind' that is cut anywhere is refused"
    fresh
    file=$(side_file case/papers.db $kind)
    size=$(size_of "$file")
    for length in 1 127 128 $((size / 2)) $((size - 1)); do
        head -c "$length" "$(side_file whole/papers.db $kind)" >"$file"
        expect_rec 5 --db case/papers.db check
        expect_rec 0 --db case/papers.db similar smp:0001
    done
    expect_refused
    it "a file of kind '$kind' that has grown is refused"
    { cat "$(side_file whole/papers.db $kind)" && echo; } >"$file"
    expect_refused
    expect_mended

    it "one altered byte of a file of kind '$kind' is noticed wherever it is"
    for offset in 0 9 16 24 39 41 64 100 127 128 $((size / 3)) $((size / 2)) $((size - 1)); do
        fresh
        flip "$(side_file case/papers.db $kind)" "$offset"
        expect_rec 5 --db case/papers.db check
        expect_in err "run 'recommend build'"
        expect_rec 0 --db case/papers.db similar smp:0001 --format json
        expect_same_bytes list.whole out
    done
    expect_refused
    expect_mended

    it "a question that meets an altered block of a file of kind '$kind' is refused, and one that does not is answered right"
    fresh
    file=$(side_file case/papers.db $kind)
    size=$(size_of "$file")
    met=0
    for part in 1 2 3 4 5 6 7 8 9 10 11; do
        cp "$(side_file whole/papers.db $kind)" "$file"
        flip "$file" $((size * part / 12))
        expect_rec 5 --db case/papers.db check
        for question in 'similar eew-das-2023 --exact' 'similar --text text.txt'; do
            # shellcheck disable=SC2086 # the words are arguments
            rec --db case/papers.db $question --format trec
            if [ "$status" = 0 ]; then
                cp out answer.case
                # shellcheck disable=SC2086 # the words are arguments
                must --db whole/papers.db $question --format trec
                expect_same_bytes out answer.case
            else
                expect_equal 5 "$status"
                expect_in err "'case/papers.db-$kind."
                expect_in err "run 'recommend build'"
                expect_equal '' "$(cat out)"
                met=$((met + 1))
            fi
        done
    done
    expect_number "$met" -ge 1
    expect_mended
done

it 'import mends what is damaged as well'
fresh
rm "$(side_file case/papers.db index)"
expect_rec 0 --db case/papers.db import "$SAMPLE"
answers case/papers.db answers.mended
expect_same_bytes answers.whole answers.mended

it 'a store file that is cut, altered at its head or no store is refused with exit status 5, and stays as it is'
size=$(size_of whole/papers.db)
fresh
for length in 50 100 4096 20000 $((size / 2)) $((size - 4096)); do
    head -c "$length" whole/papers.db >case/papers.db
    cp case/papers.db before.db
    for verb in 'similar smp:0001' check build "import $SAMPLE"; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 5 --db case/papers.db $verb
        expect_in err "'case/papers.db'"
        expect_same_bytes before.db case/papers.db
    done
done
for offset in 0 5 15; do
    fresh
    flip case/papers.db $offset
    cp case/papers.db before.db
    expect_rec 5 --db case/papers.db similar smp:0001
    expect_in err "cannot open store 'case/papers.db': file is not a database"
    expect_rec 5 --db case/papers.db import "$SAMPLE"
    expect_same_bytes before.db case/papers.db
done

it 'check finds a page of the store that was overwritten'
for page in 2 9 20 40 $((size / 4096 - 1)); do
    fresh
    tr '\0' 'Z' </dev/zero | dd of=case/papers.db bs=4096 seek="$page" count=1 conv=notrunc iflag=fullblock 2>/dev/null
    cp case/papers.db before.db
    expect_rec 5 --db case/papers.db check
    expect_same_bytes before.db case/papers.db
done

it 'check finds neighbour lists and ids of papers that are gone'
if has sqlite3; then
    fresh
    sqlite3 case/papers.db 'DELETE FROM paper WHERE doc = 3'
    expect_rec 5 --db case/papers.db check
    fresh
    sqlite3 case/papers.db "UPDATE list SET near = substr(near, 1, 13) WHERE doc = 3"
    expect_rec 5 --db case/papers.db check
    expect_rec 5 --db case/papers.db similar smp:0001
    expect_in err 'neighbour list'
    it 'check finds what is not as papers and builds have it'
    for change in "UPDATE list SET near = substr(near, 9, 8) || substr(near, 1, 8) || substr(near, 17) WHERE doc = 3" \
        "UPDATE list SET near = substr(near, 1, 8) || near WHERE doc = 3" \
        "UPDATE work_key SET key = key + 1 WHERE key = (SELECT min(key) FROM work_key)" \
        "DELETE FROM work_key WHERE key = (SELECT max(key) FROM work_key)" \
        "UPDATE paper SET date_first = date_first + 1 WHERE doc = 3" "UPDATE paper SET date = '2024-02-31' WHERE doc = 3" \
        "UPDATE paper SET id = 'DOI:10.1000/X' WHERE doc = 3" "UPDATE paper SET flags = 9 WHERE doc = 3" \
        "UPDATE paper SET upvotes = 'many' WHERE doc = 3" "UPDATE paper SET authors = '[' WHERE doc = 3" "DELETE FROM state"; do
        fresh
        sqlite3 case/papers.db "$change"
        ran="check, behind $change"
        expect_rec 5 --db case/papers.db check
        expect_lines_like err "'recommend (export --salvage|build|build --refit)'|state"
    done
    it 'check finds a row that is not what was stored, and says which'
    fresh
    printf 'reef-cloud-2024\treef-larvae-2021\tclick\t2025-03-15\n' >clicks.tsv
    must --db case/papers.db feedback clicks.tsv
    must --db case/papers.db digest --date 2025-03-14 --trending 1 --mark-sent spring
    expect_rec 0 --db case/papers.db check
    cp case/papers.db before.db
    expect_found() { # what is changed, and how; what check says
        cp before.db case/papers.db
        sqlite3 case/papers.db "UPDATE $1"
        ran="check, behind $1"
        expect_rec 5 --db case/papers.db check
        expect_in err "$2"
        expect_lines_like err "'recommend (export --salvage|build --refit)'"
    }
    for column in "authors = replace(authors, 'Leilani', 'Meilani')" "venue = 'Elsewhere'" "url = 'https://example.org/'" \
        "keywords = '[\"nothing\"]'" "extra = '{\"colour\":\"green\"}'" "upvotes = 7"; do
        expect_found "paper SET $column WHERE id = 'reef-cloud-2024'" 'a paper is not what was stored: reef-cloud-2024'
    done
    expect_found "alias SET doc = 2 WHERE alias = 'reef-larvae-2021'" 'another id of a paper is not what was stored: reef-larvae-2021'
    expect_found "sent SET band = 3 - band WHERE rank = 1" 'in edition spring'
    expect_found "feedback SET action = 'hide'" 'a row of feedback is not what was stored: hide of reef-larvae-2021 for reef-cloud-2024'
    expect_found "state SET score_middle = score_middle + 0.001" 'what it says of itself is not what was stored'
    it 'a band that there is not, in the ledger, is refused'
    for band in -1 4 9999 9223372036854775807 -9223372036854775808; do
        expect_found "sent SET band = $band WHERE rank = 1" 'edition'
        for format in text json; do
            expect_rec 5 --db case/papers.db eval --feedback --format $format
            expect_in err 'a band that there is not'
        done
    done
    it 'a paper that is not what was stored is neither exported nor shown, and importing it again mends it'
    for format in jsonl bibtex csv; do
        expect_found "paper SET authors = replace(authors, 'Leilani', 'Meilani') WHERE id = 'reef-cloud-2024'" 'a paper is not what was stored: reef-cloud-2024'
        expect_rec 5 --db case/papers.db export --format $format -o papers.out
        expect_in err "paper 'reef-cloud-2024' is not what was stored; 'recommend export --salvage' saves what can be read"
        [ ! -e papers.out ] || fail 'no file' 'one'
    done
    expect_rec 5 --db case/papers.db show reef-cloud-2024
    expect_rec 0 --db case/papers.db show smp:0001
    must --db case/papers.db import -q "$SAMPLE"
    expect_rec 0 --db case/papers.db check
    expect_rec 0 --db case/papers.db show reef-cloud-2024
    expect_in out Leilani
    it 'a list that is not what was stored is found, answers nothing, and is made again'
    expect_found "list SET reach = reach - 0.001 WHERE doc = (SELECT doc FROM alias WHERE alias = 'smp:0001')" 'the neighbour list of paper 3 is not what was stored'
    expect_rec 5 --db case/papers.db similar smp:0001
    expect_in err "run 'recommend build --refit'"
    expect_rec 0 --db case/papers.db build --refit
    expect_rec 0 --db case/papers.db check
    expect_rec 0 --db case/papers.db similar smp:0001
    it 'a database of somebody else is refused and stays as it is'
    sqlite3 case/theirs.db 'CREATE TABLE song(title); INSERT INTO song VALUES (1)'
    cp case/theirs.db before.db
    for verb in 'similar smp:0001' check build "import $SAMPLE"; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 5 --db case/theirs.db $verb
        expect_in err "not one of recommend's"
        expect_same_bytes before.db case/theirs.db
    done
    it 'a store of a newer release is refused, and says so'
    fresh
    sqlite3 case/papers.db 'PRAGMA user_version = 99'
    expect_rec 5 --db case/papers.db similar smp:0001
    expect_in err 'schema version 99'
else
    skip 'faults inside the store: there is no sqlite3 to make them with'
fi

it "the n-grams of another store with as many papers are refused and made again"
kind=ngrams
sed 's/coral/sponge/g' "$SAMPLE" >sponges.jsonl
must --db sponges/papers.db import -q sponges.jsonl
fresh
cp "$(side_file sponges/papers.db ngrams)" "$(side_file case/papers.db ngrams)"
expect_refused
expect_mended

it 'a map that is missing or altered stops no answer, is told by a check, and is made again'
for how in rm flip_middle; do
    fresh
    file=$(side_file case/papers.db map)
    flip_middle() { flip "$1" $(($(size_of "$1") / 2)); }
    $how "$file"
    answers case/papers.db answers.case
    expect_same_bytes answers.whole answers.case
    expect_rec 5 --db case/papers.db check
    expect_in err "'case/papers.db-map."
    expect_in err "run 'recommend build'"
    expect_mended
    expect_same_bytes "$(side_file whole/papers.db map)" "$file"
done

finish
