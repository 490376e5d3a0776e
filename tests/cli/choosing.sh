# Choosing papers: filters, seeds and exclusions in every verb that lists papers, and what is said of a list that is short.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

# 700 papers, so that an index proposes: one in seven is of sea.TIDE, one in 350 of rare.ONE; years 2010 to 2019, none for p700.
awk "$INVENTED_LANGUAGE"'
    BEGIN {
        for (i = 1; i <= 700; i++) {
            topic = pick(9)
            printf "{\"id\":\"p%d\",\"title\":\"%s %d\",\"abstract\":\"%s\"", i, words(6, topic), i, words(50, topic)
            if (i < 700)
                printf ",\"date\":\"%d%s\"", 2010 + i % 10, i % 3 == 0 ? "-07-15" : i % 3 == 1 ? "-07" : ""
            printf ",\"categories\":[\"%s\"%s]}\n", i % 7 ? "land.DUST" : "sea.TIDE", i % 350 == 1 ? ",\"rare.ONE\"" : ""
        }
    }' >papers.jsonl
must import -q papers.jsonl
# year, category, rare: what each paper is filtered by.
awk 'BEGIN { for (i = 1; i <= 700; i++) print "p" i, i < 700 ? 2010 + i % 10 : 0, i % 7 ? "land" : "sea", i % 350 == 1 }' >facts

# The first `count` of an unfiltered list of all papers that pass a condition on y(ear), c(ategory) and r(are).
expect_best() { # count, condition
    awk -v count="$1" 'NR == FNR { year[$1] = $2; category[$1] = $3; rare[$1] = $4; next }
        { y = year[$2]; c = category[$2]; r = rare[$2] }
        '"$2"' && n++ < count { print $2 }' facts all.tsv >expected
    cut -f 2 out >came
    expect_same_bytes expected came
}

it 'what fails a filter is not listed, and the list is filled with the next best'
for seed in p3 p77 p700; do
    must similar $seed --exact -k 700 --versions keep --format tsv
    cp out all.tsv
    expect_number "$(wc -l <all.tsv)" -eq 699
    for how in '' --exact; do
        for k in 3 20; do
            # shellcheck disable=SC2086 # nothing, or an option
            {
                expect_rec 0 similar $seed $how -k $k --format tsv --category sea
                expect_best $k 'c == "sea"'
                expect_rec 0 similar $seed $how -k $k --format tsv --category sea.tide --since 2015
                expect_best $k 'c == "sea" && y >= 2015'
                expect_rec 0 similar $seed $how -k $k --format tsv --not-category land --until 2011
                expect_best $k 'c == "sea" && y && y <= 2011'
                expect_rec 0 similar $seed $how -k $k --format tsv --since 2013 --until 2013
                expect_best $k 'y == 2013'
                expect_rec 0 similar $seed $how -k $k --offset 2 --format tsv --category rare --category 'sea.*' --not-category land.DUST
                expect_number "$(wc -l <out)" -eq $k
            }
        done
        # shellcheck disable=SC2086
        expect_rec 0 similar $seed $how --format tsv --category rare
        expect_best 10 'r == 1'
    done
done

it 'the ends of a window are in, and a partial date is a span'
printf '{"id":"a","title":"Barnacle hulls"}\n{"id":"b","title":"Barnacle piers","date":"2020-05"}\n%s\n' \
    '{"id":"c","title":"Barnacle buoys","date":"2020-05-31"}' >few.jsonl
must import -q --db few.db few.jsonl
for window in '--since 2020-05-31' '--until 2020-05-31' '--since 2020-05-31 --until 2020-05-31' '--since 2020' '--until 2020-06'; do
    # shellcheck disable=SC2086
    expect_rec 0 search --db few.db --format tsv $window barnacle
    expect_equal 2 "$(wc -l <out)"
done
expect_rec 0 search --db few.db --format tsv --until 2020-05-30 barnacle
expect_equal b "$(cut -f 2 out)"
expect_rec 0 similar --db few.db --format json a --since 2020-06
expect_in out '"status":"none"'
expect_in out '"filtered":2'

it 'search, rank and batch filter as similar does'
must search -k 1 --format tsv -- "$(sed -n 's/.*"title":"\([a-z]*\) .*/\1/p' papers.jsonl | head -n 1)"
word=$(sed -n 's/.*"title":"\([a-z]*\) .*/\1/p' papers.jsonl | head -n 1)
expect_rec 0 search --format tsv -k 700 --versions keep "$word"
cp out all.tsv
expect_rec 0 search --format tsv -k 2 --since 2014 --versions keep "$word"
expect_best 2 'y >= 2014'
must similar p3 --exact -k 700 --versions keep --format tsv
cp out all.tsv
seq 1 700 | sed 's/^/p/' >pool.txt
expect_rec 0 rank p3 --candidates pool.txt --format tsv --category sea --since 2018 --versions keep
expect_best 700 'c == "sea" && y >= 2018'
for line in '{"id":"p3","category":"sea","since":"2018"}' '{"id":"p3","category":["nowhere","sea"],"since":"2018","until":null}' \
    '{"id":"p3","not-category":"land","since":"2018"}' '{"id":"p3","since":"2018","not-category":["land"],"category":[]}'; do
    echo "$line" >line
    expect_rec 0 batch --format trec line
    awk '{ print "x\t" $3 }' out >out.tsv && mv out.tsv out
    expect_best 10 'c == "sea" && y >= 2018'
done

it 'a request of a batch has its own filter, or the one of the command line'
printf '%s\n' p3 '{"id":"p3","since":"2018"}' '{"id":"p3","category":"land"}' >lines
expect_rec 0 batch --format trec -k 700 --category sea --until 2018 lines
awk '{ print "x\t" $3 }' out >out.tsv && mv out.tsv out
for condition in 'c == "sea" && y && y <= 2018' 'c == "sea" && y == 2018' 'c == "land" && y && y <= 2018'; do
    awk 'NR == FNR { year[$1] = $2; category[$1] = $3; next } { y = year[$2]; c = category[$2] } '"$condition"' { print $2 }' facts all.tsv
done >expected
cut -f 2 out >came
expect_same_bytes expected came

it 'what cannot be a filter is refused'
expect_rec 2 similar p3 --since yesterday
expect_in err "since: 'yesterday' is not a date"
expect_rec 2 similar p3 --until 2023-02-29
expect_rec 2 similar p3 --since 2020 --until 2019-12-31
expect_in err 'since 2020 and until 2019-12-31 leave no day'
expect_rec 2 search --category '' word
expect_rec 2 rank p3 --candidates pool.txt --not-category 'a"b'
printf '%s\n' '{"id":"p3","since":2020}' '{"id":"p3","until":"soon"}' '{"id":"p3","category":{}}' '{"id":"p3","category":["sea",1]}' \
    '{"id":"p3","not-category":"a\\b"}' '{"id":"p3","since":"2021","until":"2020"}' >bad
expect_rec 6 batch -q bad
expect_equal 6 "$(grep -c '"status":"error","error":{"code":"bad_request"' out)"
for member in since category not-category; do
    expect_in out "member '$member'"
done

it 'several ids are several seeds, and none of them is listed'
expect_rec 0 similar p3 p77 p100 --format json -k 50
expect_in out '"request":"p3","id":"p3","status":"ok"'
for id in p3 p77 p100; do
    expect_not_in out "\"id\":\"$id\",\"score\""
done
cp out several.json
expect_rec 0 similar --like p77 p3 --like p100 --format json -k 50
expect_same_bytes several.json out
echo '{"id":"p3","like":["p77","p100"],"limit":50}' >line
expect_rec 0 batch line
expect_same_bytes several.json out
expect_rec 0 batch line --like p200
expect_same_bytes several.json out
expect_rec 0 rank p3 p77 p100 --candidates pool.txt --format json -k 50
expect_same_bytes several.json out
expect_rec 0 similar p3 --unlike p77 --format tsv
expect_equal 10 "$(wc -l <out)"
expect_equal 0 "$(cut -f 2 out | grep -cx 'p3\|p77')"
expect_rec 0 similar --title "$(sed -n 's/.*"title":"\([a-z ]*\) .*/\1/p' papers.jsonl | sed -n 5p) other" --like p9 --unlike p10 --format json
expect_in out '"status":"ok"'
for line in '{"paper":{"id":"new","title":"barnacle"},"like":"p9"}' '{"text":"barnacle","unlike":["p9"],"like":["p10"]}'; do
    echo "$line" >line
    expect_rec 0 batch line
    expect_in out '"status":"'
done

it 'a seed that is not stored, or cannot be, is an error'
expect_rec 3 similar p3 nobody
expect_in err "no paper 'nobody' in store"
expect_rec 3 similar p3 --unlike p7001
expect_in err 'did you mean'
expect_rec 2 similar p3 p77 --unlike p77
expect_rec 2 similar p3 --unlike p3
expect_rec 2 similar --like p3
# shellcheck disable=SC2046 # ids without blanks
expect_rec 2 similar $(head -n 101 pool.txt)
printf '%s\n' '{"id":"p3","like":"nobody"}' '{"id":"p3","unlike":7}' '{"id":"p3","like":"p5","unlike":"p5"}' '{"id":"p3","like":[""]}' >bad
expect_rec 6 batch -q bad
expect_equal 1 "$(grep -c '"code":"unknown_id","message":"member .like.: no paper .nobody.' out)"
expect_equal 3 "$(grep -c '"code":"bad_request"' out)"

it 'a diverse list is another order of the best, and no diversity is none'
must similar p3 --format json
cp out plain.json
expect_rec 0 similar p3 --format json --diversity 0
expect_same_bytes plain.json out
expect_rec 0 similar p3 --format tsv --diversity 0.7 --exact
cut -f 2 out >diverse
expect_equal 10 "$(sort -u diverse | wc -l)"
must similar p3 --format tsv -k 200 --exact
cut -f 2 out >best
expect_equal 10 "$(grep -cxFf diverse best)"
expect_equal "$(head -n 1 best)" "$(head -n 1 diverse)"
expect_number "$(head -n 10 best | grep -cxFf diverse)" -lt 10
expect_rec 0 similar p3 --format tsv --diversity 0.7 -k 4 --offset 3 --exact
sed -n 4,7p diverse >expected
cut -f 2 out >came
expect_same_bytes expected came
echo '{"id":"p3","diversity":0.7,"exact":true}' >line
expect_rec 0 batch --format trec line
listed out >came
expect_same_bytes diverse came
expect_lines_like out '^p3 Q0 p[0-9]* [0-9]+ 0[.][0-9]{9} recommend$'
expect_rec 0 similar p3 --format tsv --diversity 0.7 -k 200
expect_equal 200 "$(cut -f 2 out | sort -u | wc -l)"
for wrong in -0.1 1.5 much; do
    expect_rec 2 similar p3 --diversity=$wrong
done
expect_rec 2 similar p3 --diversity 0.5 -k 501
expect_rec 2 search --diversity 0.5 word

it 'search leaves out, cuts and passes over as the others do'
must search --format tsv -k 5 "$word"
cut -f 2 out >five
first=$(head -n 1 five)
expect_rec 0 search --format json -k 5 --exclude "$first" "$word"
expect_in out '"seen":1'
expect_not_in out "\"id\":\"$first\",\"score\""
expect_rec 0 search --format tsv -k 5 --exclude-file five "$word"
expect_equal 0 "$(cut -f 2 out | grep -cxFf five)"
expect_rec 4 search --min-score 0.999 "$word"
expect_rec 4 search --min-band strong --min-score 0.99 "$word"
expect_rec 1 search --exclude-file missing.txt "$word"

it 'words say what was left out of a list, and why it is short'
expect_rec 0 similar p3
expect_empty err
expect_rec 0 similar p3 --category rare
expect_in err '2 of 10 papers; left out: '
expect_in err ' filtered'
expect_rec 0 similar p3 --category rare -q
expect_empty err
expect_rec 0 similar p3 --category rare --format json
expect_empty err
expect_rec 0 similar --db few.db a
expect_in err '2 of 10 papers; no other can be listed'
must similar p3 --format tsv -k 2
cut -f 2 out >two
expect_rec 0 similar p3 --exclude-file two
expect_in err '10 papers; left out: 2 excluded'
expect_rec 4 similar p3 --min-score 0.9999
expect_in err '0 of 10 papers; left out: 10 below the threshold'

finish
