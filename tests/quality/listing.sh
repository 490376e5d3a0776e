# The listing of 116 papers: small families of papers find each other. Titles are looked up in the listing by a phrase of each.
. "$SOURCE/tests/quality/lib.sh"
need seed/papers.txt

"$RECOMMEND" import --quiet --db store.db "$DATA/seed/papers.txt" || { echo "FAILED: import"; exit 1; }

title() { # phrase
    grep -i -- "$1" "$DATA/seed/papers.txt" | awk 'length($0) < 200' | head -n 1
}

# Each of the papers finds all the others within its first N.
find_each_other() { # N, phrases
    within=$1
    shift
    for phrase; do
        found=$("$RECOMMEND" similar --db store.db -k "$within" --format tsv --title "$(title "$phrase")" | cut -f 6)
        for other; do
            [ "$other" = "$phrase" ] || printf '%s\n' "$found" | grep -qxF -- "$(title "$other")" ||
                fail "'$phrase': '$other' is not among the first $within, which are
$found"
        done
    done
}

find_first_two() { # phrase, phrases of the two
    found=$("$RECOMMEND" similar --db store.db -k 2 --format tsv --title "$(title "$1")" | cut -f 6 | sort)
    [ "$found" = "$({ title "$2"; title "$3"; } | sort)" ] || fail "'$1': the first two are
$found"
}

find_first_two 'leaky-relu' 'minimum width .* compact domain' 'minimal width'
find_each_other 3 'constructor theory of thermo' 'constructor theory of prob' 'constructor theory of info'
find_each_other 1 'proportionally fair facility' 'random rank:'
find_each_other 2 'universal lottery tickets' 'proving the lottery' 'logarithmic pruning'

# Bands: a small store is not all "none".
"$RECOMMEND" similar --db store.db -k 1 --format tsv --title "$(title 'logarithmic pruning')" | cut -f 4 | grep -qx 'strong' ||
    fail "the nearest of a close family is not strong"
finish
