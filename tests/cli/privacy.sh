# No verb makes a network call: each runs under strace in a network namespace that has no interface. `serve` alone may, and is not asked.
. "$SOURCE/tests/cli/lib.sh"

if ! has strace || ! strace -o trace -e trace=network true 2>/dev/null; then
    echo 'SKIPPED: network calls: strace is absent or may trace nothing'
    exit 77
fi
apart='unshare -n'
if ! $apart true 2>/dev/null; then
    apart='unshare -r -n'
    if ! $apart true 2>/dev/null; then
        skip 'a namespace without a network: it may not be made here'
        apart=
    fi
fi
# LeakSanitizer cannot work under another tracer.
export ASAN_OPTIONS="detect_leaks=0:$ASAN_OPTIONS"

# Runs a verb, with all that it starts, and fails where one of them asks for a socket of any family, a local one too.
quiet() { # exit status, arguments
    wanted=$1
    shift
    ran="recommend $*"
    # shellcheck disable=SC2086 # words of a command
    $apart strace -f -qq -o trace -e trace=network "$RECOMMEND" "$@" >out 2>err </dev/null
    status=$?
    expect_status "$wanted"
    grep -E '(socket|socketpair|connect|bind|listen|accept4?|send(to|msg|mmsg)|recv(from|msg|mmsg))\(' trace >calls
    expect_empty calls
}

# The test must be able to fail.
it 'a network call is seen'
if has python3; then
    strace -f -qq -o trace -e trace=network python3 -c 'import socket; socket.socket()' >out 2>err
    grep -c 'socket(' trace >calls
    expect_number "$(cat calls)" -ge 1
fi

echo smp:0001 >ids.txt
printf 'q\tsmp:0001\n' >pools.tsv
printf 'smp:0001\treef-larvae-2021\t1\n' >qrels.tsv
printf 'smp:0001\treef-larvae-2021\tclick\t2025-03-15\tfirst\n' >feedback.tsv
gzip -c "$SAMPLE" >papers.jsonl.gz
awk "$INVENTED_LANGUAGE"'
    BEGIN {
        for (i = 1; i <= 150; i++)
            printf "{\"id\":\"p-%05d\",\"title\":\"%s\",\"abstract\":\"%s.\"}\n", i, words(6, i % 25), words(40, i % 25)
    }' >many.jsonl

it 'no verb makes a network call'
tried=''
try() { # exit status, verb, arguments
    tried="$tried $2"
    quiet "$@"
}
try 0 import --db s.db -q papers.jsonl.gz
try 0 build --db s.db --refit -q
try 0 similar --db s.db smp:0001 --explain
try 0 similar --db s.db --title 'corals in warm water' --format html
try 0 rank --db s.db smp:0001 --candidates ids.txt --format json
try 0 batch --db s.db ids.txt
for format in text json markdown html atom jsonfeed; do
    try 0 digest --db s.db --date 2025-03-14 --trending 2 --format $format
done
try 0 digest --db s.db --date 2025-03-14 --trending 2 --format eml --from a@b.example --to c@d.example --send 'cat >sent' --mark-sent first
try 0 search --db s.db reef
try 0 explain --db s.db smp:0001 reef-larvae-2021
try 0 show --db s.db smp:0001
try 0 info --db s.db
try 0 check --db s.db
try 0 eval --db s.db --qrels qrels.tsv
try 0 export --db s.db --format bibtex
try 0 backup --db s.db copy.db
try 0 feedback --db s.db feedback.tsv
try 0 remove --db s.db reef-larvae-2021
try 0 import --db many.db -q --no-build many.jsonl
try 0 pretrain --db many.db --output made.table --passes 1 --batch 16 -q
try 0 config
quiet 0 --help
quiet 0 --version
quiet 3 --db s.db similar 'https://arxiv.org/abs/2401.99999'
quiet 0 --db s.db similar --text ids.txt

it 'every verb was tried'
rec --help
sed -n '/^Verbs:/,/^Common/s/^  \([a-z][a-z]*\) .*/\1/p' out | sort >verbs
echo serve >>verbs
# shellcheck disable=SC2086 # a word each
printf '%s\n' serve $tried | sort -u >tried
sort -u verbs >wanted
expect_same_bytes wanted tried

finish
