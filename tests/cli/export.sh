# Papers out of a store, and back into another: JSON Lines lose nothing, BibTeX and CSV what they have no place for.
. "$SOURCE/tests/cli/lib.sh"
DATA=$SOURCE/tests/data

# Exports a store, imports that into a new one, exports again: both must be the same bytes.
expect_same_store() { # store
    rm -f again.db*
    must --db "$1" export -o first.jsonl
    must --db again.db import --no-build first.jsonl
    must --db again.db export -o second.jsonl
    expect_same_bytes first.jsonl second.jsonl
}

# What `batch` answers for every paper, without the number of commits, which is each store's own.
answers_of() { # store, file of ids
    must --db "$1" batch "$2"
    sed 's/"generation":[0-9]*/"generation":0/' out
}

must --db sample.db import -q "$SAMPLE"

it 'an export holds every paper, one a line, and says how many'
expect_rec 0 --db sample.db export
expect_in err 'exported 72 papers'
expect_equal 72 "$(wc -l <out)"
expect_lines_like out '^\{"schema_version":1,"id":"[^"]+","also":\[.*\],.*\}$'

it 'importing an export gives the same store'
expect_same_store sample.db
cp first.jsonl sample.jsonl

it 'the two stores answer alike for every paper, byte for byte'
sed 's/.*"id":"\([^"]*\)","also".*/\1/' first.jsonl >ids
expect_equal 72 "$(sort -u ids | wc -l)"
must --db again.db build -q
must --db sample.db build -q --refit
answers_of sample.db ids >before
answers_of again.db ids >after
expect_same_bytes before after

it 'importing an export into its own store changes nothing'
must --db sample.db import first.jsonl
expect_in err 'read 72 records: 0 added, 0 updated, 72 unchanged'

it 'papers of every format survive export and import'
for file in "$DATA"/*.json "$DATA"/*.jsonl "$DATA"/*.xml "$DATA"/*.bib "$DATA"/*.ris "$DATA"/*.csv "$DATA"/*.tsv; do
    rm -f one.db*
    rec --db one.db import --no-build -q "$file"
    rec --db all.db import --no-build -q "$file"
    must --db one.db info --format json
    expect_not_in out '"papers":0,'
    expect_same_store one.db
done
expect_same_store all.db

it 'fields that look like ours, marks, originals and many ids survive export and import'
cat >odd.jsonl <<'END'
{"id":"o1","title":"Fields within fields","extra":{"date":"no date","extra":{"extra":1},"schema_version":9},"published":"2020","date":"2019"}
{"id":"https://openalex.org/W42","title":"An address that names a service"}
{"id":"o3","title":"RETRACTED: a title that looks like a mark","retracted":false}
{"id":"o4","title":"Marked","withdrawn":"by its authors, who say why"}
{"id":"o5","title":"Schr\\\"odinger's $\\alpha$ {\\em cat}","abstract":"costs $5 or $10, H$_2$O \\unknown{x}","upvotes":3,"score":0.1}
{"id":"o6","title":"","abstract":"An empty title"}
{"id":"o7","abstract":"No title at all","venue":"","keywords":[],"url":"ftp://example.org/x"}
{"id":"2401.01234v3","title":"Versions","updated":"2024-02-03","comments":"withdrawn? no","versions":[],"arxiv_id":17}
{"id":"o9","title":"Names","authors":["Committee on Seas, Lakes and Rivers","Doe, Jane (Cork)","A. Smith, B. Jones","Jan de Vries Jr."]}
{"id":"o10","title":"Many ids","also":["x1","x2","x3","x4","x5","x6"]}
{"id":"o10","title":"Many ids","also":["x7","x8","x9","x10","x11","x12"]}
{"id":"o10","title":"Many ids","also":["x13","x14","x15","x16","x17","10.1000/Odd(1)"]}
{"id":"o11","title":"Numbers","a":1e300,"b":-0.1,"c":12345678901234567,"d":[null,true,{}]}
END
must --db odd.db import --no-build -q odd.jsonl
expect_same_store odd.db
must --db again.db show x17 --format json
expect_in out '"id":"doi:10.1000/odd(1)"'
must --db again.db show o1 --format json
expect_in out '"extra":{"extra":{"date":"no date","extra":{"extra":1},"schema_version":9},"published":"2020"}'
must --db again.db show o3 --format json
expect_in out '"flags":[]'
must --db again.db show o9 --format json
expect_in out '"Committee on Seas, Lakes and Rivers"'

it 'an export of a newer release is refused, record by record'
sed 's/"schema_version":1/"schema_version":2/' first.jsonl >newer.jsonl
expect_rec 6 --db newer.db import --no-build newer.jsonl
expect_in err "field 'schema_version': 2, this program knows up to 1"

it 'papers are chosen by id, date and category'
expect_rec 0 --db sample.db export -q smp:0034 smp:0001 smp:0034
expect_equal 2 "$(wc -l <out)"
expect_empty err
expect_rec 3 --db sample.db export smp:0001 nobody
expect_in err "no paper 'nobody'"
expect_rec 0 --db sample.db export -q --since 2025-03-14 --until 2025-03-14
cp out day
expect_lines_like day '"published":"2025-03-14"'
expect_number "$(wc -l <day)" -lt 72
expect_rec 0 --db sample.db export -q --category q-bio
expect_lines_like out '"categories":\[[^]]*"q-bio'
expect_rec 0 --db sample.db export --since 2999
expect_in err 'exported 0 papers'
expect_empty out
expect_rec 2 --db sample.db export --since yesterday
expect_rec 2 --db sample.db export --format text
expect_in err 'jsonl, bibtex, csv'
expect_rec 5 --db nowhere.db export

it 'a file is written whole or not at all, and never over the store'
echo old >kept.jsonl
expect_rec 5 --db nowhere.db export -o kept.jsonl
expect_equal old "$(cat kept.jsonl)"
expect_rec 3 --db sample.db export -o kept.jsonl nobody
expect_equal old "$(cat kept.jsonl)"
expect_rec 0 --db sample.db export -o kept.jsonl
expect_same_bytes sample.jsonl kept.jsonl
ln sample.db other-name
expect_rec 2 --db sample.db export -o other-name
expect_in err 'it is the store'
rm other-name
expect_rec 1 --db sample.db export -o nowhere/file
expect_rec 2 --db sample.db export -o .
expect_equal '' "$(find . -name '*.tmp')"
if [ -w /dev/full ]; then
    ran='recommend export >/dev/full'
    "$RECOMMEND" --db sample.db export >/dev/full 2>err
    status=$?
    expect_status 1
else
    skip 'a full disk: there is no /dev/full'
fi

# The members that CSV and BibTeX keep, of every line of an export.
it 'CSV and BibTeX bring back what they have a place for'
for format in csv bibtex; do
    rm -f back.db*
    must --db sample.db export --format $format -o "papers.$format"
    must --db back.db import --no-build "papers.$format"
    expect_in err 'read 72 records: 72 added'
    must --db back.db export -q
    cp out back.jsonl
    case $format in
    csv) fields='id title abstract authors published updated categories keywords venue url upvotes flags' ;;
    bibtex) fields='id title abstract authors published keywords venue url' ;;
    esac
    for field in $fields; do
        for side in sample back; do
            sed "s/.*\"$field\":\(\"\([^\"\\\\]\|\\\\.\)*\"\|\[[^]]*\]\|[^,}]*\)[,}].*/\1/" $side.jsonl | sort >"$side.$field"
        done
        it "$format keeps every paper's $field"
        expect_same_bytes "sample.$field" "back.$field"
    done
done

it 'CSV keeps marks, quotes and line ends, and no cell runs into another'
must --db odd.db export --format csv -q
cp out odd.csv
must --db odd-back.db import --no-build odd.csv
must --db odd-back.db show o4 --format json
expect_in out '"flags":["withdrawn"]'
must --db odd-back.db show o3 --format json
expect_in out '"flags":[]'

it 'BibTeX keeps what TeX would take for commands, and the fields that the entry came with'
cat >tex.jsonl <<'END'
{"id":"t1","title":"100% of $5 & #1_x: a ~ b ^ c { d \\q","abstract":"} and {","authors":["A {B} C","Lakes and Rivers, Ltd"]}
{"id":"a b,c","title":"A key that is none"}
{"id":"a b;c","title":"Another key that is none"}
END
must --db tex.db import --no-build -q tex.jsonl
must --db tex.db export --format bibtex -o tex.bib
must --db tex-back.db import --no-build tex.bib
expect_in err '3 added'
must --db tex.db export -q t1
sed 's/,"published".*//' out >wanted
must --db tex-back.db export -q t1
sed 's/,"published".*//' out >came
expect_same_bytes wanted came
rm -f one.db*
rec --db one.db import --no-build -q "$DATA/library.bib"
must --db one.db export --format bibtex -o library.bib
rm -f one.db*
must --db one.db import --no-build library.bib
must --db one.db export --format bibtex -q
expect_same_bytes library.bib out

if has python3 && python3 -c 'import pandas' 2>/dev/null; then
    it 'pandas loads an export and results in one line each'
    run python3 -c "import pandas; print(len(pandas.read_json('sample.jsonl', lines=True)), len(pandas.read_csv('papers.csv')))"
    expect_equal '72 72' "$(cat out)"
    "$RECOMMEND" --db sample.db batch ids >answers.jsonl
    run python3 -c "import pandas, json; print(len(pandas.json_normalize([json.loads(l) for l in open('answers.jsonl')], 'results', ['id'], record_prefix='near.')))"
    expect_number "$(cat out)" -ge 72
else
    skip 'pandas: there is no python3-pandas'
fi

finish
