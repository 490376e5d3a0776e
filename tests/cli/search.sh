# Words, as people type them into a search box.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

must import -q "$SAMPLE"

found() { # words and options
    expect_rec 0 search --format trec "$@"
    listed out >ids
}

it 'a paper that matches all the words comes before one that matches some of them better'
cat >words.jsonl <<'END'
{"id":"some","title":"Zebra, zebra and zebra","abstract":"Zebra."}
{"id":"all","title":"Notes from an aviary","abstract":"Among the many birds of a city's largest aviary, each kept for a year and weighed every week, was one finch whose song had the stripes of a zebra."}
END
# Finches are common here and zebras rare, so that the zebra alone weighs more than both words once.
for i in 1 2 3 4 5; do
    echo '{"id":"finch-'$i'","title":"Songs of the finch","abstract":"Finches sing, part '$i'."}'
    echo '{"id":"park-'$i'","title":"A city and its parks","abstract":"Parks are counted, part '$i'."}'
done >>words.jsonl
must --db words.db import -q words.jsonl
expect_rec 0 --db words.db search zebra finch -k 2 --format trec
expect_equal 'all some' "$(listed out | tr '\n' ' ' | sed 's/ $//')"

it 'words are found where a reader would look for them'
found coral settlement
expect_in ids reef-biofilm-2023
expect_equal reef-biofilm-2023 "$(head -n 1 ids)"
expect_rec 0 search register allocation spilling -k 3 --format tsv
cut -f 6 out >titles
expect_lines_like titles '([Rr]egister|[Ss]pill)'

it 'words are found in any case, with and without accents, and in other forms of the same stem'
found lubeck merchants
expect_in ids hanse-kontor-2019
cp ids plain
found LÜBECK Merchant
expect_same_bytes plain ids

it 'a word of the title weighs more than one of an abstract'
cat >weights.jsonl <<'END'
{"id":"w-1","title":"A study of harbours","abstract":"Once, a lighthouse is mentioned among harbours and piers."}
{"id":"w-2","title":"A study of the lighthouse","abstract":"Harbours and piers are mentioned here, at about the same length."}
END
must --db weights.db import -q weights.jsonl
expect_rec 0 --db weights.db search lighthouse --format trec
expect_equal 'w-2 w-1' "$(listed out | tr '\n' ' ' | sed 's/ $//')"

it 'one argument of many words is many words'
found 'coral bleaching'
cp ids together
found coral bleaching
expect_same_bytes together ids

it 'quotes and the operators of the search engine are words like any others, or nothing'
for query in '"coral bleaching"' 'coral "' 'coral AND bleaching' 'coral OR NOT' 'coral NEAR(reef, 2)' 'title:coral' 'coral*' '^coral' \
    '-- coral' 'coral + reef' '(coral' 'coral)' '{title abstract}: coral' \
    "coral'; DROP TABLE paper; --" 'coral\reef' '%coral%' 'coral:'; do
    found -- "$query"
    expect_in ids reef
done
expect_rec 0 check

it 'a search for nothing but marks finds nothing'
for query in '"' '*' '...' '()' ' '; do
    expect_rec 0 search -- "$query" --format json
    expect_rec 0 search --format json -- "$query"
    expect_in out '"status":"none"'
done

it 'nothing found is an empty answer in every format'
expect_rec 0 search xyzzyplugh --format json
expect_in out '"status":"none"'
expect_in out '"results":[]'
for format in tsv trec; do
    expect_rec 0 search xyzzyplugh --format $format
    expect_empty out
done
expect_rec 0 search xyzzyplugh
expect_equal 1 "$(wc -l <out)"

it '-k and --offset cut the same list'
found reef -k 6
expect_equal 6 "$(wc -l <ids)"
cp ids six
found reef -k 3
head -n 3 six >wanted
expect_same_bytes wanted ids
found reef -k 3 --offset 3
tail -n 3 six >wanted
expect_same_bytes wanted ids

it 'scores lie between 0 and 1 and fall'
expect_rec 0 search antibiotic resistance plasmids --format tsv
cut -f 3 out >scores
expect_lines_like scores '^0\.[0-9]{6}$'
sort -rn scores >falling
expect_same_bytes falling scores

it 'words of other scripts are found'
cat >scripts.jsonl <<'END'
{"id":"el-1","title":"Θερμαινόμενα νερά και φύκια","abstract":"Τα νερά θερμαίνονται."}
{"id":"zh-1","title":"海带 森林","abstract":"变暖 海水"}
END
must import -q scripts.jsonl
found νερά
expect_equal el-1 "$(cat ids)"
found ΝΕΡΆ
expect_equal el-1 "$(cat ids)"
found 海带
expect_equal zh-1 "$(cat ids)"

it 'a paper that is stored and not indexed is found'
echo '{"id":"fresh-1","title":"Quokkas at dusk"}' >fresh.jsonl
must import -q --no-build fresh.jsonl
found quokka
expect_equal fresh-1 "$(cat ids)"

it 'more words than can be read are refused'
expect_rec 2 search "$(awk 'BEGIN { for (i = 0; i < 1000; i++) printf "word%d ", i }')"
expect_in err 'too many words'

finish
