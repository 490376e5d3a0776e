# Papers out of a store, and back into another: JSON Lines lose nothing, BibTeX and CSV what they have no place for. Vectors and neighbours for
# other programs.
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
for papers in "$DATA"/*.papers; do
    file=${papers%.papers}
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
    expect_equal 1 "$(wc -l <err)"
    expect_in err 'cannot write the output'
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

it 'what steers a terminal is escaped in JSON, and comes back the same'
printf '{"id":"c1","title":"A\\u009b31mB\\u202eC","abstract":"x","n\\u009b":"\\u202e\\u007f","authors":["X\\u2066Y"]}\n' >marks.jsonl
must --db marks.db import -q marks.jsonl
must --db marks.db export -q
expect_in out '"title_original":"A\u009B31mB\u202EC"'
expect_in out '"extra":{"n\u009B":"\u202E\u007F"}'
expect_same_store marks.db
must --db marks.db show c1 --format json
expect_in out '"title_original":"A\u009B31mB\u202EC"'
expect_in out '"extra":{"n\u009B":"\u202E\u007F"}'

it 'an id that no key can hold is read back as a DOI only where it is one'
cat >keys.jsonl <<'END'
{"id":"doi:10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O","title":"Brackets"}
{"id":"doi:10.1000/a_b%23c#d&e{f}g","title":"Commands of TeX"}
{"id":"https://example.org/a?b=1","title":"An address"}
{"id":"https://arxiv.org/abs/2401.01234 x","title":"An address of arXiv's that names no paper"}
{"id":"10.1000/a b","title":"No DOI"}
{"id":"doi.org/10.1000/a b","title":"No address of one"}
{"id":"PMID: 12 34","title":"No number of PubMed's"}
{"id":"https://example.org/plain:1","title":"Plain"}
END
must --db keys.db import --no-build -q keys.jsonl
must --db keys.db export --format bibtex -o keys.bib
must --db keys-back.db import --no-build keys.bib
expect_in err '8 added'
must --db keys-back.db export -q
sed 's/.*"id":"\([^"]*\)","also".*/\1/' out >ids.back
expect_equal 'doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o
doi:10.1000/a_b%23c#d&e{f}g' "$(grep doi: ids.back)"
expect_equal https://example.org/plain:1 "$(sed 1,2d ids.back | grep '[:/]')"
grep '"also":\["[^"]*[:/]' out >odd
expect_empty odd

# ---- vectors ----
it 'vectors go out in rows of one length, their ids beside them in the same order'
for file in v.npy v.fvecs v.faiss; do
    case $file in
    v.faiss) expect_rec 0 --db sample.db export --faiss $file ;;
    *) expect_rec 0 --db sample.db export --vectors $file ;;
    esac
    expect_in err "exported 72 vectors of "
    expect_in err "their ids in '$file.ids'"
    expect_not_in err 'left out'
    expect_same_bytes ids $file.ids
done
dim=$(sed -n 's/.*vectors of \([0-9]*\) components.*/\1/p' err)
expect_number "$dim" -ge 64

it 'a .npy has the head of format 1.0, in a multiple of 64 bytes, and float32 behind it'
printf '\223NUMPY\001\000' >magic
head -c 8 v.npy | cmp -s magic - || fail 'the magic of NumPy' "$(head -c 8 v.npy | od -c)"
length=$(tail -c +9 v.npy | head -c 2 | od -A n -t u2 | tr -d ' ')
expect_equal 0 $(((length + 10) % 64))
tail -c +11 v.npy | head -c "$length" | sed 's/ *$//' >literal
expect_equal "{'descr': '<f4', 'fortran_order': False, 'shape': (72, $dim), }" "$(cat literal)"
expect_equal $((10 + length + 72 * dim * 4)) "$(wc -c <v.npy)"

it 'a .fvecs has the number of components before each row, and the same numbers'
expect_equal $((72 * (dim + 1) * 4)) "$(wc -c <v.fvecs)"
tail -c +$((11 + length)) v.npy | od -A n -v -t f4 -w$((dim * 4)) >rows
od -A n -v -t x4 -w$(((dim + 1) * 4)) v.fvecs | awk '{ print $1 }' | sort -u >counts
expect_equal "$(printf '%08x' "$dim")" "$(cat counts)"
od -A n -v -t f4 -w$(((dim + 1) * 4)) v.fvecs | cut -c17- >of_fvecs
sed 's/^ *//' rows >rows.flush
sed 's/^ *//' of_fvecs >of_fvecs.flush
expect_same_bytes rows.flush of_fvecs.flush

it 'every row has unit length'
awk '{ sum = 0; for (i = 1; i <= NF; i++) sum += $i * $i; if (sum < .9999 || sum > 1.0001) print NR ": " sum }' rows >odd
expect_empty odd

it 'vectors are the same bytes again, and those of named papers the rows that all have'
must --db sample.db export -q --vectors again.npy
expect_same_bytes v.npy again.npy
must --db sample.db export -q --vectors two.fvecs smp:0034 smp:0001
grep -x -e 'doi:10.5555/oth.2020.114' -e 'smp:0034' ids >wanted # smp:0001 is its other id
expect_same_bytes wanted two.fvecs.ids
for id in $(cat two.fvecs.ids); do
    row=$(grep -nx "$id" ids | cut -d : -f 1)
    tail -c +$((1 + (row - 1) * (dim + 1) * 4)) v.fvecs | head -c $(((dim + 1) * 4))
done >wanted
expect_same_bytes wanted two.fvecs
must --db sample.db export -q --category q-bio --vectors some.npy
must --db sample.db export -q --category q-bio
sed 's/.*"id":"\([^"]*\)","also".*/\1/' out >wanted
expect_same_bytes wanted some.npy.ids
expect_rec 0 --db sample.db export --vectors none.npy --since 2999
expect_in err 'exported 0 vectors'
expect_empty none.npy.ids

it 'a paper without a vector, or with the one of its old text, has no row'
cat >new.jsonl <<'END'
{"id":"n1","title":"Of the sea and the tide and the moon","abstract":"Tides are waves as long as an ocean."}
{"id":"n2","title":"!"}
{"id":"smp:0001","title":"A title that was changed"}
END
cp sample.jsonl grown.jsonl
must --db grown.db import -q grown.jsonl
must --db grown.db import -q --no-build new.jsonl
expect_rec 0 --db grown.db export --vectors v2.npy
expect_in err 'exported 71 vectors'
expect_in err 'left out: 3 papers without a vector'
grep -vx 'doi:10.5555/oth.2020.114' ids >wanted
expect_same_bytes wanted v2.npy.ids
must --db grown.db build -q
expect_rec 0 --db grown.db export --vectors v2.npy
expect_in err 'exported 73 vectors'
expect_in err 'left out: 1 paper without a vector'

it 'files of vectors are written whole or not at all, and what cannot be meant is refused'
echo old >kept.npy
echo older >kept.npy.ids
expect_rec 3 --db sample.db export --vectors kept.npy nobody
expect_rec 5 --db nowhere.db export --vectors kept.npy
must --db unbuilt.db import -q --no-build new.jsonl
expect_rec 5 --db unbuilt.db export --vectors kept.npy
expect_in err "run 'recommend build'"
expect_rec 1 --db sample.db export --vectors nowhere/v.npy
mkdir folder.npy.ids
expect_rec 2 --db sample.db export --vectors folder.npy
expect_equal 'old older' "$(cat kept.npy kept.npy.ids | tr '\n' ' ' | sed 's/ $//')"
checks=$((checks + 1))
[ ! -e folder.npy ] || fail 'no folder.npy without its ids' 'one'
ln sample.db other.npy
expect_rec 2 --db sample.db export --vectors other.npy
expect_in err 'it is the store'
mv other.npy good.npy.ids
expect_rec 2 --db sample.db export --vectors good.npy
expect_in err 'it is the store'
rm good.npy.ids
expect_rec 2 --db sample.db export --vectors v.bin
expect_in err "cannot tell the format of 'v.bin'"
expect_rec 2 --db sample.db export --vectors v.npy --format csv
expect_in err 'npy, fvecs, faiss'
expect_rec 0 --db sample.db export -q --vectors v.bin --format npy
expect_same_bytes v.npy v.bin
expect_rec 2 --db sample.db export --vectors v.npy -o w.npy
expect_rec 2 --db sample.db export --vectors v.npy --graph
expect_rec 2 --db sample.db export --faiss v.faiss --format npy
expect_rec 2 --db sample.db export --salvage --graph
expect_equal '' "$(find . -name '*.tmp')"

if numpy=$(python_with numpy); then
    it 'NumPy loads the vectors in one line each, and would have written the same file'
    cat >look.py <<'END'
import io, numpy
vectors = numpy.load('v.npy')
rows = numpy.fromfile('v.fvecs', '<f4'); rows = rows.reshape(-1, rows[:1].view('<i4')[0] + 1)[:, 1:]
again = io.BytesIO()
numpy.save(again, vectors)
print(vectors.dtype, vectors.shape, (rows == vectors).all(), again.getvalue() == open('v.npy', 'rb').read())
print(numpy.load('none.npy').shape, len(open('v.npy.ids').read().splitlines()))
END
    run "$numpy" look.py
    expect_equal "float32 (72, $dim) True True
(0, $dim) 72" "$(cat out)"
else
    skip 'NumPy: there is no python3-numpy'
fi
if faiss=$(python_with 'faiss, numpy'); then
    it 'FAISS loads the index, and finds the neighbours that our own vectors have'
    cat >near.py <<'END'
import faiss, numpy
index, vectors = faiss.read_index('v.faiss'), numpy.load('v.npy')
ids = open('v.faiss.ids').read().splitlines()
scores, found = index.search(vectors, 10)
exact = -numpy.sort(-(vectors @ vectors.T), axis=1)[:, :10]
print(index.ntotal, index.d, index.metric_type == faiss.METRIC_INNER_PRODUCT, (index.reconstruct_n(0, index.ntotal) == vectors).all())
print(numpy.abs(scores - exact).max() < 1e-5, (found[:, 0] == numpy.arange(len(ids))).all())
END
    run "$faiss" near.py
    expect_equal "72 $dim True True
True True" "$(cat out)"
else
    skip 'FAISS: there is no python3-faiss'
fi

# ---- neighbours ----
# What answers list, as lines of a graph.
edges_of_answers() { # store, file of ids, options
    store=$1 of=$2
    shift 2
    must --db "$store" batch "$of" --versions keep -k 50 "$@"
    sed 's/"reason":.*//' out | awk '{
        match($0, /"id":"[^"]*","status"/); source = substr($0, RSTART + 6, RLENGTH - 16)
        rest = $0
        while (match(rest, /\{"rank":[0-9]+,"id":"[^"]*","score":[^,]*/)) {
            edge = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
            sub(/.*"id":"/, "", edge); split(edge, part, /","score":/)
            print source "\t" part[1] "\t" part[2]
        }
    }'
}
it 'an edge of the graph is a result of the answers for its paper'
expect_rec 0 --db sample.db export --graph
expect_in err 'exported 3600 neighbours of 72 papers'
cp out graph.tsv
edges_of_answers sample.db ids >wanted
expect_same_bytes wanted graph.tsv
expect_rec 0 --db sample.db export -q --graph --neighbours 2
awk -F '\t' 'count[$1]++ < 2' graph.tsv >wanted
expect_same_bytes wanted out

it 'a graph of some papers has the edges between them'
expect_rec 0 --db sample.db export --graph --category q-bio
awk -F '\t' 'NR == FNR { in_it[$1] = 1; next } $1 in in_it && $2 in in_it' some.npy.ids graph.tsv >wanted
expect_same_bytes wanted out
expect_rec 0 --db sample.db export -q --graph smp:0001
expect_empty out

it 'what answers never list is no end of an edge: records of the same work, withdrawn papers, removed ones'
cat >marked.jsonl <<'END'
{"id":"w1","title":"Herons that count kites at low tide","abstract":"Herons at low tide count kites that fly over the shore of the bay.","authors":["A. Heron"]}
{"id":"w2","title":"Herons that count kites at low tide","abstract":"Herons at low tide count kites that fly over the shore of the bay.","authors":["A. Heron"],"doi":"10.1000/w2"}
{"id":"w3","title":"Kites that count herons at high tide","abstract":"Kites over the shore of the bay count herons that sleep at high tide."}
{"id":"w4","title":"Herons and kites asleep on the shore","abstract":"Herons sleep on the shore of the bay, and kites in the dunes behind it."}
{"id":"w5","title":"Tides of the bay and what herons eat","abstract":"At low tide herons of the bay eat crabs, at high tide they sleep."}
END
must --db marked.db import -q marked.jsonl
must --db marked.db remove -q --no-build w5
printf '{"id":"w4","withdrawn":true}\n' >mark.jsonl
must --db marked.db import -q --no-build mark.jsonl
must --db marked.db export -q --graph
cp out graph
printf 'w1\ndoi:10.1000/w2\nw3\nw4\n' >of
edges_of_answers marked.db of >wanted
expect_same_bytes wanted graph
expect_in graph 'w3'
expect_not_in graph 'w5'

it 'papers without a list are told'
must --db marked.db import -q --no-build new.jsonl
expect_rec 0 --db marked.db export --graph -o graph
expect_in err "3 of them have no neighbours yet; run 'recommend build'"

it 'GraphML has the same edges, and titles as they are, whatever signs they hold'
printf '%s\n' '{"id":"a&b<c>","title":"Signs & <tags> of \"herons\" ]]> on shores","abstract":"Herons leave signs on shores of the bay.","categories":["x&y"]}' >signs.jsonl
must --db marked.db import -q signs.jsonl
expect_rec 0 --db marked.db export --graph -o graph.graphml
must --db marked.db export -q --graph -o graph
must --db marked.db export -q --graph --format graphml
expect_same_bytes graph.graphml out
expect_in graph.graphml '<data key="paper">a&amp;b&lt;c&gt;</data><data key="title">Signs &amp; &lt;tags&gt; of "herons" ]]&gt; on shores</data>'
if has python3; then
    cat >parse.py <<'END'
import sys, xml.etree.ElementTree as tree
name = '{http://graphml.graphdrawing.org/xmlns}'
graph = tree.parse(sys.argv[1]).getroot().find(name + 'graph')
ids = {n.get('id'): n.find(name + "data[@key='paper']").text for n in graph.findall(name + 'node')}
for e in graph.findall(name + 'edge'):
    print(ids[e.get('source')], ids[e.get('target')], e.find(name + 'data').text, sep='\t')
END
    run python3 parse.py graph.graphml
    expect_same_bytes graph out
else
    skip 'GraphML through a parser: there is no python3'
fi

it 'what a graph cannot be is refused'
expect_rec 2 --db sample.db export --graph --format jsonl
expect_in err 'tsv, graphml'
expect_rec 2 --db sample.db export --graph --neighbours 0
expect_rec 2 --db sample.db export --graph --neighbours 51
expect_rec 2 --db sample.db export --neighbours 3
expect_rec 2 --db sample.db export --format graphml

# ---- one line of Python each, as docs/formats.md has them ----
must --db sample.db batch ids
cp out answers.jsonl
must --db sample.db similar smp:0001 --format tsv
cp out near.tsv
must --db sample.db export -q --format csv -o papers.csv
sed -n '/^### Into pandas/,/^## /s/^\(pandas\..*[^ ]\)  *#.*/\1/p' "$SOURCE/docs/formats.md" >lines.py
expect_equal 6 "$(wc -l <lines.py)"
if pandas=$(python_with pandas); then
    it 'pandas loads papers, answers and graphs in one line each'
    { echo 'import json, pandas'; sed 's/.*/print(len(&))/' lines.py; } >all.py
    cp sample.jsonl papers.jsonl
    run "$pandas" all.py
    expect_equal "72 72 $(grep -o '"rank":' answers.jsonl | wc -l) 10 3600 72" "$(tr '\n' ' ' <out | sed 's/ $//')"
    expect_empty err
elif has python3; then
    skip 'pandas: there is no python3-pandas; the files are read by Python alone'
    it 'Python alone reads papers and graphs'
    run python3 -c "import csv, json; print(len([json.loads(l) for l in open('sample.jsonl')]), len(list(csv.DictReader(open('papers.csv', newline='')))), len(list(csv.reader(open('graph.tsv'), delimiter='\t', quoting=csv.QUOTE_NONE))))"
    expect_equal '72 72 3600' "$(cat out)"
else
    skip 'pandas: there is no python3'
fi

finish
