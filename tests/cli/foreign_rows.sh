# Values of any kind in the rows of a store that others wrote: the right words or a clean refusal, UTF-8 where the format is UTF-8, and no crash.
# The store is of schema 2, which has no sums by which a row would be known for another than was written.
. "$SOURCE/tests/cli/lib.sh"
for tool in sqlite3 zcat iconv; do
    has $tool || { echo "SKIPPED: there is no $tool to make such a store and look at answers"; exit 77; }
done
zcat "$SOURCE/tests/data/store-2.gz" >whole.db

VALUES="NULL
'gar\"bage'
'[1,2]'
'[\"a\",null,{}]'
'{\"ENTRYTYPE\":7,\"volume\":[1],\"pages\":{}}'
CAST(x'41FF42' AS TEXT)
CAST(x'5B22FF225D' AS TEXT)
x'00FF00'
9223372036854775807
replace(hex(zeroblob(3000)), '0', '[')"

QUESTIONS='similar smp:0001 --format json
similar smp:0001 --format markdown
show reef-cloud-2024 --format json
export
export --format bibtex
export --format csv
export --graph --format graphml'

ask_all() { # what was changed
    echo "$QUESTIONS" >questions
    while read -r question; do
        # shellcheck disable=SC2086 # the words are arguments
        run "$RECOMMEND" --db case.db $question
        ran="$question, behind $1"
        grep -v '^recommend: ' err >strangers
        expect_empty strangers
        expect_not_in err 'out of memory'
        iconv -f UTF-8 -t UTF-8 out >/dev/null 2>&1 || fail 'UTF-8' "$(head -n 3 out)"
    done <questions
}

for column in paper.title paper.authors paper.categories paper.url paper.keywords paper.extra paper.date alias.alias; do
    table=${column%.*}
    it "$column of any kind"
    echo "$VALUES" >values
    while read -r value; do
        rm -f case.db*
        cp whole.db case.db
        # A value that the column may not have, or not twice, leaves the row as it was.
        sqlite3 case.db "UPDATE OR IGNORE $table SET ${column#*.} = $value WHERE doc IN
            (SELECT doc FROM alias WHERE alias = 'smp:0001' UNION SELECT doc FROM paper WHERE id = 'reef-cloud-2024')" 2>/dev/null || continue
        ask_all "$column = $value"
    done <values
done

it 'a state that names no model, or what is no model, is refused where a model is needed'
for name in "''" "x'00FF00'" "'../../model'" "'352B15F1EB36B7F8BD843359CBD0CCC7'" "hex(zeroblob(2000))" 7; do
    cp whole.db case.db
    sqlite3 case.db "UPDATE state SET fingerprint = $name"
    expect_rec 5 --db case.db similar smp:0001 --explain
    expect_in err "'recommend build --refit'"
    expect_rec 5 --db case.db digest --date 2025-03-14
    expect_in err "'recommend build --refit'"
    expect_rec 0 --db case.db build -q --refit
    expect_rec 0 --db case.db similar smp:0001 --explain
    expect_rec 0 --db case.db check
done
finish
