# The formats that scripts read: what stands where, and that nothing of a record can break them.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

# Field of a JSON file by SQLite's path; an error where the file is no JSON.
json() { # file, path
    sqlite3 :memory: "SELECT json_extract(readfile('$1'), '$2')"
}

results() { # a key: its values in all results
    sqlite3 :memory: "SELECT group_concat(json_extract(value, '\$.$1'), ' ') FROM json_each(readfile('out'), '\$.results')"
}

keys() { # file, path of an object
    sqlite3 :memory: "SELECT group_concat(key, ' ') FROM (SELECT key FROM json_each(readfile('$1'), '$2') ORDER BY id)"
}

must import -q "$SAMPLE"

if has sqlite3; then
    it 'a JSON answer is one line of JSON with the fields of the interface, in order'
    expect_rec 0 similar 10.5555/OTH.2020.114 -k 3 --format json
    expect_equal 1 "$(wc -l <out)"
    expect_equal 'schema_version request id status k seed results dropped index' "$(keys out '$')"
    expect_equal 'title published indexed flags' "$(keys out '$.seed')"
    expect_equal 'rank id score band title authors published categories url also' "$(keys out '$.results[0]')"
    expect_equal 'seen duplicate filtered below_threshold' "$(keys out '$.dropped')"
    expect_equal 'fingerprint generation papers max_date' "$(keys out '$.index')"
    it 'the fields of a JSON answer say what they are to say'
    expect_equal 1 "$(json out '$.schema_version')"
    expect_equal 10.5555/OTH.2020.114 "$(json out '$.request')"
    expect_equal doi:10.5555/oth.2020.114 "$(json out '$.id')"
    expect_equal ok "$(json out '$.status')"
    expect_equal 3 "$(json out '$.k')"
    expect_equal 2020-11-03 "$(json out '$.seed.published')"
    expect_equal 1 "$(json out '$.seed.indexed')"
    expect_equal '1 2 3' "$(results rank)"
    results score | tr ' ' '\n' >scores
    expect_lines_like scores '^(0|1|0\.[0-9]+)$'
    sort -rn scores >falling
    expect_same_bytes falling scores
    results band | tr ' ' '\n' >bands
    expect_lines_like bands '^(strong|fair|weak|none)$'
    expect_equal '["Amélie Desrosiers-Ngata","Rahul Deshmane","Farah Al-Qubaisi","Leilani Kahananui"]' "$(json out '$.results[1].authors')"
    expect_equal https://doi.org/10.5555/jie.2025.0031 "$(json out '$.results[1].url')"
    expect_equal '["reef-symbiont-2025"]' "$(json out '$.results[1].also')"
    expect_equal 72 "$(json out '$.index.papers')"
    expect_equal 2025-03-14 "$(json out '$.index.max_date')"

    it 'jsonl is the same object'
    cp out answer.json
    expect_rec 0 similar 10.5555/OTH.2020.114 -k 3 --format jsonl
    expect_same_bytes answer.json out

    it 'an answer to a text or to words has no id and keeps the form'
    for question in 'similar --text answer.json' 'similar --title shade' 'search shade'; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 0 $question --format json
        expect_equal 'schema_version request id status k seed results dropped index' "$(keys out '$')"
        expect_equal null "$(sqlite3 :memory: "SELECT json_type(readfile('out'), '\$.id')")"
    done

    it 'a paper and the store in JSON'
    expect_rec 0 show smp:0001 --format json
    expect_equal doi:10.5555/oth.2020.114 "$(json out '$.id')"
    expect_equal '["smp:0001"]' "$(json out '$.also')"
    expect_equal 'Tomasi Vakalau' "$(json out '$.authors[0]')"
    expect_equal 1 "$(json out '$.indexed')"
    expect_rec 0 info --format json
    for key in papers indexed fingerprint generation; do
        expect_in out "\"$key\":"
    done
    expect_equal 72 "$(json out '$.indexed')"
    expect_equal 1.0 "$(json out '$.recall')"
    expect_equal "$(json answer.json '$.index.fingerprint')" "$(json out '$.fingerprint')"
    expect_equal "$(json answer.json '$.index.generation')" "$(json out '$.generation')"
else
    skip 'JSON: there is no sqlite3 to read it with'
fi

it 'a TREC run has six columns, ranks from 1 and scores of nine digits that fall strictly'
expect_rec 0 similar smp:0001 -k 50 --format trec
expect_lines_like out '^smp:0001 Q0 [^ ]+ [0-9]+ [01]\.[0-9]{9} recommend$'
cut -d ' ' -f 4 out >ranks
seq "$(wc -l <out)" >wanted
expect_same_bytes wanted ranks
cut -d ' ' -f 5 out >scores
sort -rnu scores >falling
expect_same_bytes falling scores

it 'scores of a TREC run fall strictly where papers are equally alike'
for i in 1 2 3 4 5; do
    echo '{"id":"echo-'$i'","title":"Echo '$i$i$i'","abstract":"'$i$i$i' Sound returns from the walls of a long cave."}'
done >echoes.jsonl
must --db echoes.db import -q echoes.jsonl
expect_rec 0 --db echoes.db similar echo-1 --versions keep --format trec
expect_equal 4 "$(wc -l <out)"
cut -d ' ' -f 5 out >scores
sort -rnu scores >falling
expect_same_bytes falling scores

it 'papers that have nothing in common with the question have scores from 0 on in a TREC run, and fall all the same'
cat >greek.jsonl <<'END'
{"id":"el-1","title":"Ηχώ στις σπηλιές του νησιού"}
{"id":"el-2","title":"Τιμές και νομίσματα στην αγορά"}
{"id":"el-3","title":"Ξηρασία στα ορεινά δάση"}
END
must --db greek.db import -q greek.jsonl
expect_rec 0 --db greek.db similar --title 'Sound in a cave' --format trec
expect_lines_like out '^[^ ]+ Q0 [^ ]+ [0-9]+ [01]\.[0-9]{9} recommend$'
cut -d ' ' -f 5 out >scores
sort -rnu scores >falling
expect_same_bytes falling scores

it 'white space of what was asked and of ids does not add columns to a TREC run'
echo '{"id":"key with spaces","title":"Echo of a cave","abstract":"Sound returns from a cave."}' >spaces.jsonl
must --db echoes.db import -q spaces.jsonl
expect_rec 0 --db echoes.db similar 'key with spaces' --format trec
expect_lines_like out '^key_with_spaces Q0 [^ ]+ [0-9]+ [01]\.[0-9]{9} recommend$'
expect_rec 0 --db echoes.db similar echo-1 --format trec
expect_in out ' key_with_spaces '
expect_rec 0 --db echoes.db similar --title "$(printf 'sound\nof \ta\rcave')" --format trec
expect_lines_like out '^[^ ]+ Q0 [^ ]+ [0-9]+ [01]\.[0-9]{9} recommend$'

it 'TSV has six columns whatever the record holds'
cat >tabs.jsonl <<'END'
{"id":"tab-1","title":"Tabs\tand\nlines \"of\" a title","abstract":"Sound returns from the walls of a long cave.","venue":"a\tb"}
{"id":"tab-2","abstract":"Sound returns from the walls of a long cave, they say."}
{"id":"tab-3","title":"A long cave and its walls"}
END
must --db echoes.db import -q tabs.jsonl
expect_rec 0 --db echoes.db similar echo-1 --versions keep --format tsv
expect_in out tab-1
expect_in out tab-2
expect_equal 6 "$(awk -F '\t' '{ print NF }' out | sort -u)"
seq "$(wc -l <out)" >wanted
cut -f 1 out >ranks
expect_same_bytes wanted ranks

it 'text has a line for the seed and a line for each paper'
expect_rec 0 similar smp:0001 -k 4
expect_equal 5 "$(wc -l <out)"
expect_in out 'doi:10.5555/oth.2020.114  Degree heating weeks overestimate bleaching on reefs with a history of warm summers'
tail -n +2 out >papers
expect_lines_like papers '^ +[1-4]  0\.[0-9]{3} (strong|fair|weak|none)  '

it 'every format lists the same papers in the same order'
rec similar eew-das-2023 -k 8 --format trec
listed out >order
rec similar eew-das-2023 -k 8 --format tsv
expect_equal "$(cat order)" "$(cut -f 2 out)"
rec similar eew-das-2023 -k 8
expect_equal "$(cat order)" "$(tail -n +2 out | awk '{ print $5 }')"
rec similar eew-das-2023 -k 8 --format json
expect_equal "$(cat order)" "$(grep -o '{"rank":[0-9]*,"id":"[^"]*"' out | cut -d '"' -f 6)"

it 'no escape codes are printed where output is no terminal, nor under NO_COLOR'
escape=$(printf '\033')
rec similar smp:0001
cp out plain
expect_not_in out "$escape"
rec import "$SAMPLE"
expect_not_in err "$escape"
export NO_COLOR=1
rec similar smp:0001
expect_same_bytes plain out
unset NO_COLOR

if has script; then
    in_terminal() { # command; its output, with the terminal's line ends taken off, in out
        ran="script -c '$*'"
        script -qec "$*" /dev/null </dev/null >typed 2>&1
        status=$?
        tr -d '\r' <typed >out
    }
    export TERM=xterm
    it 'a bar is drawn where standard error is a terminal, and cleared away'
    in_terminal "'$RECOMMEND' --db bar.db import '$SAMPLE'"
    expect_status 0
    expect_in out "${escape}[K"
    expect_in out 'importing'
    expect_equal 'recommend: indexed 72 papers' "$(tail -n 1 out | sed 's/.*K//' | cut -d ' ' -f 1-4)"
    it 'no bar is drawn when quiet, nor on a terminal that cannot clear a line'
    in_terminal "'$RECOMMEND' --db quiet.db import -q '$SAMPLE'"
    expect_status 0
    expect_empty out
    in_terminal "TERM=dumb '$RECOMMEND' --db dumb.db import '$SAMPLE'"
    expect_status 0
    expect_not_in out "$escape"
    it 'NO_COLOR takes the colours from an answer on a terminal'
    in_terminal "NO_COLOR=1 '$RECOMMEND' similar smp:0001"
    expect_status 0
    expect_same_bytes plain out
else
    skip 'terminals: there is no script(1) to make one'
fi

it 'the address of a result is its own, else that of its id, else none'
cat >addresses.jsonl <<'END_OF_PAPERS'
{"id":"10.5555/own","title":"Herons of the delta","url":"https://example.org/herons"}
{"id":"10.5555/none","title":"Herons of the pond"}
{"id":"local","title":"Herons of the roof"}
{"id":"asked","title":"Herons of the reeds"}
END_OF_PAPERS
must --db addresses.db import -q addresses.jsonl
expect_rec 0 --db addresses.db similar asked --format json
tr '{' '\n' <out >pieces
expect_equal '"url":"https://example.org/herons"' "$(grep doi:10.5555/own pieces | grep -o '"url":[^,]*')"
expect_equal '"url":"https://doi.org/10.5555/none"' "$(grep doi:10.5555/none pieces | grep -o '"url":[^,]*')"
expect_equal '"url":null' "$(grep '"local"' pieces | grep -o '"url":[^,]*')"

it 'each other id of a paper has its place in an export'
printf '%s\n' '{"id":"2401.00001","doi":"10.5555/herons","pmid":"12345","title":"Herons of the delta"}' '{"id":"local","title":"Storks"}' >ids.jsonl
must --db ids.db import -q --no-build ids.jsonl
expect_rec 0 --db ids.db export --format csv
expect_in out 'arXiv:2401.00001,2401.00001,10.5555/herons,12345,Herons of the delta'
expect_in out 'local,,,,Storks'
expect_rec 0 --db ids.db export --format bibtex
expect_in out 'eprint = {2401.00001}'
expect_in out 'doi = {10.5555/herons}'

finish
