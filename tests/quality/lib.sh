# For the tests that need the judged collections, which are not part of the project: sets DATA to their folder, or skips aloud.
# RECOMMEND is the program; the working folder is the test's own and empty.

DATA=${RECOMMEND_TEST_DATA:-$SOURCE/../shared/data}
failures=0

need() { # file under DATA
    if [ ! -e "$DATA/$1" ]; then
        echo "SKIPPED: no '$1' under '$DATA'; set RECOMMEND_TEST_DATA to the folder of the judged collections"
        exit 77
    fi
}

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

finish() {
    [ "$failures" -eq 0 ] || { echo "$failures failed"; exit 1; }
}
