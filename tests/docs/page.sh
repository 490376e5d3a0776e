# The shell of a page of the documents, run in its order in an empty folder: page.sh PAGE, a path below the source folder.
#
# What stands between ``` lines is one of these, by the words behind the first ```:
#
#   sh              lines to type: each block is a script of its own that must succeed
#   sh norun: WHY   lines that a test cannot run, such as those that install packages; so with console
#   console         `$ ` before what is typed (it goes on behind a `\`), and below it what comes of it: compared line by line; `...` stands for any
#                   lines, or for the rest of a line
#   text            shell that is only shown, such as a list of verbs
#   anything else   no shell, which is tested as well
#
# There are papers.jsonl and papers.jsonl.zst (the sample), today.jsonl (a few papers of one day), ids.txt, tools and docs (the project's).
# Addresses elsewhere are answered with small files of tests/data, and mail goes into a file: tests/docs/bin stands before all else in PATH.
# tests/docs/NAME.before is read before the first block of docs/NAME.md.
. "$SOURCE/tests/cli/lib.sh"
page=$1
name=$(basename "$page" .md)

# Cuts the page into files: blocks/NNN.sh or blocks/NNN.console, and `strange`, a line for each block that should not be as it is.
mkdir blocks
awk '
    /^ *```/ {
        if (on) {
            on = 0
            next
        }
        on = 1
        kind = $0
        sub(/^ *```/, "", kind)
        file = kind == "sh" || kind == "console" ? sprintf("blocks/%04d.%s", NR, kind) : ""
        if (kind ~ /^(sh|console) norun/ && kind !~ /norun: ./)
            print FILENAME ":" NR ": norun without a reason"
        shell = kind !~ /^(sh|console)( norun: .*)?$/ && kind != "text"
        next
    }
    on && file != "" { print >file }
    on && shell && /^(\$ |(recommend|curl|cmake|ctest|make|cp|cat|printf|apt|apt-get|sudo|systemctl|git|export|for|tools\/[a-z-]+|tests\/run) )/ &&
        !/^recommend: / { print FILENAME ":" NR ": shell that is not marked as sh or console: " $0 }
' "$SOURCE/$page" >strange
it "every shell block of $page is marked"
checks=$((checks + 1))
[ ! -s strange ] || fail 'no such block' "$(cat strange)"

# ---- what the lines find ----
cp "$SAMPLE" papers.jsonl
! has zstd || zstd -q papers.jsonl
ln -s "$SOURCE/tools" tools
ln -s "$SOURCE/docs" docs
grep -F '2025-03-14' papers.jsonl >today.jsonl
printf '%s\n' reef-larvae-2021 smp:0001 >ids.txt
export SOURCE RECOMMEND PATH="$SOURCE/tests/docs/bin:$PATH" MAIL="$WORK/mail"
# The home folder is new: a page may make settings in it.
unset RECOMMEND_CONFIG
CURL=$(command -v curl || true)
export CURL
if [ -f "$SOURCE/tests/docs/$name.before" ]; then
    . "$SOURCE/tests/docs/$name.before"
fi

# Whether `came` is as `expected`, where ... stands for any lines or for the rest of one.
is_like() { # expected, came
    awk '
        function like(want, have,    part) {
            if (want == have)
                return 1
            part = substr(want, 1, length(want) - 3)
            return want ~ /\.\.\.$/ && substr(have, 1, length(part)) == part
        }
        FNR == NR { want[++n] = $0; next }
        { have[++m] = $0 }
        END {
            j = 1
            for (i = 1; i <= n; i++) {
                if (want[i] == "...") {
                    if (i == n)
                        exit 0
                    while (j <= m && !like(want[i + 1], have[j]))
                        j++
                } else if (j > m || !like(want[i], have[j++]))
                    exit 1
            }
            exit j <= m
        }' "$1" "$2"
}

run_script() { # block
    ran=$(cat "$1")
    it "runs $page, line $(basename "$1" .sh)"
    checks=$((checks + 1))
    sh -e "$1" >said 2>&1 </dev/null || fail 'exit status 0' "$(tail -n 30 said)"
}

# Each command of a console with what it should print, in files NUMBER.typed and NUMBER.expected.
run_console() { # block
    rm -rf console && mkdir console
    awk '
        more { print >(file ".typed"); more = /\\$/; next }
        /^\$ / { file = sprintf("console/%04d", ++n); print substr($0, 3) >(file ".typed"); printf "" >(file ".expected"); more = /\\$/; next }
        { print >(file ".expected") }' "$1"
    for typed in console/*.typed; do
        ran=$(cat "$typed")
        it "prints what stands in $page, line $(basename "$1" .console)"
        checks=$((checks + 1))
        sh "$typed" >said 2>&1 </dev/null
        is_like "${typed%.typed}.expected" said || fail "$(cat "${typed%.typed}.expected")" "$(cat said)"
    done
}

for block in blocks/*; do
    case $block in
    *.sh) run_script "$block" ;;
    *.console) run_console "$block" ;;
    esac
done
finish
