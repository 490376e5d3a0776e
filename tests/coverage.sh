#!/bin/sh
# Which lines of engine/ and models/ the unit and command-line tests run, by gcov. Exits 0 where it is more than $COVERAGE_FLOOR (default 90) in a hundred.
#
#   tests/coverage.sh           builds, runs the tests, counts
#   tests/coverage.sh count     counts what ran since it was last built
#
# build/coverage/lines.tsv has every file with its share, build/coverage/unreached every line that did not run.
set -eu
cd "$(dirname "$0")/.."
build=build/coverage
source=$PWD

if [ "${1:-}" != count ]; then
    mkdir -p build
    cmake --preset coverage >build/coverage.log 2>&1 && cmake --build --preset coverage >>build/coverage.log 2>&1 || { cat build/coverage.log; exit 1; }
    find "$build" -name '*.gcda' -delete
    ctest --preset coverage -L 'unit|cli' -j "$(nproc)"
fi

mkdir -p "$build/gcov"
rm -f "$build"/gcov/*
# One object a source file; headers are counted with the files that include them.
find "$source/$build/engine" "$source/$build/models" -name '*.gcda' | sort >"$build/gcov/counts"
(cd "$build/gcov" && while read -r counts; do
    gcov -t -o "$counts" "$counts" 2>/dev/null
done <counts) >"$build/gcov/all"
awk -v source="$source/" '
    /^ *-: *0:Source:/ { file = $0; sub(/^ *-: *0:Source:/, "", file); sub(source, "", file); ours = file ~ /^(engine|models)\/.*\.c$/; next }
    !ours { next }
    { split($0, part, ":"); line = part[2] + 0; count = part[1]; gsub(/[ *]/, "", count) }
    line == 0 || count == "-" { next }
    { seen[file, line] = 1; text[file, line] = substr($0, length(part[1] part[2]) + 3) }
    count !~ /^[#=]+$/ { ran[file, line] = 1 }
    END {
        for (key in seen) {
            split(key, part, SUBSEP)
            lines[part[1]]++
            if (key in ran)
                reached[part[1]]++
            else
                print part[1] ":" part[2] ":" text[key] | "sort -t: -k1,1 -k2,2n >unreached.new"
        }
        for (file in lines) {
            printf "%s\t%d\t%d\t%.1f\n", file, lines[file], reached[file], 100 * reached[file] / lines[file] | "sort"
            all += lines[file]
            all_reached += reached[file]
        }
        close("sort")
        printf "all\t%d\t%d\t%.1f\n", all, all_reached, 100 * all_reached / all
    }' "$build/gcov/all" >"$build/lines.tsv"
mv unreached.new "$build/unreached"
tail -n 1 "$build/lines.tsv" | awk -F '\t' -v floor="${COVERAGE_FLOOR:-90}" '{ printf "coverage: %d of %d lines of engine/ and models/, %.1f%%\n", $3, $2, $4; exit !($4 > floor) }'
