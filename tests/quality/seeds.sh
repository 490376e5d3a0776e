# Two seeds find what is relevant to both: nDCG@10 does not fall below a floor, and beats the first seed alone.
#   seeds.sh SET SIGNAL FLOOR
. "$SOURCE/tests/quality/lib.sh"
set=$1 signal=$2 floor=$3
need "dev/$set/corpus.jsonl.zst"

"$RECOMMEND" import --quiet --db store.db "$DATA/dev/$set/corpus.jsonl.zst" || { echo "FAILED: import"; exit 1; }
zstd -dc "$DATA/dev/$set/qrels.$signal.tsv.zst" >qrels.tsv
# The second seed of a query is the middle one of its relevant papers that are queries too; three papers relevant to both make a case.
awk -F '\t' '
    NR == FNR { if ($3 > 0) { relevant[$1, $2] = 1; list[$1] = list[$1] " " $2 } next }
    {
        n = split(list[$1], papers, " ")
        m = 0
        for (i = 1; i <= n; i++)
            if (papers[i] in list)
                seeds[++m] = papers[i]
        if (m == 0)
            next
        second = seeds[int((m + 1) / 2)]
        common = ""
        count = 0
        for (i = 1; i <= n; i++)
            if (papers[i] != second && relevant[second, papers[i]]) {
                common = common $1 "\t" papers[i] "\t1\n"
                count++
            }
        if (count < 3)
            next
        printf "%s", common >"both.tsv"
        print $1 >"queries.txt"
        printf "{\"id\":\"%s\",\"like\":\"%s\"}\n", $1, second >"two.jsonl"
        printf "{\"id\":\"%s\",\"exclude\":[\"%s\"]}\n", $1, second >"one.jsonl"
    }' qrels.tsv "$DATA/dev/$set/queries.$signal.txt"

ndcg() { # requests
    "$RECOMMEND" batch --quiet --db store.db --format trec -k 100 --candidates "$DATA/dev/$set/candidates.txt" "$1" >run.trec ||
        { echo "FAILED: batch"; exit 1; }
    "$RECOMMEND" eval --db store.db --format json --qrels both.tsv --queries queries.txt --run run.trec |
        grep -o '"ndcg@10":[^0-9]*[0-9.]*' | sed 's/.*[^0-9.]//' | head -n 1
}
one=$(ndcg one.jsonl)
two=$(ndcg two.jsonl)
echo "$set $signal, $(wc -l <queries.txt) queries: nDCG@10 $two with two seeds, at least $floor; $one with the first alone"
awk -v one="${one:-1}" -v two="${two:-0}" -v floor="$floor" 'BEGIN { exit !(two >= floor && two > one) }' || fail "$set $signal: '$two' with two seeds"
finish
