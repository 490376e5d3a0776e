# Clicks and saves come in from files and are counted against what was sent.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

must import -q "$SAMPLE"

it 'feedback comes as columns or as JSON, in any spelling of ids, and the same line twice is one'
printf '# seed, paper, action, day, edition\nreef-larvae-2021\treef-biofilm-2023\tclick\t2025-01-02\te1\n' >f.tsv
cat >f.jsonl <<EOF
{"seed":"https://doi.org/10.5555/ATRB.2021.0618","paper":"reef-biofilm-2023","action":"save","day":"2025-01-03"}
{"seed":"reef-larvae-2021","paper":"reef-diadema-2022","action":"hide","day":"2025-01-03","edition":null}
EOF
expect_rec 0 feedback f.tsv f.jsonl
expect_in err 'read 3 lines: 3 added, 0 known already, 0 refused'
expect_rec 0 feedback f.jsonl f.tsv
expect_in err 'read 3 lines: 0 added, 3 known already, 0 refused'

it 'bad lines are told by file, line and field, the others kept, and the status says so'
cat >bad.jsonl <<'EOF'
{"seed":"a","paper":"b","action":"click","day":"2025-01-02"}
{"seed":"a","paper":"b","action":"like","day":"2025-01-02"}
{"seed":"a","paper":"b","action":"click","day":"2025-02-30"}
{"seed":"a","paper":"b","action":"click","day":"2025-02"}
{"paper":"b","action":"click","day":"2025-01-02"}
{"seed":"","paper":"b","action":"click","day":"2025-01-02"}
{"seed":"a","paper":["b"],"action":"click","day":"2025-01-02"}
{"seed":"a","paper":"b","action":"click","day":"2025-01-02","edition":"a\nb"}
["seed"]
{"seed":"a"
{"seed":"a","paper":"b","action":"click","day":"2025-01-02","edition":"a\u009b2J"}
{"seed":"a","paper":"b","action":"click","day":"2025-01-02","edition":"a\u202eb"}
{"seed":"a","paper":"c","action":"click","day":"2025-01-02"}
EOF
expect_rec 6 feedback bad.jsonl
expect_in err "bad.jsonl:2: field 'action': 'like' is not click, save or hide"
expect_in err "bad.jsonl:3: field 'day': '2025-02-30' is not a date"
expect_in err "bad.jsonl:4: field 'day': '2025-02' is not one day"
expect_in err "bad.jsonl:5: field 'seed': missing"
expect_in err "bad.jsonl:6: field 'seed': missing"
expect_in err "bad.jsonl:7: field 'paper': expected a string"
expect_in err "bad.jsonl:8: field 'edition': "
expect_in err 'bad.jsonl:9: expected a JSON object'
expect_in err 'bad.jsonl:10: not a JSON object'
expect_in err "bad.jsonl:11: field 'edition': "
expect_in err "bad.jsonl:12: field 'edition': "
expect_in err 'read 13 lines: 2 added, 0 known already, 11 refused'
expect_in err '2 of them are about papers that are not stored'
printf 'a\tb\tclick\na\tb\tclick\t2025-01-02\te\tmore\na\tb\tclick\t2025-01-09\t\n' >bad.tsv
expect_rec 6 feedback bad.tsv
expect_in err 'bad.tsv:1: 3 columns: seed, paper, action and day are needed'
expect_in err 'bad.tsv:2: more than 5 columns'
expect_in err '1 added'
printf 'a\tb\tclick\t2025-01-02\n\033[2J\n' >strict.tsv
expect_rec 6 feedback --strict bad.tsv
expect_in err 'stopped at the first bad line'
it 'a line with a NUL, or longer than any may be, is bad like another, and the next is read'
{
    printf 'a\tb\tclick\t2025-01-10\na\tc\0\tclick\t2025-01-10\n'
    head -c 17000000 /dev/zero | tr '\0' x
    printf '\na\td\tclick\t2025-01-10\n'
} >odd.tsv
cp papers.db odd.db
expect_rec 6 --db odd.db feedback odd.tsv
expect_in err 'odd.tsv:2: the line holds a NUL'
expect_in err 'odd.tsv:3: the line is longer than'
expect_in err 'read 4 lines: 2 added, 0 known already, 2 refused'
if has gzip; then
    it 'a compressed file that is cut off is told, and the lines before are not taken for all of it'
    for line in 1 2 3 4 5 6 7 8 9; do
        printf 'a\t%s\tsave\t2025-01-1%s\n' $line $line
    done | gzip -c | head -c 40 >cut.tsv
    expect_rec 1 --db odd.db feedback cut.tsv
    expect_in err "cannot read 'cut.tsv': its compressed data is cut off"
fi
expect_rec 1 feedback nowhere.tsv
expect_rec 2 feedback
expect_rec 5 --db nowhere.db feedback f.tsv

it 'nothing was sent yet: every line is about nothing'
expect_rec 0 eval --feedback
expect_in out '6 lines of feedback about nothing that was sent'
expect_rec 2 eval --feedback --qrels f.tsv
expect_rec 0 check

if has sqlite3; then
    it 'suggestions are counted by rank, band and edition'
    sqlite3 papers.db "INSERT INTO sent(edition, seed, paper, day, rank, band, title_key) VALUES
        ('e1', 'doi:10.5555/atrb.2021.0618', 'reef-biofilm-2023', 20250101, 1, 3, 0),
        ('e1', 'doi:10.5555/atrb.2021.0618', 'reef-diadema-2022', 20250101, 2, 0, 0),
        ('e1', 'doi:10.5555/atrb.2021.0618', 'doi:10.5555/atrb.2021.0618', 20250101, 0, 0, 0),
        ('e2', 'doi:10.5555/atrb.2021.0618', 'reef-biofilm-2023', 20250103, 1, 3, 0),
        ('e3', 'doi:10.5555/atrb.2021.0618', 'reef-biofilm-2023', 20250104, 1, 3, 0)"
    expect_rec 0 eval --feedback
    # A click that names e1; a save without an edition: the last that was sent by its day.
    expect_in out 'all                            4        1  0.2500  [0.0456, 0.6994]       1       1'
    expect_in out 'rank 1                         3        1  0.3333'
    expect_in out 'rank 2                         1        0  0.0000'
    expect_in out 'band strong                    3        1'
    expect_in out 'band none                      1        0'
    expect_in out 'edition e1                     2        1  0.5000  [0.0945, 0.9055]       0       1'
    expect_in out 'edition e2                     1        0  0.0000  [0.0000, 0.7935]       1       0'
    expect_in out 'edition e3                     1        0  0.0000  [0.0000, 0.7935]       0       0'
    expect_in out '3 lines of feedback about nothing that was sent'
    it 'a name that an older program let in is shown without what would steer a terminal'
    sqlite3 papers.db "UPDATE sent SET edition = 'e' || char(0x9B, 0x202E, 27) || '2' WHERE edition = 'e2'"
    expect_rec 0 eval --feedback
    expect_in out 'edition e??????2               1        0  0.0000  [0.0000, 0.7935]       1       0'
    sqlite3 papers.db "UPDATE sent SET edition = 'e2' WHERE edition LIKE 'e_%2'"
    it 'check tells of rows that were put there by another hand'
    expect_rec 5 check
    expect_in err 'a row of the ledger is not what was stored: doi:10.5555/atrb.2021.0618 for doi:10.5555/atrb.2021.0618 in edition e1'
    it 'feedback finds its suggestion although the paper was removed'
    expect_rec 0 remove --no-build reef-biofilm-2023
    expect_rec 0 eval --feedback --format json
    expect_equal 1 "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.by_rank[0].clicked')")"
    expect_equal 3 "$(sqlite3 :memory: "SELECT json_extract(readfile('out'), '\$.unmatched')")"
    it 'check finds rows that cannot be'
    sqlite3 papers.db "UPDATE sent SET day = 5 WHERE edition = 'e3'"
    expect_rec 5 check
    expect_in err 'the ledger has a bad row in edition: e3'
fi

finish
