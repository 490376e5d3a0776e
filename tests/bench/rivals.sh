#!/bin/sh
# Others on the same papers and queries (rivals.py), as Markdown tables. Installs them where they are missing.
#
#   tests/bench/rivals.sh speed CORPUS QUERIES            time and memory of each; CORPUS and QUERIES as recommend-bench leaves them in its folder
#   tests/bench/rivals.sh quality RECOMMEND DATA          nDCG@10 with intervals on the judged collections under DATA, ours among them
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../../tools/install-packages" rivals
systems='sklearn gensim fts5 xapian'

speed() { # corpus, queries
    echo '| system | papers | index made in | CPU | peak MiB | a query, p50 | p99 |'
    echo '| --- | --- | --- | --- | --- | --- | --- |'
    for system in $systems; do /usr/bin/python3 "$here/rivals.py" "$system" "$1" "$2"; done
}

# One line: the collection, and each run's nDCG@10 with its interval.
judged() { # recommend, folder of the collection, signal
    set -- "$1" "$2" "$3" "$(basename "$2")"
    "$1" eval --db "$4.db" --qrels "$2/qrels.$3.tsv.zst" --queries "$2/queries.$3.txt" --candidates "$2/candidates.txt" --write-run "$4.$3.ours.run" >/dev/null
    printf '| %s %s' "$4" "$3"
    for system in ours $systems; do
        run="$4.$3.$system.run"
        [ "$system" = ours ] ||
            /usr/bin/python3 "$here/rivals.py" "$system" "$2/corpus.jsonl.zst" "$2/queries.$3.txt" --candidates "$2/candidates.txt" --most 100 --run "$run" >/dev/null
        "$1" eval --db "$4.db" --run "$run" --qrels "$2/qrels.$3.tsv.zst" --queries "$2/queries.$3.txt" --format json |
            /usr/bin/python3 -c 'import json, sys; m = json.load(sys.stdin); print(" | %.3f (%.3f - %.3f)" % (m["ndcg@10"], *m["intervals"]["ndcg@10"]), end="")'
    done
    echo ' |'
}

quality() { # recommend, data
    echo "| collection, relevance | recommend | $(echo "$systems" | sed 's/ / | /g') |"
    echo '| --- | --- | --- | --- | --- | --- |'
    for folder in "$2"/dev/*; do
        "$1" import --quiet --db "$(basename "$folder").db" "$folder/corpus.jsonl.zst"
        for queries in "$folder"/queries.*.txt; do
            signal=$(basename "$queries" .txt)
            judged "$1" "$folder" "${signal#queries.}"
        done
    done
}

case ${1:-} in
speed) shift; speed "$@" ;;
quality) shift; quality "$@" ;;
*) sed -n '2,6p' "$0"; exit 2 ;;
esac
