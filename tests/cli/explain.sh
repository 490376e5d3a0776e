# Reasons: --explain wherever papers are listed, and explain, which tells all about a pair.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

cat >papers.jsonl <<'END_OF_PAPERS'
{"id":"kelp-1","title":"Sea urchins graze kelp forests along a warming coast","abstract":"We propose that sea urchins graze kelp forests faster as the coast warms. Results are shown for two summers.","date":"2020"}
{"id":"kelp-2","title":"Kelp Forests and Their Sea Urchins","abstract":"In this paper we show that kelp forests recover where sea urchins are culled.","date":"2021"}
{"id":"kelp-3","title":"Counting otters","abstract":"In this paper we propose results on otters, which eat sea\u001burchins\u0007 and hide in kelp.","date":"2022"}
{"id":"ice-1","title":"Firn and melt on a small glacier","abstract":"In this paper we propose new results on melt.","date":"2019"}
{"id":"han-1","title":"海洋生态系统的研究","abstract":"海洋生态系统变化。"}
{"id":"han-2","title":"论海洋生态系统","abstract":"关于海洋生态系统。"}
END_OF_PAPERS
must import -q papers.jsonl

it 'no reason is given that was not asked for'
for format in text tsv json jsonl; do
    expect_rec 0 similar kelp-1 --format $format
    expect_not_in out reason
    expect_not_in out why:
done
expect_rec 0 similar kelp-1 --format tsv
expect_equal 6 "$(head -n 1 out | awk -F '\t' '{ print NF }')"

it 'a reason is a line of text, a column of TSV and an object of JSON, the same in each'
expect_rec 0 similar kelp-1 --explain -k 2
expect_lines_like out '^(kelp-1  |  [12]  |     why: )'
expect_in out '     why: sea urchins; kelp forests'
expect_rec 0 similar kelp-1 -e -k 2 --format tsv
expect_equal 'sea urchins; kelp forests' "$(head -n 1 out | cut -f 7)"
expect_rec 0 similar kelp-1 --explain -k 2 --format json
expect_in out '"also":[],"reason":{"text":"sea urchins; kelp forests","terms":[["sea urchins",0.'
expect_rec 0 similar kelp-1 --explain -k 2 --format trec
expect_lines_like out '^kelp-1 Q0 '

it 'every verb that lists papers explains, and the same pair has the same reason'
printf 'kelp-2\nice-1\n' >pool.txt
expect_rec 0 rank kelp-1 --candidates pool.txt -e --format tsv
expect_equal 'sea urchins; kelp forests' "$(head -n 1 out | cut -f 7)"
expect_rec 0 similar --title 'Sea urchins graze kelp forests along warming coasts' --text /dev/null -e -k 1 --format tsv
expect_in out 'kelp forests'
printf '%s\n' '{"id":"kelp-1","explain":true,"limit":1}' '{"id":"kelp-1","limit":1}' '{"id":"kelp-1","explain":1}' >requests
expect_rec 6 batch requests
expect_in err "member 'explain': expected true or false, not a number"
expect_in out '"reason":{"text":"sea urchins; kelp forests"'
expect_equal 1 "$(grep -c '"reason"' out)"
printf '%s\n' '{"id":"kelp-1","limit":1}' '{"id":"kelp-1","limit":1,"explain":false}' >requests
expect_rec 0 batch --explain requests
expect_equal 1 "$(grep -c '"reason"' out)"

it 'of several seeds the one that says most gives the reason'
expect_rec 0 rank ice-1 --like kelp-1 --candidates pool.txt --explain --format tsv
expect_in out 'sea urchins; kelp forests'
expect_rec 0 rank ice-1 --unlike kelp-1 --candidates pool.txt --explain --format tsv
expect_not_in out 'sea urchins'

it 'authors in common are a reason, unless they are left out of the score'
cat >authors.jsonl <<'END_OF_PAPERS'
{"id":"a-1","title":"Limpets on a sea wall","abstract":"Limpets graze a sea wall.","authors":["Ann Example","Bo Sample"]}
{"id":"a-2","title":"Basalt columns","abstract":"How basalt cools and cracks.","authors":["Cy Third","A. Example"]}
{"id":"a-3","title":"Limpets and tides","abstract":"Limpets follow the tides.","authors":["Amy Example"]}
END_OF_PAPERS
must --db authors.db import -q authors.jsonl
expect_rec 0 --db authors.db similar a-1 -e --format json
expect_in out '"reason":{"text":"also by A. Example","terms":[["also by A. Example",'
expect_in out '"reason":{"text":"Limpets",'
expect_rec 0 --db authors.db explain a-1 a-2
expect_in out 'why    also by A. Example'
expect_rec 0 --db authors.db similar a-1 -e --no-authors --format json
expect_not_in out 'also by'

it 'of a search a reason says which of its words a paper has'
expect_rec 0 search results on kelp and otters -e --format json
expect_in out '"id":"kelp-3"'
expect_in out '"otters"'
expect_in out '"results"'
must --db unbuilt.db import -q --no-build papers.jsonl
expect_rec 0 --db unbuilt.db search kelp otters -e -k 1 --format json
expect_in out '"otters"'

it 'what any paper says is no reason'
expect_rec 0 rank kelp-1 --candidates pool.txt -e --format json
expect_in out '"reason":{"text":"related vocabulary; only common words shared","terms":[]}'

it 'reasons are in the script of the papers'
expect_rec 0 similar han-1 -e -k 1 --format tsv
expect_equal '海洋生态系统' "$(cut -f 7 out)"

it 'no control character comes out'
expect_rec 0 similar kelp-3 -e
expect_equal 0 "$(tr -d '\n' <out | LC_ALL=C grep -c '[[:cntrl:]]')"

it 'explain shows the score, its parts, the rank and the n-grams that both texts share'
expect_rec 0 similar kelp-1 --format json -k 1
score=$(sed 's/.*"score":\([0-9.]*\),.*/\1/' out)
expect_rec 0 explain kelp-1 kelp-2 --format json
cp out pair.json
expect_in out '{"schema_version":1,"seed":{"id":"kelp-1","title":"Sea urchins graze kelp forests along a warming coast","published":"2020","indexed":true}'
expect_in out '"paper":{"id":"kelp-2",'
expect_in out "\"score\":$score,"
expect_in out '"standing":"listed","rank":1,'
expect_in out '"reason":{"text":"sea urchins; kelp forests","terms":[["sea urchins",0.'
expect_in out '"parts":[{"part":"words","value":0.'
expect_in out '{"text":"Sea Urchins","idf":'
expect_equal 6 "$(grep -o '"in_seed"' out | wc -l)"
expect_in out '"shared_count":6,'
parts=$(grep -o '"part":"[a-z]*","value":[^,]*,"weight":[^,]*,"adds":[-0-9.e]*' pair.json | sed 's/.*"adds"://' | awk '{ sum += $1 } END { printf "%.4f", sum }')
expect_equal "$(printf '%.4f' "$score")" "$parts"
expect_rec 0 explain kelp-1 kelp-2 -k 3
expect_in out 'rank   1 of 5 listed'
expect_in out 'why    sea urchins; kelp forests'
expect_lines_like out '^(kelp-[12]  |score  0\.|rank  |why  |part  |(words|characters|fitted|trained|smoothed|authors) +-?0\.|shared n-grams: 6|  adds|0\.[0-9]{4}  |$)'
expect_equal 3 "$(grep -c '^0\.' out)"
expect_rec 0 explain kelp-1 kelp-2 -k 0
expect_in out 'shared n-grams: 6'

it 'explain takes a text in place of the first id'
expect_rec 0 explain --title 'Otters eat sea urchins' kelp-2
expect_in out '(a text)  Otters eat sea urchins'
expect_in out 'why    sea urchins'
echo 'Otters eat sea urchins.' >text.txt
expect_rec 0 explain --text text.txt kelp-2 --format jsonl
expect_in out '"seed":{"id":null,"title":null,"published":null,"indexed":false}'
expect_rec 0 explain --text - kelp-2 --format jsonl <text.txt
expect_in out '"seed":{"id":null'
expect_rec 0 explain --title 'sea URCHINS graze kelp forests along a warming coast' kelp-2 --format json
expect_same_bytes pair.json out

it 'explain says why a paper is not in a list'
expect_rec 0 explain kelp-1 kelp-1
expect_in out 'rank   not in the list: it is the seed'
expect_rec 0 explain kelp-1 han-1
expect_in out 'why    related vocabulary; no words shared'
echo '{"id":"twin","title":"Sea Urchins graze: kelp forests along a warming coast!"}' >twin.jsonl
for file in papers.db*; do cp "$file" "later${file#papers}"; done
must --db later.db import -q --no-build twin.jsonl
expect_rec 0 --db later.db explain twin kelp-1
expect_in out "rank   not in the list: its title is the seed's"
expect_in out '(not indexed)'
echo '{"id":"later","title":"Kelp and what it is"}' >later.jsonl
must --db later.db import -q --no-build later.jsonl
expect_rec 0 --db later.db explain kelp-1 later --format json
expect_in out '"standing":"not_indexed","rank":null'

cat >works.jsonl <<'END_OF_PAPERS'
{"id":"w-1","title":"Whelks and the shells they drill","abstract":"Whelks drill the shells of mussels, and leave the holes.","authors":["Ann Example"],"date":"2020"}
{"id":"w-2","title":"Whelks and the shells they drill into","abstract":"Whelks drill the shells of mussels and leave the holes behind.","authors":["Ann Example"],"date":"2021"}
{"id":"w-3","title":"Mussels and whelks","abstract":"Mussels that whelks drill.","withdrawn":true}
{"id":"w-4","title":"Mussels on a rope","abstract":"Mussels grow on ropes."}
END_OF_PAPERS
must --db works.db import -q works.jsonl
expect_rec 0 --db works.db explain w-1 w-3
expect_in out 'rank   not in the list: it is withdrawn'
expect_rec 0 --db works.db explain w-1 w-3 --format json
expect_in out '"standing":"marked","rank":null'

it 'explain refuses what it cannot explain'
expect_rec 2 explain kelp-1
expect_in err '2 ids, not 1'
expect_rec 2 explain kelp-1 kelp-2 kelp-3
expect_rec 2 explain --title x kelp-1 kelp-2
expect_in err '1 id, not 2'
expect_rec 2 explain kelp-1 kelp-2 --format tsv
expect_rec 2 explain kelp-1 kelp-2 --format trec
expect_rec 3 explain kelp-1 kelp-9
expect_in err "'kelp-9'"
expect_rec 3 explain kelp-9 kelp-1
expect_rec 1 explain --text missing.txt kelp-1
expect_rec 5 --db unbuilt.db explain kelp-1 kelp-2
expect_rec 5 --db nowhere.db explain kelp-1 kelp-2

it 'a stored list needs the model for its reasons, and for nothing else'
rm papers.db-model.*
expect_rec 0 similar kelp-1
expect_rec 5 similar kelp-1 --explain
expect_in err "run 'recommend build'"

finish
