# 222,000 papers: import, build, and answer one as a whole process in under 20 ms; an import of a few more is quick. Behind `tests/run --long`.
. "$SOURCE/tests/quality/lib.sh"
need train/paperlists.jsonl.zst
need train/arxiv-daily.jsonl.zst

"$RECOMMEND" import --quiet --db store.db "$DATA/train/paperlists.jsonl.zst" "$DATA/train/arxiv-daily.jsonl.zst" ||
    { echo "FAILED: import"; exit 1; }
"$RECOMMEND" info --db store.db --format json | grep -q '"indexed":222026' || fail "not all papers are indexed"

id=$("$RECOMMEND" search --db store.db --format tsv -k 5000 -- language model | cut -f 2 | grep '^arXiv:2501' | head -n 1)
[ -n "$id" ] || fail "no paper of January 2025"
[ "$("$RECOMMEND" --db store.db --format tsv "$id" | wc -l)" -eq 10 ] || fail "'$id' has no ten suggestions"
count=100
start=$(date +%s%N)
for i in $(seq $count); do "$RECOMMEND" --db store.db "$id" >/dev/null; done
end=$(date +%s%N)
each=$(((end - start) / count / 1000))
echo "a stored paper: $each microseconds a process"
[ "$each" -lt 20000 ] || fail "a stored paper takes $each microseconds"

"$RECOMMEND" check --db store.db || fail "check"
finish
rm -f store.db store.db-*
