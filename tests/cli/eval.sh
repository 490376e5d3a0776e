# Scoring: the figures of rankings whose scores can be computed by hand, their intervals, runs in and out, and comparisons.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=sample.db

must import -q "$SAMPLE"

# Reads a figure of the table: the column behind the measure's name.
figure() { # measure, column
    awk -v name="$1" -v column="$2" '$1 == name { print $column }' out | tr -d '[],'
}

# Four queries with one relevant paper each, which the run finds at places 1, 2 and 4, and not at all.
printf '%s\tra-ssa-2020\t1\n' smp:0001 exo-haze-2021 batt-garnet-2019 ir-scirec-2022 >qrels.tsv
cat >hand.run <<'END'
smp:0001 Q0 ra-ssa-2020 1 9 hand
exo-haze-2021 Q0 exo-clouds-2020 1 9 hand
exo-haze-2021 Q0 ra-ssa-2020 2 8 hand
batt-garnet-2019 Q0 exo-clouds-2020 1 9 hand
batt-garnet-2019 Q0 smp:0001 2 8 hand
batt-garnet-2019 Q0 no-such-paper 3 7 hand
batt-garnet-2019 Q0 ra-ssa-2020 4 6 hand
END
it '--run scores the run, and a query that it does not answer scores 0'
expect_rec 0 eval --qrels qrels.tsv --run hand.run
expect_equal 4 "$(figure queries 2)"
expect_equal 0.5154 "$(figure nDCG@10 2)" # (1 + 1/log2(3) + 1/log2(5) + 0) / 4
expect_equal 0.0750 "$(figure P@10 2)"
expect_equal 0.4375 "$(figure MAP@100 2)" # (1 + 1/2 + 1/4 + 0) / 4
expect_equal 0.7500 "$(figure R@50 2)"
it 'every mean lies in its interval'
for measure in nDCG@10 P@10 MAP@100 R@50; do
    mean=$(figure $measure 2) low=$(figure $measure 3) high=$(figure $measure 4)
    expect_equal in "$(awk -v m="$mean" -v l="$low" -v h="$high" 'BEGIN { print (l < m && m < h ? "in" : l " " m " " h) }')"
done
it 'the same bytes come out every time'
cp out figures
expect_rec 0 eval --qrels qrels.tsv --run hand.run
expect_same_bytes figures out
it 'the order of the lines and the ranks of a run say nothing: scores do'
sort -r hand.run | awk '{ $4 = 7; print }' >turned.run
expect_rec 0 eval --qrels qrels.tsv --run turned.run
expect_same_bytes figures out
it 'judgements and runs may be compressed, and qrels be those of TREC'
awk '{ print $1, 0, $2, $3 }' qrels.tsv >qrels.trec
gzip -c qrels.trec >qrels.gz
gzip -c hand.run >run.gz
expect_rec 0 eval --qrels qrels.gz --run run.gz
expect_same_bytes figures out

it 'a query that is not stored scores 0, and one that is named twice counts once'
printf '%s\n' smp:0001 smp:0001 exo-haze-2021 10.5555/OTH.2020.114 nobody >queries.txt
expect_rec 0 eval --qrels qrels.tsv --queries queries.txt --run hand.run
expect_in err '1 queries and 0 candidates are unknown to the store'
expect_equal 3 "$(figure queries 2)"
expect_equal 0.5000 "$(figure MAP@100 2)"

it '--candidates restricts a run to these papers'
printf '%s\n' ra-ssa-2020 smp:0001 >pool.txt
expect_rec 0 eval --qrels qrels.tsv --run hand.run --candidates pool.txt
expect_equal 0.6250 "$(figure MAP@100 2)" # (1 + 1 + 1/2 + 0) / 4
it 'or each query to its own, and a query without any scores 0'
printf 'batt-garnet-2019\tra-ssa-2020\nexo-haze-2021\texo-clouds-2020\n' >pools.tsv
expect_rec 0 eval --qrels qrels.tsv --run hand.run --candidates pools.tsv
expect_equal 0.2500 "$(figure MAP@100 2)"

printf 'smp:0001\treef-cloud-2024\t2\nsmp:0001\tdoi:10.5555/jie.2025.0031\t1\nexo-haze-2021\texo-clouds-2020\t1\nbatt-garnet-2019\tbatt-wetting-2020\t1\n' >own.tsv
it 'our ranking is scored, restricted to a pool for each query where there is one'
expect_rec 0 eval --qrels own.tsv
cp out ours
expect_equal 1.0000 "$(figure R@50 2)"
printf 'smp:0001\treef-cloud-2024\nsmp:0001\tra-ssa-2020\nexo-haze-2021\texo-clouds-2020\nbatt-garnet-2019\tbatt-wetting-2020\n' >pools.tsv
expect_rec 0 eval --qrels own.tsv --candidates pools.tsv
expect_equal 0.8333 "$(figure R@50 2)" # one of two, one, one
expect_rec 0 eval --qrels own.tsv --candidates pools.tsv --exact
expect_equal 0.8333 "$(figure R@50 2)"

it '--write-run writes our ranking as a TREC run, to depth 100 at most, over what was there'
echo old >ours.run
expect_rec 0 eval --qrels own.tsv --write-run ours.run
expect_same_bytes ours out
expect_lines_like ours.run '^[^ ]+ Q0 [^ ]+ [0-9]+ [01]\.[0-9]{9} recommend$'
expect_equal 3 "$(cut -d ' ' -f 1 ours.run | sort -u | wc -l)"
expect_rec 0 similar smp:0001 -k 100 --versions keep --format trec
grep '^doi:10.5555/oth.2020.114 ' ours.run >part
expect_equal "$(cut -d ' ' -f 3- out)" "$(cut -d ' ' -f 3- part)"
it 'and that run scores what the ranking scored'
expect_rec 0 eval --qrels own.tsv --run ours.run
expect_same_bytes ours out

it 'a run compared with itself differs by nothing, p 1'
expect_rec 0 eval --qrels own.tsv --run ours.run --vs ours.run
for measure in nDCG@10 P@10 MAP@100 R@50; do
    expect_equal "$(figure $measure 2)" "$(figure $measure 5)"
    expect_equal '+0.0000 +0.0000 +0.0000 1.0000' "$(figure $measure 6) $(figure $measure 7) $(figure $measure 8) $(figure $measure 9)"
done
it '--vs compares query by query: the difference of the means, and the sign of each query flipped at random'
awk '{ print $1, $2, $3, $4, 10 - $5, $6 }' hand.run >worse.run
: >empty.run
expect_rec 0 eval --qrels qrels.tsv --run hand.run --vs empty.run
expect_equal 0.0000 "$(figure MAP@100 5)"
expect_equal +0.4375 "$(figure MAP@100 6)"
# Of the 16 choices of signs of 1, 1/2, 1/4 and 0 four reach the sum.
expect_equal in "$(awk -v p="$(figure MAP@100 9)" 'BEGIN { print (p > .22 && p < .28 ? "in" : p) }')"
expect_rec 0 eval --qrels qrels.tsv --run empty.run --vs hand.run
expect_equal -0.4375 "$(figure MAP@100 6)"
expect_rec 0 eval --qrels qrels.tsv --vs hand.run
expect_equal 0.4375 "$(figure MAP@100 5)"

it 'a difference that holds for many queries has the smallest p there is'
sed -n 's/^{"id": "\([^"]*\)".*/\1/p' "$SAMPLE" | grep -v ra-ssa | head -n 40 >many.txt
awk '{ print $1 "\tra-ssa-2020\t1" }' many.txt >many.tsv
awk '{ print $1, "Q0 ra-ssa-2020 1 1 x" }' many.txt >good.run
expect_rec 0 eval --qrels many.tsv --run good.run --vs empty.run --format json
expect_in out '"p":0.00024993'
expect_in out '"difference":1.0,"difference_interval":[1.0,1.0]'

if has sqlite3; then
    it 'JSON has the means, their intervals and the comparison of each measure'
    expect_rec 0 eval --qrels qrels.tsv --run hand.run --vs worse.run --format json
    expect_equal 1 "$(wc -l <out)"
    json() {
        sqlite3 :memory: "SELECT json_extract(readfile('out'), '$1')"
    }
    expect_equal 4 "$(json '$.queries')"
    expect_equal worse.run "$(json '$.vs.run')"
    for measure in ndcg@10 p@10 map@100 r@50; do
        for path in "\$.\"$measure\"" "\$.intervals.\"$measure\"[0]" "\$.intervals.\"$measure\"[1]" "\$.vs.\"$measure\".mean" \
            "\$.vs.\"$measure\".interval[1]" "\$.vs.\"$measure\".difference" "\$.vs.\"$measure\".difference_interval[0]" "\$.vs.\"$measure\".p"; do
            json "$path" >number
            expect_lines_like number '^-?[0-9.]+(e-[0-9]+)?$'
        done
    done
    expect_equal 0.4375 "$(json '$."map@100"')"
else
    skip 'JSON: there is no sqlite3 to read it with'
fi

it 'wrong usage and files that are missing or malformed have their exit status'
expect_rec 2 eval --run hand.run
expect_rec 2 eval --qrels qrels.tsv --run hand.run --write-run new.run
expect_in err 'neither --write-run nor --exact'
expect_rec 2 eval --qrels qrels.tsv --run hand.run --exact
expect_rec 2 eval --qrels qrels.tsv --format trec
expect_rec 2 eval --qrels empty.run
expect_in err 'no query'
for option in --qrels --queries --candidates --run --vs; do
    expect_rec 1 eval --qrels qrels.tsv $option missing.file
    expect_in err "'missing.file'"
done
expect_rec 1 eval --qrels own.tsv --write-run no-folder/ours.run
expect_in err "cannot write 'no-folder/ours.run'"
printf 'smp:0001 Q0 ra-ssa-2020 1 9 x\nsmp:0001 Q0 ra-ssa-2020 1 high x\n' >bad.run
expect_rec 1 eval --qrels qrels.tsv --run bad.run
expect_in err "bad.run:2: field 'score': 'high' is not a number"
printf 'smp:0001\tra-ssa-2020\t1\nsmp:0001\tra-ssa\0002020\t1\n' >nul.tsv
expect_rec 1 eval --qrels nul.tsv
expect_in err 'nul.tsv:2: the line holds a NUL'
expect_rec 5 --db none.db eval --qrels qrels.tsv

it 'a run is no store: neither is --write-run given its name'
ln -s sample.db link.db
cp sample.db before.db
for name in sample.db link.db; do
    expect_rec 2 eval --qrels own.tsv --write-run $name
    expect_in err "cannot write '$name': it is the store"
    expect_same_bytes before.db sample.db
done
rm link.db

it 'a run that cannot be written whole is a failure, and leaves what was there'
echo old >kept.run
run sh -c 'ulimit -f 8; exec "$0" "$@"' "$RECOMMEND" eval --qrels many.tsv --write-run kept.run
expect_status 1
expect_in err "cannot write 'kept.run'"
expect_equal old "$(cat kept.run)"
expect_equal no "$([ -e kept.run.tmp ] && echo yes || echo no)"
expect_rec 2 eval --qrels own.tsv --write-run /dev/null
expect_in err 'it is no regular file'

finish
