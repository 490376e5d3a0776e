# Several at a time on one store: no paper is lost, no answer is torn between two states, nobody waits for ever.
. "$SOURCE/tests/cli/lib.sh"

invent_papers() { # how many, first number
    awk -v count="$1" -v first="$2" "$INVENTED_LANGUAGE"'
        BEGIN {
            for (i = 1; i < first + count; i++) {
                line = sprintf("{\"id\":\"p-%05d\",\"title\":\"%s\",\"abstract\":\"%s.\",\"date\":\"20%02d\"}", i, words(6, i % 25), words(40, i % 25), i % 24)
                if (i >= first)
                    print line
            }
        }'
}

invent_papers 200 1 >first.jsonl
invent_papers 100 201 >second.jsonl
invent_papers 100 301 >third.jsonl

background= # processes
in_background() { # name, arguments
    name=$1
    shift
    { "$RECOMMEND" "$@" >"$name.out" 2>"$name.err"; echo $? >"$name.status"; } &
    background="$background $!"
}

# Waits for all that were begun, but for those whose processes were put by.
wait_for_them() {
    # shellcheck disable=SC2086 # processes, one word each
    wait $background
    background=
}

# Until all of them have ended: without a status one has not.
expect_ended() { # status, names...
    wanted=$1
    shift
    for name; do
        ran="$name, in the background"
        [ -s "$name.status" ] && expect_equal "$wanted" "$(cat "$name.status")" || fail 'an exit status' "none: $(cat "$name.err")"
    done
}

papers_in() { # store
    rec --db "$1" info --format json
    sed -n 's/.*"papers":\([0-9]*\).*"indexed":\([0-9]*\).*/\1 \2/p' out
}

it 'two imports and a build at once leave all papers, indexed'
must --db s.db import -q --no-build first.jsonl
in_background one --db s.db import -q second.jsonl
in_background two --db s.db import -q third.jsonl
in_background three --db s.db build -q
wait_for_them
expect_ended 0 one two three
expect_rec 0 --db s.db check
# Whoever came last has indexed what was there then; a build that ends first leaves the others' papers to their own.
expect_equal '400 400' "$(papers_in s.db)"

it 'two imports of one paper leave one'
in_background one --db twice.db import -q --no-build second.jsonl
in_background two --db twice.db import -q --no-build second.jsonl
in_background three --db twice.db import -q --no-build second.jsonl
wait_for_them
expect_ended 0 one two three
expect_rec 0 --db twice.db check
expect_equal 100 "$(papers_in twice.db | cut -d ' ' -f 1)"

# The writers that wait for a minute do so while the tests between are run.
it 'a writer that has to wait for longer than it may says who holds the store'
mkfifo pipe
exec 9<>pipe
"$RECOMMEND" --db s.db import --no-build -q pipe 9>&- >/dev/null 2>&1 &
holder=$!
wait_until $holder grep -q "^$holder\$" s.db-lock
in_background late --db s.db build -q
in_background later --db s.db remove -q p-00001
waiting=$background background=
it 'a question does not wait for a writer, nor do check, info, export and backup'
expect_rec 0 --db s.db p-00001
expect_rec 0 --db s.db check
expect_rec 0 --db s.db export
expect_rec 0 --db s.db backup held.db

# Questions whose answers a refit changes, in a format that does not tell of the store's generation.
QUESTIONS='similar p-00001
similar p-00150 --exact
similar p-00077 --explain
search mipuyu
similar --text text.txt'
sed -n 's/.*"abstract":"\([^"]*\)".*/\1/p' second.jsonl | head -n 1 >text.txt
answer_all() { # name of the answers
    echo "$QUESTIONS" | while read -r question; do
        number=$((${number:-0} + 1))
        # shellcheck disable=SC2086 # the words are arguments
        "$RECOMMEND" --db r.db $question --format trec -q >"$1.$number" 2>>answers.err || echo "$question" >>answers.failed
    done
}

it 'a hundred readers of a store that is built meanwhile are answered as before it or as after it'
must --db r.db import -q --no-build first.jsonl second.jsonl
must --db r.db build -q --without-table
must --db r.db import -q --no-build third.jsonl
answer_all before
in_background build --db r.db build -q --refit --without-table
reader() { # number
    number=$(($1 % 5 + 1))
    question=$(echo "$QUESTIONS" | sed -n "${number}p")
    # shellcheck disable=SC2086 # the words are arguments
    "$RECOMMEND" --db r.db $question --format trec -q >"reader.$1.$number" 2>"reader.$1.err"
    echo $? >"reader.$1.status"
}
reader_in_background() { # number
    reader "$1" &
    background="$background $!"
}
i=0
while [ $i -lt 100 ]; do
    reader_in_background $i
    i=$((i + 1))
    [ $((i % 20)) -ne 0 ] || sleep 0.05
done
wait_for_them
expect_ended 0 build
answer_all after
[ ! -e answers.failed ] || fail 'an answer to every question' "$(cat answers.failed answers.err)"
i=0
while [ $i -lt 100 ]; do
    number=$((i % 5 + 1))
    ran="reader $i, question $number"
    expect_equal 0 "$(cat reader.$i.status)"
    cmp -s reader.$i.$number before.$number || expect_same_bytes after.$number reader.$i.$number
    i=$((i + 1))
done
expect_rec 0 --db r.db check

it 'readers go on while papers are removed, and while a store is copied'
in_background remove --db r.db remove -q p-00002 p-00003
in_background backup --db r.db backup -q copy.db
i=0
while [ $i -lt 10 ]; do
    reader_in_background $i
    i=$((i + 1))
done
wait_for_them
expect_ended 0 remove backup
i=0
while [ $i -lt 10 ]; do
    ran="reader $i"
    expect_equal 0 "$(cat reader.$i.status)"
    i=$((i + 1))
done
expect_rec 0 --db r.db check
expect_rec 0 --db copy.db check

it 'a writer that has to wait for longer than it may says who holds the store'
# shellcheck disable=SC2086 # processes, one word each
wait $waiting
kill -9 $holder
wait $holder
exec 9>&-
expect_ended 1 late later
expect_in late.err "process $holder"
expect_in later.err "process $holder"
it 'the holder is gone, and the next writer need not wait'
expect_rec 0 --db s.db build
expect_rec 0 --db s.db check

finish
