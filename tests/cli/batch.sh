# Many requests: an answer a line in the order of the lines, whatever a line holds.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=sample.db

must import -q "$SAMPLE"

# Runs a batch over a file whose every line must be answered by a line.
batch() { # status, file, options
    wanted=$1 file=$2
    shift 2
    rec batch "$file" "$@"
    expect_status "$wanted"
    expect_equal "$(awk 'END { print NR }' "$file")" "$(wc -l <out)"
    expect_lines_like out '^\{"schema_version":1,"request":.*\}$'
}

line() { # number: that line of the answers
    sed -n "$1p" out
}

it 'a bare id is answered with the bytes of similar --format json'
printf '%s\n' smp:0001 https://doi.org/10.5555/JIE.2025.0031 exo-haze-2021 >ids.txt
: >wanted
while read -r id; do
    must similar "$id" --format json
    cat out >>wanted
done <ids.txt
batch 0 ids.txt
expect_same_bytes wanted out
expect_empty err
it 'an object with an id is the same request'
sed 's/.*/{"id":"&"}/' ids.txt >ids.jsonl
batch 0 ids.jsonl
expect_same_bytes wanted out
it 'requests come from standard input as well, compressed or not, and jsonl is the default'
run sh -c '"$RECOMMEND" batch <ids.txt'
expect_status 0
expect_same_bytes wanted out
run sh -c 'printf "%s" "$(cat ids.txt)" | "$RECOMMEND" batch - --format jsonl'
expect_same_bytes wanted out
run sh -c 'gzip -c ids.txt | "$RECOMMEND" batch -'
expect_same_bytes wanted out

it 'trec is one run, the queries in the order of the requests'
: >wanted
while read -r id; do
    must similar "$id" -k 3 --format trec
    cat out >>wanted
done <ids.txt
expect_rec 0 batch ids.txt -k 3 --format trec
expect_same_bytes wanted out

it 'the order is that of the lines, also of lines that fail or are repeated'
printf '%s\n' exo-haze-2021 nobody-1 smp:0001 nobody-2 exo-haze-2021 >order.txt
batch 6 order.txt
grep -o '^{"schema_version":1,"request":"[^"]*"' out | cut -d '"' -f 6 >order
expect_same_bytes order.txt order
expect_equal "$(line 1)" "$(line 5)"
expect_in err "order.txt:2: no paper 'nobody-1'"
expect_in err '2 of 5 requests failed'

it 'every option of a request does what it does for similar'
options() { # members of the object, options of similar
    printf '{"id":"smp:0001",%s}\n' "$1" >option.jsonl
    shift
    rec similar smp:0001 "$@" --format json
    cp out wanted
    batch 0 option.jsonl
    expect_same_bytes wanted out
}
options '"limit":3' -k 3
options '"limit":3,"offset":2' -k 3 --offset 2
options '"min-score":0.3' --min-score 0.3
options '"min-score":1' --min-score 1
options '"min-band":"strong"' --min-band strong
options '"versions":"keep"' --versions keep
options '"exact":true' --exact
options '"exact":false,"limit":null'
options '"exclude":["reef-cloud-2024","10.5555/JIE.2025.0031"]' --exclude reef-cloud-2024 --exclude 10.5555/JIE.2025.0031
printf '%s\n' exo-haze-2021 reef-cloud-2024 >pool.txt
options '"candidates":["exo-haze-2021","reef-cloud-2024","exo-haze-2021"]' --candidates pool.txt
: >empty.txt
options '"candidates":[]' --candidates empty.txt

it 'options of the command line are the defaults that a request changes'
printf '%s\n' smp:0001 '{"id":"smp:0001","limit":1}' '{"id":"smp:0001","min-score":-1}' >defaults.txt
batch 0 defaults.txt -k 2 --min-score 0.9
expect_equal '2 1 2' "$(sed 's/.*"k":\([0-9]*\).*/\1/' out | tr '\n' ' ' | sed 's/ $//')"
expect_equal 'none none ok' "$(sed 's/.*"status":"\([a-z]*\)".*/\1/' out | tr '\n' ' ' | sed 's/ $//')"
it 'what a request leaves out comes on top of --exclude and --exclude-file'
best=$(rec similar smp:0001 -k 3 --format trec && listed out | tr '\n' ' ')
rec similar smp:0001 -k 4 --format trec
fourth=$(listed out | tail -n 1)
# shellcheck disable=SC2086 # the words are ids
set -- $best
echo "$1" >seen.txt
echo "{\"id\":\"smp:0001\",\"limit\":1,\"exclude\":[\"$2\"]}" >exclude.txt
batch 0 exclude.txt --exclude-file seen.txt --exclude "$3"
expect_in out "\"results\":[{\"rank\":1,\"id\":\"$fourth\""
expect_in out '"seen":3'

it 'one id a line of --candidates are the candidates of all'
printf '%s\n' smp:0001 exo-haze-2021 >two.txt
printf '%s\n' ra-ssa-2020 exo-clouds-2020 reef-cloud-2024 nobody >pool.txt
expect_rec 0 batch two.txt --candidates pool.txt --format trec
expect_in err "'pool.txt': 1 id is unknown to the store"
expect_equal 6 "$(wc -l <out)"
it 'rows of request and candidate are pools, and a request without a row has an empty answer'
printf 'smp:0001\tra-ssa-2020\n10.5555/OTH.2020.114\treef-cloud-2024\nbatt-garnet-2019\tsmp:0001\nnobody\tsmp:0001\n' >pools.tsv
expect_rec 0 batch two.txt --candidates pools.tsv --format trec
expect_equal 'smp:0001 reef-cloud-2024 smp:0001 ra-ssa-2020' "$(cut -d ' ' -f 1,3 out | tr '\n' ' ' | sed 's/ $//')"
batch 0 two.txt --candidates pools.tsv
expect_equal none "$(line 2 | sed 's/.*"status":"\([a-z]*\)".*/\1/')"
it 'candidates of a request replace those of the file'
echo '{"id":"exo-haze-2021","candidates":["exo-clouds-2020"]}' >own.txt
expect_rec 0 batch own.txt --candidates pools.tsv --format trec
expect_equal doi:10.5555/iar.2020.0416 "$(listed out)"

it 'a paper that is not stored is a text, and one that is stored is that paper'
cat >papers.jsonl <<'END'
{"paper":{"id":"2601.00001v2","title":"Murky water shields corals","abstract":"Clouds and murky water keep corals from bleaching."},"limit":1}
{"paper":{"title":"Murky water shields corals"},"limit":1}
{"paper":{"id":"a-new-key","doi":"10.5555/OTH.2020.114","title":"Anything"}}
END
batch 0 papers.jsonl
line 1 >answer
expect_in answer '"request":"2601.00001v2","id":null,"status":"ok"'
expect_in answer '"results":[{"rank":1,"id":"reef-cloud-2024"'
line 2 >answer
expect_in answer '"request":"murky-water-shields-corals","id":null,"status":"ok"'
line 3 >answer
expect_in answer '"request":"a-new-key","id":"doi:10.5555/oth.2020.114","status":"ok"'
it 'a title and a text are answered as similar answers them'
title='Cloudy weeks and murky water delay bleaching during marine heatwaves'
echo "{\"title\":\"$title\"}" >text.jsonl
must similar --title "$title" --format json
cp out wanted
batch 0 text.jsonl
expect_same_bytes wanted out
echo 'Clouds keep corals from bleaching.' >words.txt
must similar --title 'On clouds' --text words.txt --format json
cp out wanted
printf '%s\n' '{"title":"On clouds","text":"Clouds keep corals from bleaching.\n"}' >text.jsonl
batch 0 text.jsonl
expect_same_bytes wanted out
it 'a text without a title is named by its line in a run'
printf '%s\n' smp:0001 '{"text":"Clouds keep corals from bleaching."}' >text.jsonl
expect_rec 0 batch text.jsonl -k 1 --format trec
expect_equal 'line-2 Q0 reef-cloud-2024 1' "$(tail -n 1 out | cut -d ' ' -f 1-4)"

it 'a bad line is answered by its error, which names the member'
refused() { # code, words of the message, line
    printf 'exo-haze-2021\n%s\nexo-haze-2021\n' "$3" >bad.txt
    batch 6 bad.txt -k 1
    line 2 >answer
    expect_in answer '"status":"error","error":{"code":"'"$1"'","message":"'
    expect_in answer "$2"
    expect_equal "$(line 1)" "$(line 3)"
}
refused unknown_id "no paper 'nowhere'" nowhere
refused unknown_id "no paper 'arXiv:2401.99999'" '{"id":"2401.99999v3"}'
expect_in answer '"request":"2401.99999v3","id":"arXiv:2401.99999"'
refused bad_request 'the line is empty' ''
refused bad_request 'the line is empty' '   '
refused bad_request 'not a JSON object' '{'
refused bad_request 'not a JSON object' '{"id":"smp:0001"} and more'
refused bad_request 'not a JSON object' '{"id":"smp:0001","id":"exo-haze-2021"}'
refused bad_request 'not a JSON object' '{"id":"a\u0000b"}'
refused bad_request "expected one of the members 'id'" '{}'
refused bad_request "expected one of the members 'id'" '{"id":"smp:0001","title":"x"}'
refused bad_request "expected one of the members 'id'" '{"id":null}'
refused bad_request "unknown member 'limits'" '{"id":"smp:0001","limits":3}'
expect_in answer '"request":"smp:0001","id":null'
refused bad_request "unknown member 'min_score'" '{"id":"smp:0001","min_score":0.5}'
refused bad_request "member 'id'" '{"id":["smp:0001"]}'
refused bad_request "member 'limit'" '{"id":"smp:0001","limit":"3"}'
refused bad_request "member 'limit'" '{"id":"smp:0001","limit":-1}'
refused bad_request "member 'limit'" '{"id":"smp:0001","limit":2.5}'
refused bad_request 'limit must be 1 to 10000' '{"id":"smp:0001","limit":0}'
refused bad_request 'limit must be 1 to 10000' '{"id":"smp:0001","limit":9223372036854775807}'
refused bad_request 'limit and offset together' '{"id":"smp:0001","limit":10,"offset":9223372036854775807}'
refused bad_request "member 'offset'" '{"id":"smp:0001","offset":true}'
refused bad_request "member 'min-score'" '{"id":"smp:0001","min-score":"0.5"}'
refused bad_request "member 'min-band': 'good' is not one of" '{"id":"smp:0001","min-band":"good"}'
refused bad_request "member 'versions': 'all' is not one of" '{"id":"smp:0001","versions":"all"}'
refused bad_request "member 'exact'" '{"id":"smp:0001","exact":1}'
refused bad_request "member 'exclude'" '{"id":"smp:0001","exclude":"reef-cloud-2024"}'
refused bad_request "member 'candidates'" '{"id":"smp:0001","candidates":[1]}'
refused bad_request "member 'paper'" '{"paper":"smp:0001"}'
refused bad_request "member 'paper': field 'title'" '{"paper":{"id":"x","title":7}}'
refused bad_request "member 'paper': neither stored" '{"paper":{"id":"x"}}'
refused bad_request "member 'title'" '{"title":7}'
refused bad_request "member 'text'" '{"text":{}}'
refused bad_request 'the text is empty' '{"title":" "}'
it 'in a run a bad line is told on standard error alone'
printf 'nowhere\nsmp:0001\n' >bad.txt
expect_rec 6 batch bad.txt --format trec -k 1
expect_equal 1 "$(wc -l <out)"
expect_in err "bad.txt:1: no paper 'nowhere'"

it 'bytes that are no text, and lines far too long or deep, are answered as bad requests'
{
    printf 'caf\351\n'
    printf 'a\000b\n'
    printf '{"id":"\377"}\n'
    printf '{"id":"a\000b"}\n'
    printf '{"\342\202\254\342\202":1}\n'
    awk 'BEGIN { for (i = 0; i < 50000; i++) printf "{\"paper\":"; print "" }'
    awk 'BEGIN { for (i = 0; i < 50000; i++) printf "["; print "" }'
    awk 'BEGIN { for (i = 0; i < 131072; i++) printf "01234567"; print "" }'
    awk 'BEGIN { printf "{\"id\":\""; for (i = 0; i < 131072; i++) printf "01234567"; print "\"}" }'
    awk 'BEGIN { printf "{\""; for (i = 0; i < 131072; i++) printf "\303\251234567"; print "\":1}" }'
    awk 'BEGIN { printf "{\"text\":\""; for (i = 0; i < 262144; i++) printf "words and"; print "\"}" }'
    printf 'smp:0001\r\n'
} >hostile.txt
batch 6 hostile.txt -k 1
expect_equal 11 "$(grep -c '"code":"bad_request"' out)"
expect_in err '11 of 12 requests failed'
line 12 >answer
expect_in answer '"request":"smp:0001","id":"doi:10.5555/oth.2020.114","status":"ok"'
if has sqlite3; then
    it 'every answer to hostile lines is JSON'
    expect_equal 12 "$(sqlite3 :memory: '.mode list' 'CREATE TABLE t (x)' '.separator \001' '.import out t' 'SELECT sum(json_valid(x)) FROM t')"
fi
it 'a line of more than 16 MiB is answered as a bad request, and the next one as ever'
{ awk 'BEGIN { for (i = 0; i < 2097153; i++) printf "01234567"; print "" }' && echo smp:0001; } >long.txt
batch 6 long.txt -k 1
line 1 >answer
expect_in answer '"request":null,"id":null,"status":"error","error":{"code":"bad_request"'
line 2 >answer
expect_in answer '"status":"ok"'

it 'failures are told up to twenty, then counted'
awk 'BEGIN { for (i = 0; i < 100; i++) print "nobody-" i }' >many.txt
batch 6 many.txt
expect_equal 21 "$(wc -l <err)"
expect_in err '100 of 100 requests failed'
expect_rec 6 batch many.txt --quiet
expect_empty err

it 'an answer comes before the next request is read'
mkfifo asking
(exec 3>asking && echo smp:0001 >&3 && until [ -e seen ]; do sleep 0.1; done) &
feeder=$!
"$RECOMMEND" batch -k 1 <asking >early 2>err &
batch=$!
wait_for_file early $batch
ran='recommend batch -k 1, asked through a pipe that stays open'
checks=$((checks + 1))
[ -s early ] || fail 'an answer while the pipe is open' "$(cat early err)"
: >seen
wait $feeder $batch

it 'across a batch no paper is suggested twice, and none of its seeds'
{
    sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' "$SAMPLE" | head -n 12
    echo '{"text":"coral larvae settle on reefs","like":"smp:0001"}'
    echo nobody
    echo '{"paper":{"id":"unseen","title":"Coral reefs and their larvae"}}'
} >seeds.txt
expect_rec 6 batch seeds.txt -k 3 --format trec -q
cp out repeated
expect_number "$(listed repeated | sort | uniq -d | wc -l)" -gt 0
expect_rec 6 batch seeds.txt -k 3 --format trec -q --unique-across
cp out unique
expect_empty err
listed unique | sort >suggested
expect_equal 42 "$(wc -l <suggested)"
expect_equal '' "$(uniq -d suggested)"
while read -r id; do
    "$RECOMMEND" show "$id" --format json 2>/dev/null | sed 's/.*"id":"\([^"]*\)".*/\1/'
done <seeds.txt | sort -u >asked
expect_number "$(wc -l <asked)" -ge 12
expect_equal '' "$(comm -12 suggested asked)"
head -n 1 seeds.txt >one
expect_rec 0 batch one
cp out alone
expect_rec 0 batch one --unique-across
expect_same_bytes alone out

it 'what can be read once alone is kept for the second reading'
for how in cat 'gzip -c'; do
    ran="$how seeds.txt | recommend batch --unique-across"
    $how seeds.txt | "$RECOMMEND" batch -k 3 --format trec -q --unique-across >out 2>err
    status=$?
    expect_status 6
    expect_same_bytes unique out
done
mkfifo once
cat seeds.txt >once &
expect_rec 6 batch once -k 3 --format trec -q --unique-across
expect_same_bytes unique out
batch 6 seeds.txt -k 3 -q --unique-across
line 14 >answer
expect_in answer '"code":"unknown_id"'
expect_rec 1 batch missing.txt --unique-across
expect_rec 1 batch . --unique-across

it 'a paper that is not stored may hold markup, controls and a megabyte of text'
{
    printf '%s\n' '{"paper":{"id":"markup","title":"<script>alert(1)</script> Coral &amp; larvae","abstract":"<b>Reefs</b> \u0007 and \u001b[31mred\u001b[0m coral"}}'
    awk 'BEGIN { printf "{\"paper\":{\"id\":\"long\",\"title\":\"Coral\",\"abstract\":\""; for (i = 0; i < 65535; i++) printf "coral larvae "; print "\"}}" }'
    awk 'BEGIN { printf "{\"paper\":{\"id\":\"longer\",\"title\":\"Coral\",\"abstract\":\""; for (i = 0; i < 90000; i++) printf "coral larvae "; print "\"}}" }'
    printf '%s\n' '{"paper":{"id":"deep","title":{"a":["coral"]}}}' '{"paper":{"id":"bell\u0007","title":"Coral"}}'
} >unstored.txt
batch 6 unstored.txt -k 2
expect_equal 2 "$(grep -c '"status":"ok"' out)"
expect_equal 3 "$(grep -c '"code":"bad_request"' out)"
line 1 >answer
expect_in answer '"request":"markup","id":null,"status":"ok"'
expect_equal 0 "$(LC_ALL=C tr -d '\n' <out | LC_ALL=C tr -dc '\000-\037' | wc -c)"

it 'wrong usage and missing things have their exit status'
expect_rec 2 batch ids.txt order.txt
expect_rec 2 batch ids.txt --format json
expect_in err 'jsonl, trec'
expect_rec 2 batch ids.txt --min-band good
expect_rec 1 batch missing.txt
expect_rec 1 batch ids.txt --exclude-file missing.txt
expect_rec 5 --db none.db batch ids.txt
: >nothing.txt
expect_rec 0 batch nothing.txt
expect_empty out

it 'a store that is not indexed yet fails each request, and says what to do'
must --db raw.db import --no-build -q "$SAMPLE"
rec --db raw.db batch ids.txt
expect_status 6
expect_equal 3 "$(grep -c '"code":"store_unusable".*recommend build' out)"

finish
