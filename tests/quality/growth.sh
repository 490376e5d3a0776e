# Papers, then a twelfth more: at least 99.9% of all entries of lists are those of lists that are made again with the same model.
#   growth.sh OLD NEW
. "$SOURCE/tests/quality/lib.sh"
need train/arxiv-daily.jsonl.zst
command -v zstd >/dev/null || { echo "SKIPPED: no zstd to cut the papers out with"; exit 77; }

zstd -dcq "$DATA/train/arxiv-daily.jsonl.zst" 2>/dev/null | head -n $(($1 + $2)) >all.jsonl
head -n "$1" all.jsonl >old.jsonl
tail -n "$2" all.jsonl >new.jsonl

entries() { # file that takes query, paper and score of the first 40 of each paper, in order
    "$RECOMMEND" --db store.db batch --quiet -k 40 --versions keep --format trec ids.txt | cut -d ' ' -f 1,3,5 | LC_ALL=C sort >"$1"
}

model() {
    "$RECOMMEND" --db store.db info --format json | sed 's/.*"vectors":[0-9]*,"fingerprint":"\([0-9a-f]*\)".*/\1/'
}

"$RECOMMEND" --db store.db import --quiet old.jsonl || fail "import"
before=$(model)
"$RECOMMEND" --db store.db import --quiet new.jsonl || fail "import of more"
"$RECOMMEND" --db store.db export --quiet | sed 's/^{"schema_version":1,"id":"\([^"]*\)".*/\1/' >ids.txt
entries grown.txt
rm store.db-index.*
"$RECOMMEND" --db store.db build --quiet || fail "build"
[ "$(model)" = "$before" ] || fail "the model was fitted again: there is nothing to compare"
entries anew.txt
all=$(wc -l <anew.txt)
equal=$(LC_ALL=C comm -12 grown.txt anew.txt | wc -l)
echo "$equal of $all entries are equal"
[ "$all" -gt $((($1 + $2) * 30)) ] || fail "only $all entries"
[ $((equal * 1000)) -ge $((all * 999)) ] || fail "$equal of $all entries are equal"
finish
rm -f store.db store.db-* ./*.jsonl ./*.txt
