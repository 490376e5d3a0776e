# What import reads, counts, refuses and changes.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

value() { # file, key of its JSON object whose value is a number
    sed -n 's/.*"'"$2"'":\([0-9]*\).*/\1/p' "$1"
}

papers_stored() {
    must info --format json
    value out papers
}

it 'our own fields are read and shown again'
cat >own.jsonl <<'END'
# A comment, and a blank line:

{"id":"dune-1","title":"Barchan dunes merge under steady wind","abstract":"We follow forty barchan dunes for six years.","authors":["Ada Finch","Bo Lindqvist"],"date":"2020-03","categories":["physics.geo-ph"],"keywords":"dunes, wind","venue":"Journal of Made-up Sand","doi":"10.5555/Sand.1","pmid":"0012345","upvotes":7,"grain":"fine"}
{"id":"dune-2","title":"Wind tunnels and the birth of ripples","abstract":"Ripples form within minutes on loose sand.","authors":"Carla Mota and Dev Rao","published":"2019","categories":"physics.geo-ph physics.flu-dyn"}
END
expect_rec 0 import own.jsonl
expect_in err 'read 2 records: 2 added, 0 updated, 0 unchanged, 0 older than what is stored, 0 refused'
expect_empty out
expect_rec 0 show dune-1
expect_in out 'id          doi:10.5555/sand.1'
expect_in out 'also        PMID:12345, dune-1'
expect_in out 'authors     Ada Finch, Bo Lindqvist'
expect_in out 'published   2020-03'
expect_in out 'keywords    dunes, wind'
expect_rec 0 show dune-1 --format json
expect_in out '"extra":{"grain":"fine"}'
expect_in out '"upvotes":7'
expect_rec 0 show dune-2
expect_in out 'authors     Carla Mota, Dev Rao'
expect_in out 'published   2019'
expect_in out 'categories  physics.geo-ph, physics.flu-dyn'

it 'the same papers again are unchanged, and leave the answers and the generation as they were'
must info --format json
cp out info.before
must similar dune-1 --format json
cp out answer.before
expect_rec 0 import own.jsonl
expect_in err '0 added, 0 updated, 2 unchanged'
expect_in err 'everything is indexed'
rec info --format json
expect_same_bytes info.before out
rec similar dune-1 --format json
expect_same_bytes answer.before out

it 'a later version updates the paper, an older one never overwrites it'
echo '{"id":"2401.01234v1","title":"Dunes on comets","abstract":"Sand without air."}' >v1.jsonl
echo '{"id":"arXiv:2401.01234v3","title":"Dunes on comets and moons","abstract":"Sand with little air."}' >v3.jsonl
echo '{"id":"https://arxiv.org/abs/2401.01234v2","title":"Dunes on comets, revised","abstract":"Sand nearly without air."}' >v2.jsonl
expect_rec 0 import v1.jsonl
expect_in err '1 added'
expect_rec 0 import v3.jsonl
expect_in err '0 added, 1 updated'
expect_rec 0 import v2.jsonl
expect_in err '1 older than what is stored'
expect_rec 0 show 2401.01234
expect_in out 'Dunes on comets and moons'
expect_equal 3 "$(papers_stored)"

it 'lines of the arXiv snapshot are read'
cat >snapshot.jsonl <<'END'
{"id":"0704.0001","submitter":"E. Marsh","authors":"Elin Marsh, Tom Oak and Priya Sen","title":"Tidal locking of\n  dusty moons","comments":"12 pages","journal-ref":"Inv. J. Moons 3 (2007)","doi":"10.5555/moons.3","report-no":null,"categories":"astro-ph.EP physics.geo-ph","license":null,"abstract":"  We compute how dusty moons lock.\n","versions":[{"version":"v1","created":"Mon, 2 Apr 2007 19:18:42 GMT"},{"version":"v2","created":"Tue, 24 Jul 2007 20:10:27 GMT"}],"update_date":"2008-11-26","authors_parsed":[["Marsh","Elin",""],["Oak","Tom",""],["Sen","Priya",""]]}
END
expect_rec 0 import snapshot.jsonl
expect_rec 0 show doi:10.5555/moons.3
expect_in out 'id          arXiv:0704.0001'
expect_in out 'title       Tidal locking of dusty moons'
expect_in out 'authors     Elin Marsh, Tom Oak, Priya Sen'
expect_in out 'published   2007-04-02'
expect_in out 'categories  astro-ph.EP, physics.geo-ph'

it 'a listing of titles and abstracts in turn is read, and ids are made from its titles'
cat >listing.txt <<'END'
Why Rivers Meander: A Field Study of Nine Bends
Nine bends of a lowland river were surveyed each spring for eleven years. Outer banks retreated by forty centimetres a year where alders had been felled and by six where they stood, which is more than any difference in discharge explains.

Gravel and Salmon
Salmon dig their nests in gravel that floods have loosened. We marked four hundred stones and found that a nest moves more of them in one night than the largest flood of the decade did, so that fish prepare the bed for those that follow.
END
expect_rec 0 import listing.txt
expect_in err '2 added'
expect_rec 0 show gravel-and-salmon
expect_in out 'Salmon dig their nests'
expect_rec 0 similar why-rivers-meander-a-field-study-of-nine-bends
expect_in out gravel-and-salmon

it 'files of other services are recognised whatever they are called, plain and compressed, and a bad record is named by its number'
for name in daily_papers.json semantic_scholar.json arxiv_api.xml; do
    gzip -c "$SOURCE/tests/data/$name" >strange.bib
    expect_rec 6 --db services.db import --no-build strange.bib
    expect_in err 'read 3 records: 2 added'
    expect_lines_like err '^recommend: (read 3 records: .*|strange\.bib:[0-9]+: item [23]: field .*|1 of them have neither .*)$'
done
expect_rec 0 --db services.db show 2511.90001 --format json
expect_in out '"upvotes":41'
expect_rec 0 --db services.db show CorpusId:990010
expect_in out 'id          arXiv:2203.90010'
expect_rec 0 --db services.db show 2401.90030v1
expect_in out 'title       Dunes that remember the wind'

it 'XML that is none of ours is refused by its name'
echo '<!DOCTYPE html><html><body>Not found</body></html>' >page
expect_rec 6 --db services.db import --no-build page
expect_in err "page:1: XML of an unknown kind: its outermost element is 'html'"

it 'plain, gzip and Zstandard files and standard input hold the same papers, whatever they are called'
must --db plain.db import -q "$SAMPLE"
must --db plain.db smp:0001 --format json
cp out plain.json
gzip -c "$SAMPLE" >papers.gz
cp papers.gz misnamed.jsonl
expect_rec 0 --db gz.db import papers.gz
rec --db gz.db smp:0001 --format json
expect_same_bytes plain.json out
expect_rec 0 --db misnamed.db import misnamed.jsonl
expect_in err '72 added'
run sh -c '"$RECOMMEND" --db stdin.db import -q - <papers.gz'
expect_status 0
rec --db stdin.db smp:0001 --format json
expect_same_bytes plain.json out
if has zstd; then
    zstd -q -c "$SAMPLE" >papers.zst
    expect_rec 0 --db zst.db import papers.zst
    rec --db zst.db smp:0001 --format json
    expect_same_bytes plain.json out
else
    skip 'Zstandard input: there is no zstd to make it with'
fi

it 'compressed input that is cut off fails after the papers before the cut'
head -c 20000 papers.gz >cut.gz
rec --db cut.db import cut.gz
expect_number "$status" -ne 0
expect_in err "cannot read 'cut.gz': its compressed data is cut off"
rec --db cut.db info --format json
expect_number "$(value out papers)" -gt 10
expect_number "$(value out papers)" -lt 72

it 'several files are read in one go'
head -n 40 "$SAMPLE" >first.jsonl
tail -n +41 "$SAMPLE" >second.jsonl
expect_rec 0 --db halves.db import first.jsonl second.jsonl
expect_in err 'read 72 records: 72 added'
rec --db halves.db smp:0001 --format trec
must --db plain.db smp:0001 --format trec
cp out whole.trec
rec --db halves.db smp:0001 --format trec
expect_same_bytes whole.trec out

it 'bad records are named by file, line and field, counted, and passed over'
cat >bad.jsonl <<'END'
{"id":"ok-1","title":"Frost on reeds"}
{"id":"bad-1","title":7}
{"id":"bad-2","title":"t","date":"2024-13-01"}
{"id":"bad-3","title":"t","authors":{"first":"A"}}
{"abstract":"No id and no title."}
{"id":"bad\u0007","title":"t"}
[1,2]
{"id":"cut off
{"id":"ok-2","title":"Reeds in frost"}
END
expect_rec 6 --db bad.db import bad.jsonl
expect_in err "recommend: bad.jsonl:2: field 'title':"
expect_in err "recommend: bad.jsonl:3: field 'date': '2024-13-01'"
expect_in err "recommend: bad.jsonl:4: field 'authors':"
expect_in err 'recommend: bad.jsonl:5: '
expect_in err "recommend: bad.jsonl:6: field 'id':"
expect_in err 'recommend: bad.jsonl:7: '
expect_in err 'recommend: bad.jsonl:8: '
expect_not_in err 'bad.jsonl:9'
expect_in err 'read 9 records: 2 added, 0 updated, 0 unchanged, 0 older than what is stored, 7 refused'
expect_rec 0 --db bad.db show ok-2

it 'refusals are counted, not all told'
i=0
while [ $i -lt 30 ]; do
    echo '{"title":1}'
    i=$((i + 1))
done >hopeless.jsonl
expect_rec 6 --db bad.db import hopeless.jsonl
expect_in err '10 more records were refused'
expect_equal 20 "$(grep -c 'hopeless.jsonl:' err)"

it '--strict stops at the first bad record and keeps those before it'
expect_rec 6 --db strict.db import --strict bad.jsonl
expect_in err 'bad.jsonl:2:'
expect_not_in err 'bad.jsonl:3:'
expect_rec 0 --db strict.db show ok-1
expect_rec 3 --db strict.db show ok-2

it '--no-build postpones the indexing, and build does it'
must --db later.db import -q first.jsonl
must --db later.db import -q --no-build second.jsonl
rec --db later.db info --format json
expect_equal 72 "$(value out papers)"
expect_equal 35 "$(value out indexed)"
expect_rec 0 --db later.db build
expect_in err 'indexed 37 papers of 72'
rec --db later.db smp:0001 --format trec
expect_same_bytes whole.trec out

it 'a record with an id alone is stored and never suggested'
cat >bare.jsonl <<'END'
{"id":"bare-1"}
{"id":"bare-2","title":"","abstract":null}
{"id":"moss-1","title":"Moss on north walls","abstract":"Moss grows on the north side of old walls."}
{"id":"moss-2","title":"Old walls and their moss","abstract":"Walls that are old carry moss on their north side."}
END
expect_rec 0 --db bare.db import bare.jsonl
expect_in err 'read 4 records: 4 added'
expect_in err '2 of them have neither title nor abstract: stored, never suggested'
expect_rec 0 --db bare.db show bare-1
expect_rec 0 --db bare.db similar moss-1 -k 10 --versions keep --exact --format trec
expect_equal moss-2 "$(listed out)"
expect_rec 0 --db bare.db similar bare-1 --format trec
expect_empty out
expect_rec 0 --db bare.db similar bare-1 --format json
expect_in out '"status":"none"'

it 'papers in Chinese and in Greek find their like'
cat >scripts.jsonl <<'END'
{"id":"zh-1","title":"海带森林对海水变暖的响应","abstract":"海带森林随着海水变暖而缩小，沿岸渔业因此受到影响。"}
{"id":"zh-2","title":"变暖海水中的海带森林","abstract":"在变暖的海水中，海带森林逐年缩小。"}
{"id":"zh-3","title":"古代货币与市场价格","abstract":"我们整理了三百年的货币与谷物价格。"}
{"id":"el-1","title":"Τα δάση φυκιών σε θερμαινόμενα νερά","abstract":"Τα δάση φυκιών συρρικνώνονται καθώς τα νερά θερμαίνονται."}
{"id":"el-2","title":"Θερμαινόμενα νερά και δάση φυκιών","abstract":"Όταν τα νερά θερμαίνονται, τα φύκια χάνονται."}
{"id":"el-3","title":"Νομίσματα και τιμές στην αρχαία αγορά","abstract":"Μελετάμε τις τιμές των σιτηρών."}
END
expect_rec 0 --db scripts.db import scripts.jsonl
expect_rec 0 --db scripts.db similar zh-1 -k 1 --format trec
expect_equal zh-2 "$(listed out)"
expect_rec 0 --db scripts.db similar el-1 -k 1 --format trec
expect_equal el-2 "$(listed out)"
expect_rec 0 --db scripts.db show zh-1
expect_in out '海带森林对海水变暖的响应'

it 'control characters and terminal escapes of a record do not reach the text output'
cat >escapes.jsonl <<'END'
{"id":"esc-1","title":"Red \u001b[31mkelp\u0007 of\u009b1m the \u202eshelf\tand\nbeyond","abstract":"Kelp \u001b]0;title\u0007 grows.","authors":["A \u001b[2JB"],"venue":"V\u001bX","keywords":["k\u001b[1m"],"categories":["c\u001b"],"url":"http://example.org/\u001b[0m"}
{"id":"esc-2","title":"Kelp of the \u001b[5mshelf","abstract":"Kelp grows."}
END
expect_rec 0 --db escapes.db import escapes.jsonl
for verb in 'similar esc-1' 'show esc-1' 'search kelp' 'similar esc-1 --format tsv' 'similar nothing-of-kelp'; do
    # shellcheck disable=SC2086 # the words are arguments
    rec --db escapes.db $verb
    cat out err | tr -d '\n\t\040-\176' >unprintable
    expect_empty unprintable
done

it 'ids on the command line and names of files do not steer the terminal either'
rec --db escapes.db similar "$(printf 'x\302\233y')"
expect_status 2
LC_ALL=C tr -d '\n\040-\176' <err >unprintable
expect_empty unprintable
rec --db escapes.db import "$(printf 'a\033[2Jb.jsonl')"
expect_status 1
expect_in err 'a?[2Jb.jsonl'

it 'nothing is written by verbs that read'
mkdir reading
mv later.db* reading
marks() {
    stat -c "%n %s %y" reading reading/*
    cksum reading/*
}
marks >marks.before
for verb in 'similar smp:0001' 'similar smp:0001 --exact' 'similar --text own.jsonl' 'search coral' 'show smp:0001' info check; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 0 --db reading/later.db $verb
    marks >marks.after
    expect_same_bytes marks.before marks.after
done
expect_rec 3 --db reading/later.db similar nowhere
marks >marks.after
expect_same_bytes marks.before marks.after
it 'a store in a folder that nobody may write to is read'
if [ "$(id -u)" -ne 0 ]; then
    mkdir readonly
    cp reading/* readonly
    chmod 555 readonly
    expect_rec 0 --db readonly/later.db similar smp:0001
    expect_rec 0 --db readonly/later.db check
    chmod 755 readonly
else
    skip 'folders without the right to write: root writes everywhere'
fi

finish
