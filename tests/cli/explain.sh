# Reasons: --explain wherever papers are listed.
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

it 'a stored list needs the model for its reasons, and for nothing else'
rm papers.db-model.*
expect_rec 0 similar kelp-1
expect_rec 5 similar kelp-1 --explain
expect_in err "run 'recommend build'"

finish
