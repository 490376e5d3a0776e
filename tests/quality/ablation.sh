# What each part of the score is worth: the program is built again with the part left out, or with another number, and its rankings are compared
# with the whole program's on the judged collections, query by query (recommend eval --vs). Prints a table in Markdown: for each signal of each
# collection the mean nDCG@10 with its 95 % interval, and for each variant the difference from the whole with its interval and p.
#
#   tests/quality/ablation.sh parts     every part left out in turn; S alone; words alone; BM25          (20 minutes on two cores)
#   tests/quality/ablation.sh sizes     components of L and I, buckets, bits a component: tables are trained for it      (1 hour)
#
# Works in the folder `ablation` below the current one, which it makes. Needs the judged collections (RECOMMEND_TEST_DATA), else says so and
# ends with 77. VARIANTS names those to run, one a line, and SIGNALS the signals, where not all are wanted.
set -eu
SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
. "$SOURCE/tests/quality/lib.sh"
need dev/cacm/corpus.jsonl.zst

what=${1:-parts}
mkdir -p ablation
cd ablation

SIGNALS=${SIGNALS:-'cacm/cocitation cacm/corelevance cisi/cocitation cisi/corelevance cranfield/corelevance npl/corelevance sysrev/included sysrev/mesh'}

# ---- the variants: name, settings of models/settings.h, options of build, options of eval --------------------------------------

variants() {
    case $what in
    parts) cat <<'END'
without authors||| --no-authors
without S|-DREC_SPARSE_SHARE=0.0f -DREC_LARGE_SPARSE_SHARE=0.0f -DREC_LARGEST_SPARSE_SHARE=0.0f||
without L|-DREC_FITTED_SHARE=0.0f -DREC_LARGEST_FITTED_SHARE=0.0f||
without I||--without-table|
without smoothing|-DREC_SMOOTH_SHARE=0.0f||
table not adapted|-DREC_ADAPT_PASSES=0||
without characters|-DREC_CHARACTER_SHARE=0.0||
without pairs of words|-DREC_WORD_PAIRS=0||
titles once|-DREC_TITLE_TIMES=1||
titles three times|-DREC_TITLE_TIMES=3||
S alone|-DREC_SPARSE_SHARE=1.0f -DREC_LARGE_SPARSE_SHARE=1.0f -DREC_LARGEST_SPARSE_SHARE=1.0f|--without-table| --no-authors
tf-idf of words and pairs|-DREC_SPARSE_SHARE=1.0f -DREC_LARGE_SPARSE_SHARE=1.0f -DREC_LARGEST_SPARSE_SHARE=1.0f -DREC_CHARACTER_SHARE=0.0 -DREC_TITLE_TIMES=1|--without-table| --no-authors
tf-idf of words|-DREC_SPARSE_SHARE=1.0f -DREC_LARGE_SPARSE_SHARE=1.0f -DREC_LARGEST_SPARSE_SHARE=1.0f -DREC_CHARACTER_SHARE=0.0 -DREC_TITLE_TIMES=1 -DREC_WORD_PAIRS=0|--without-table| --no-authors
BM25|bm25||
END
        ;;
    sizes) cat <<'END'
64 components of L|-DREC_FIT_DIM=64||
128 components of L|-DREC_FIT_DIM=128||
64 components of I|train -DREC_TABLE_DIM=64u||
128 components of I|train -DREC_TABLE_DIM=128u||
2^14 buckets|train -DREC_BLOCK_BITS=14||
2^15 buckets|train -DREC_BLOCK_BITS=15||
2 bits a component|train -DREC_TABLE_BITS=2||
8 bits a component|train -DREC_TABLE_BITS=8||
END
        ;;
    *) echo "usage: ablation.sh parts | sizes" >&2; exit 2 ;;
    esac
}

# ---- building ------------------------------------------------------------------------------------------------------------------

# The program with these settings: its path. A table of another shape is trained by it, on the training papers.
program() { # folder, settings
    settings=${2#train}
    if [ ! -x "$1/build/bin/recommend" ]; then
        cmake -S "$SOURCE" -B "$1/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF -DCMAKE_C_FLAGS="$settings" >"$1/log" 2>&1 &&
            cmake --build "$1/build" >>"$1/log" 2>&1 || { echo "FAILED: see $PWD/$1/log" >&2; exit 1; }
        case $2 in train*) train "$1" >>"$1/log" 2>&1 ;; esac
    fi
    echo "$PWD/$1/build/bin/recommend"
}

train() { # folder
    [ -e train.db ] || "$1/build/bin/recommend" import --quiet --no-build --db train.db "$DATA/train/arxiv-daily.jsonl.zst" \
        "$DATA/train/paperlists.jsonl.zst" "$DATA/train/hepth.jsonl.zst"
    "$1/build/bin/recommend" pretrain --quiet --db train.db --output "$1/build/share/recommend/ngrams.table"
}

# ---- measuring -----------------------------------------------------------------------------------------------------------------

store_of() { # folder, program, set, options of build: the store's path
    if [ ! -e "$1/$3.made" ]; then
        rm -f "$1/$3.db" "$1/$3.db-"*
        "$2" import --quiet --no-build --db "$1/$3.db" "$DATA/dev/$3/corpus.jsonl.zst"
        # shellcheck disable=SC2086
        "$2" build --quiet --db "$1/$3.db" $4
        : >"$1/$3.made"
    fi
    echo "$1/$3.db"
}

evaluate() { # program, store, set, signal, more options
    evaluating=$1 store=$2 set=$3 signal=$4
    shift 4
    "$evaluating" eval --quiet --db "$store" --qrels "$DATA/dev/$set/qrels.$signal.tsv.zst" --queries "$DATA/dev/$set/queries.$signal.txt" \
        --candidates "$DATA/dev/$set/candidates.txt" "$@"
}

# Of what eval --vs prints: the mean and its interval, or the difference, its interval and p.
cell() { # mean | difference
    awk -v want="$1" '/^nDCG@10/ { gsub(/[][,]/, " "); if (want == "mean") printf " %s [%s, %s] |", $2, $3, $4
        else printf " %s [%s, %s] p %s |", $6, $7, $8, $9 }'
}

bm25() { # set, signal: the run of BM25
    cut -d ' ' -f 1 "whole/$1.$2.run" | sort -u >"whole/$1.$2.ids"
    [ -e "whole/$1.$2.bm25" ] || sh "$SOURCE/tests/quality/bm25.sh" "whole/$1.db" "whole/$1.$2.ids" >"whole/$1.$2.bm25"
    echo "whole/$1.$2.bm25"
}

mkdir -p whole
whole=$(program whole '')
for at in $SIGNALS; do
    set=${at%/*} signal=${at#*/}
    [ -e "whole/$set.$signal.run" ] ||
        evaluate "$whole" "$(store_of whole "$whole" "$set" '')" "$set" "$signal" --write-run "whole/$set.$signal.run" >/dev/null
done

echo "| nDCG@10 | $(echo "$SIGNALS" | sed 's/ / | /g') |"
echo "| --- |$(echo "$SIGNALS" | sed 's/[^ ][^ ]*/ --- |/g')"
line='| all of it |'
for at in $SIGNALS; do
    set=${at%/*} signal=${at#*/}
    line="$line$(evaluate "$whole" "whole/$set.db" "$set" "$signal" --vs "whole/$set.$signal.run" | cell mean)"
done
echo "$line"

variants | while IFS='|' read -r name settings build_options eval_options; do
    [ -z "${VARIANTS:-}" ] || printf '%s\n' "$VARIANTS" | grep -qxF "$name" || continue
    folder=$(echo "$name" | tr ' ^' '--')
    mkdir -p "$folder"
    line="| $name |"
    case $settings in
    bm25 | '') program=$whole ;;
    *) program=$(program "$folder" "$settings") ;;
    esac
    for at in $SIGNALS; do
        set=${at%/*} signal=${at#*/}
        case $settings in
        bm25) store="whole/$set.db" eval_options="--run $(bm25 "$set" "$signal")" ;;
        *) store=$(store_of "$folder" "$program" "$set" "$build_options") ;;
        esac
        # shellcheck disable=SC2086
        line="$line$(evaluate "$program" "$store" "$set" "$signal" --vs "whole/$set.$signal.run" $eval_options | cell difference)"
    done
    echo "$line"
done
