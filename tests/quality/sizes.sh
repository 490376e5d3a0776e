# Quality by the size of the store: random parts of three judged collections, as a Markdown table of nDCG@10 with 95% intervals. Not a test: it has no floor.
#   RECOMMEND=recommend SOURCE=. sh tests/quality/sizes.sh      (in an empty folder)
. "$SOURCE/tests/quality/lib.sh"

# A part of N papers drawn with a fixed seed, and the judgements within it.
draw() { # set, N
    zstd -dcq "$DATA/dev/$1/corpus.jsonl.zst" | awk 'BEGIN { srand(7) } { print rand() "\t" $0 }' | sort -k 1,1g | cut -f 2- | head -n "$2" >part.jsonl
    sed 's/^{"id": *"\([^"]*\)".*/\1/' part.jsonl >ids
    zstd -dcq "$DATA/dev/$1/qrels.corelevance.tsv.zst" | awk -F '\t' 'NR == FNR { in_part[$1]; next } $1 in in_part && $2 in in_part' ids - >part.tsv
}

echo '| papers | computer science | information science | aerodynamics |'
echo '| --- | --- | --- | --- |'
for size in 100 400 1000 100000; do
    printf '| %s' "$([ $size -eq 100000 ] && echo all || echo $size)"
    for set in cacm cisi cranfield; do
        need "dev/$set/corpus.jsonl.zst"
        draw "$set" "$size"
        rm -f part.db*
        "$RECOMMEND" import --quiet --db part.db part.jsonl
        "$RECOMMEND" eval --quiet --db part.db --qrels part.tsv | awk '/^queries/ { n = $2 } /^nDCG@10/ { gsub(/[][,]/, ""); printf " | %.3f (%.3f - %.3f), %d queries", $2, $3, $4, n }'
    done
    echo ' |'
done
