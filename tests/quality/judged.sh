# nDCG@10 on a judged collection does not fall below a floor.
#   judged.sh SET [SIGNAL FLOOR]...
. "$SOURCE/tests/quality/lib.sh"
set=$1
shift
need "dev/$set/corpus.jsonl.zst"

"$RECOMMEND" import --quiet --db store.db "$DATA/dev/$set/corpus.jsonl.zst" || { echo "FAILED: import"; exit 1; }
while [ $# -gt 1 ]; do
    ndcg=$("$RECOMMEND" eval --db store.db --qrels "$DATA/dev/$set/qrels.$1.tsv.zst" --queries "$DATA/dev/$set/queries.$1.txt" \
        --candidates "$DATA/dev/$set/candidates.txt" | awk '$1 == "nDCG@10" { print $2 }')
    echo "$set $1: nDCG@10 $ndcg, at least $2"
    awk -v got="${ndcg:-0}" -v floor="$2" 'BEGIN { exit !(got >= floor) }' || fail "$set $1: nDCG@10 is '$ndcg', below $2"
    shift 2
done
finish
