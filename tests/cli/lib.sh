# What the command-line tests share. A test is a script of POSIX shell that begins with
#
#   . "$SOURCE/tests/cli/lib.sh"
#
# and ends with `finish`. CTest runs it as `sh NAME.sh` in an empty folder of its own, with RECOMMEND (the executable), SAMPLE (the
# shipped sample) and SOURCE (the source folder). Nothing else of the caller's settings reaches the program.
#
# `it` says in a sentence what is being tested; the checks behind it look at the last command that `run` or `rec` ran: its output stands
# in the file out, its words in err, its exit status in $status. A check that fails prints the sentence, the command, what was expected
# and what came, and the script goes on. Checks belong in the main shell: a subshell or a pipeline would forget their failures.
set -u
: "${RECOMMEND:?}" "${SAMPLE:?}" "${SOURCE:?}"
. "$SOURCE/tests/wait.sh"
WORK=$(pwd)
if [ -n "$(ls -A)" ]; then
    echo "'$WORK' is not empty: a test makes files of its own and wants a folder for them" >&2
    exit 1
fi

mkdir home
unset XDG_DATA_HOME XDG_CONFIG_HOME NO_COLOR
for variable in $(env | sed -n 's/^\(RECOMMEND_[A-Z_]*\)=.*/\1/p'); do
    unset "$variable"
done
# No settings but a test's own: neither the user's nor the machine's.
export RECOMMEND_CONFIG=/dev/null RECOMMEND_SYSTEM_CONFIG=/dev/null
export HOME="$WORK/home" LC_ALL=C TERM=dumb
# A sanitizer's own exit status must not pass for one of the program's.
export ASAN_OPTIONS="exitcode=99${ASAN_OPTIONS:+:$ASAN_OPTIONS}" LSAN_OPTIONS="exitcode=99${LSAN_OPTIONS:+:$LSAN_OPTIONS}"
export UBSAN_OPTIONS="exitcode=99:print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"

sentence='(no sentence)' ran='(nothing was run)' status=0 checks=0 failures=0

it() {
    sentence=$*
}

# Runs any command.
run() {
    ran=$*
    "$@" >out 2>err
    status=$?
    check_no_crash
}

# Runs the program, and checks what holds for every verb: words begin with "recommend: ", and a failure leaves standard output empty.
rec() {
    ran="recommend $*"
    "$RECOMMEND" "$@" >out 2>err
    status=$?
    check_no_crash
    if grep -v '^recommend: ' err >strangers; then
        fail 'every line on standard error begins with "recommend: "' "$(cat strangers)"
    fi
    case $status in
    1 | 2 | 3 | 5) [ ! -s out ] || fail "nothing on standard output where the exit status is $status" "$(cat out)" ;;
    esac
}

# For files that are needed to test anything at all: without them the test ends.
must() {
    rec "$@"
    [ "$status" -eq 0 ] || { fail 'exit status 0, to go on with' "$status: $(cat err)"; finish; }
}

check_no_crash() {
    if [ "$status" -gt 7 ]; then
        fail 'one of the exit statuses 0 to 7' "$status: $(cat err)"
    fi
}

fail() { # expected, came
    failures=$((failures + 1))
    printf 'FAILED: %s\n  ran:      %s\n  expected: %s\n  came:     %s\n' "$sentence" "$ran" "$1" "$2" | head -n 40
}

expect_status() {
    checks=$((checks + 1))
    [ "$status" -eq "$1" ] || fail "exit status $1" "$status: $(cat err)"
}

# Whether a file holds a text, anywhere in a line.
expect_in() { # file, text
    checks=$((checks + 1))
    grep -qF -e "$2" "$1" || fail "'$2' in $1" "$(head -n 20 "$1")"
}

expect_not_in() { # file, text
    checks=$((checks + 1))
    ! grep -qF -e "$2" "$1" || fail "no '$2' in $1" "$(head -n 20 "$1")"
}

# Whether every line of a file matches an extended regular expression, and there is one.
expect_lines_like() { # file, expression
    checks=$((checks + 1))
    [ -s "$1" ] || fail "lines in $1 like $2" '(nothing)'
    ! grep -vE -e "$2" "$1" >strangers || fail "each line of $1 like $2" "$(cat strangers)"
}

expect_empty() { # file
    checks=$((checks + 1))
    [ ! -s "$1" ] || fail "nothing in $1" "$(head -n 20 "$1")"
}

expect_equal() { # expected, came
    checks=$((checks + 1))
    [ "$1" = "$2" ] || fail "$1" "$2"
}

expect_number() { # came, relation of test(1), bound
    checks=$((checks + 1))
    test "$1" "$2" "$3" || fail "a number $2 $3" "$1"
}

expect_same_bytes() { # expected, came
    checks=$((checks + 1))
    cmp -s "$1" "$2" || fail "$2 with the bytes of $1" "$(diff "$1" "$2" 2>&1 | head -n 20)"
}

# Runs the program and checks its exit status.
expect_rec() { # status, arguments
    wanted=$1
    shift
    rec "$@"
    expect_status "$wanted"
}

# Says aloud that something was not tested.
skip() {
    echo "SKIPPED: $*"
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# A Python that has these modules: Debian's packages are there for its own alone, where another one stands before it in PATH.
python_with() { # modules, as "numpy, pandas"
    for python in python3 /usr/bin/python3; do
        "$python" -c "import $1" 2>/dev/null && echo "$python" && return
    done
    return 1
}

# What an answer in the TREC format lists, one id a line.
listed() { # file
    cut -d ' ' -f 3 "$1"
}

# The newest file of a kind that the program keeps beside a store.
side_file() { # store, kind
    find "$1-$2".* ! -name '*.tmp' -prune 2>/dev/null | head -n 1
}

finish() {
    echo "$checks checks, $failures failed"
    [ "$failures" -eq 0 ] && [ "$checks" -gt 0 ]
    exit
}

# The beginning of an awk program that writes in an invented language: word(topic), words(n, topic). The same words on every machine.
INVENTED_LANGUAGE='
    function pick(n) { seed = (seed * 1103515 + 12345) % 2147483647; return int(seed / 64) % n }
    function word(topic,    k) {
        k = pick(3) ? topic * 60 + pick(60) : pick(2000)
        return syllable[k % 17 + 1] syllable[int(k / 17) % 17 + 1] syllable[k % 13 + 1]
    }
    function words(n, topic,    text) { while (n-- > 0) text = text (text ? " " : "") word(topic); return text }
    BEGIN {
        seed = 7
        split("ka lo mi ne pu ra si to va we xo yu za bri cle dro flu", syllable, " ")
    }'
