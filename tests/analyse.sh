#!/bin/sh
# Static analysis of engine/, models/ and tools/ by cppcheck, gcc's analyser and clang-tidy (.clang-tidy). Exits 0 where every finding is justified.
#
#   tests/analyse.sh [BUILD [TOOL]...]      BUILD is a folder in which the project was configured (default build/dev); the tools are cppcheck, gcc and
#                                           clang-tidy (default: all)
#
# tests/analyse/justified has a line for each finding that is none: the tool, the file, the check, the line of the source as it stands there, and why.
# A line whose finding is gone is told as well. The findings of a run lie in BUILD/analysis.
set -eu
cd "$(dirname "$0")/.."
build=${1:-build/dev}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- cppcheck gcc clang-tidy
tools="$*"
for tool in cppcheck gcc clang-tidy-14; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: there is no $tool (tools/install-packages analysis)"; exit 77; }
done
[ "$build" != build/dev ] || cmake --preset dev >/dev/null
[ -f "$build/compile_commands.json" ] || { echo "analyse: nothing is configured in '$build': cmake --preset dev" >&2; exit 2; }
out=$build/analysis
rm -rf "$out"
mkdir -p "$out"
source=$PWD
export seen="$source/tests/analyse/seen.h" # what analysers are told of functions in other files

# What is compiled of the program, the library and the modules: a folder, the command without its output, and the file, parted by tabs.
awk -v source="$source/" '
    function value(line) { sub(/^ *"[a-z]+": "/, "", line); sub(/",?$/, "", line); gsub(/\\"/, "\"", line); gsub(/\\\\/, "\\", line); return line }
    /^ *"directory"/ { folder = value($0) }
    /^ *"command"/ { command = value($0) }
    /^ *"file"/ {
        file = value($0)
        if (index(file, source) == 1 && substr(file, length(source) + 1) ~ /^(engine|models|tools)\/.*\.c$/ && !seen[file]++) {
            sub(/^[^ ]*ccache /, "", command)
            sub(/ -o .*$/, "", command)
            gsub(/ -Werror/, "", command)
            print folder "\t" command "\t" file
        }
    }' "$build/compile_commands.json" >"$out/commands"

# One file by one tool. Each writes what it says under a name of its own, so that several run at once.
cat >"$out/one" <<'END'
#!/bin/sh
tool=$1 out=$2 build=$3 folder=${4%%"	"*} rest=${4#*"	"}
command=${rest%%"	"*} file=${rest#*"	"}
name=$(echo "$file" | tr / _)
cd "$folder" || exit 1
case $file in */engine/base/status.c) seen='' ;; esac # which has these functions
case $tool in
gcc) eval "$command ${seen:+-include '$seen'} -fanalyzer -fdiagnostics-plain-output -S -o /dev/null '$file'" >"$out/gcc/$name" 2>&1 || { cat "$out/gcc/$name" >&2; exit 255; } ;;
clang-tidy) # what it finds makes it end with 1
    clang-tidy-14 --quiet -p "$build" ${seen:+--extra-arg=-include "--extra-arg=$seen"} "$file" >"$out/clang-tidy/$name" 2>/dev/null ||
        [ $? -eq 1 ] || { echo "analyse: clang-tidy failed on '$file'" >&2; exit 255; } ;;
esac
END

run_tool() { # tool
    mkdir -p "$out/$1"
    if [ "$1" = cppcheck ]; then
        # One process: of several, each sees its own files alone, and what is found depends on their number.
        find engine models tools -name '*.c' -o -name '*.cpp' >"$out/files"
        cppcheck -q --enable=warning,performance,portability --inline-suppr --library=posix,gnu,sqlite3,zlib --library=tests/analyse/cppcheck.cfg \
            --suppress=missingIncludeSystem -D__GNUC__=12 -D__x86_64__ -I engine -I engine/include -I engine/base -I models -I models/include -I tools -I tools/serve \
            --template='{file}:{line}:0: warning: {message} [{id}]' --template-location='' --file-list="$out/files" 2>"$out/cppcheck/all"
    else
        tr '\n' '\0' <"$out/commands" | xargs -0 -P "$(nproc)" -I '{}' sh "$out/one" "$1" "$source/$out" "$source/$build" '{}'
    fi
}
for tool in $tools; do
    run_tool "$tool"
done

# Tool, file, check and source line of every finding.
findings_of() { # tool, its output
    sed -n -E "s#^($source/)?((engine|models|tools)/[^:]*):([0-9]+):[0-9]+: (warning|error): .*\\[([^]]*)\\]\$#\\2 \\4 \\6#p" "$2" | sort -u |
        while read -r file line check; do
            check=${check%%,-warnings-as-errors}
            printf '%s\t%s\t%s\t%s\n' "$1" "$file" "$check" "$(sed -n "${line}p" "$file" | sed 's/^[ 	]*//')"
        done
}
for tool in $tools; do
    for log in "$out/$tool"/*; do
        findings_of "$tool" "$log"
    done
done | LC_ALL=C sort -u >"$out/findings"
for tool in $tools; do
    grep "^$tool	" tests/analyse/justified || :
done | cut -f 1-4 | LC_ALL=C sort -u >"$out/justified"

LC_ALL=C comm -23 "$out/findings" "$out/justified" >"$out/new"
LC_ALL=C comm -13 "$out/findings" "$out/justified" >"$out/gone"
echo "analyse: $(wc -l <"$out/commands") files, $(wc -l <"$out/findings") findings, $(wc -l <"$out/new") of them not justified"
if [ -s "$out/gone" ]; then
    echo 'justified, and no longer found:'
    cat "$out/gone"
fi
if [ -s "$out/new" ]; then
    cat "$out/new"
    exit 1
fi
[ ! -s "$out/gone" ]
