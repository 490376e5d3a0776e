# nDCG@10 on a judged collection does not fall below a floor.
#   judged.sh SET [--without-table] [SIGNAL FLOOR]...
. "$SOURCE/tests/quality/lib.sh"
set=$1
shift
need "dev/$set/corpus.jsonl.zst"

"$RECOMMEND" import --quiet --db store.db "$DATA/dev/$set/corpus.jsonl.zst" || { echo "FAILED: import"; exit 1; }
if [ "$1" = --without-table ]; then
    "$RECOMMEND" build --quiet --without-table --db store.db || { echo "FAILED: build"; exit 1; }
    shift
fi
while [ $# -gt 1 ]; do
    ndcg=$("$RECOMMEND" eval --db store.db --format json --qrels "$DATA/dev/$set/qrels.$1.tsv.zst" --queries "$DATA/dev/$set/queries.$1.txt" \
        --candidates "$DATA/dev/$set/candidates.txt" | grep -o '"ndcg@10":[^0-9]*[0-9.]*' | sed 's/.*[^0-9.]//' | head -n 1)
    echo "$set $1: nDCG@10 $ndcg, at least $2"
    awk -v got="${ndcg:-0}" -v floor="$2" 'BEGIN { exit !(got >= floor) }' || fail "$set $1: nDCG@10 is '$ndcg', below $2"
    shift 2
done
finish
