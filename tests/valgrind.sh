#!/bin/sh
# The unit tests under valgrind's memcheck: no access outside of memory, no use of what was never set, no leak. Exits 0 where nothing is found.
#
#   tests/valgrind.sh [TEST...]       names without test_; default: all but those that are too slow there
#
# A program that takes longer than $VALGRIND_SECONDS (default 1200) is told as skipped.
set -eu
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo 'SKIPPED: there is no valgrind (tools/install-packages analysis)'; exit 77; }

# pretrain, build and relisting fit models again and again, the others go through thousands of altered files: minutes without valgrind, and asan runs them.
slow='pretrain upgrade formats salvage recall relisting build'

mkdir -p build
cmake --preset dev >build/dev.log 2>&1 && cmake --build --preset dev >>build/dev.log 2>&1 || { cat build/dev.log; exit 1; }
if [ $# -eq 0 ]; then
    for program in build/dev/bin/test_*; do
        name=${program#build/dev/bin/test_}
        case " $slow " in
        *" $name "*) echo "not under valgrind: $name" ;;
        *) set -- "$@" "$name" ;;
        esac
    done
fi
export RECOMMEND_CONFIG=/dev/null RECOMMEND_SYSTEM_CONFIG=/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export programs="$PWD/build/dev/bin" suppressions="$PWD/tests/valgrind.supp" limit="${VALGRIND_SECONDS:-1200}"
cat >"$folder/one" <<'END'
#!/bin/sh
name=$1 status=0
mkdir "$name.work"
cd "$name.work"
timeout "$limit" valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --suppressions="$suppressions" \
    "$programs/test_$name" >"../$name.said" 2>&1 || status=$?
case $status in
0) echo "clean: $name" ;;
124) echo "SKIPPED: $name took longer than $limit seconds" ;;
*)
    echo "FAILED: $name, exit status $status: build/valgrind.log"
    { echo "== $name"; cat "../$name.said"; } >"../$name.failed"
    ;;
esac
END
(cd "$folder" && printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" sh ./one)
find "$folder" -maxdepth 1 -name '*.failed' | sort | xargs -r cat >build/valgrind.log
[ ! -s build/valgrind.log ]
