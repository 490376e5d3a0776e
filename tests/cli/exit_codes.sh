# The exit statuses that scripts rely on, for good arguments and for bad ones.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

must import -q "$SAMPLE"

it 'answers exit 0'
expect_rec 0 similar smp:0001
expect_rec 0 smp:0001
expect_rec 0 search coral
expect_rec 0 show smp:0001
expect_rec 0 info
expect_rec 0 check
expect_rec 0 build
expect_rec 0 --version
expect_rec 0 similar --version
expect_in out 'recommend '

it 'an unknown option is wrong usage, and a near one is proposed'
expect_rec 2 similar smp:0001 --limti 3
expect_in err "did you mean '--limit'?"
expect_rec 2 similar smp:0001 -z
expect_rec 2 import --frobnicate "$SAMPLE"
expect_rec 2 search --exact coral
expect_rec 2 info --refit

it 'a missing value is wrong usage'
expect_rec 2 similar smp:0001 -k
expect_in err "'--limit' needs a value"
expect_rec 2 similar smp:0001 --candidates
expect_rec 2 info --db

it 'a flag with a value is wrong usage'
expect_rec 2 similar smp:0001 --exact=yes
expect_rec 2 import --strict=1 "$SAMPLE"

it 'numbers are read whole or refused, and must be in range'
for number in 0 -1 1x 10001 99999999999999999999999 1e2 0x10 ' 5' '' 2.5; do
    expect_rec 2 similar smp:0001 -k "$number"
    expect_rec 2 search coral --limit "$number"
done
expect_rec 2 similar smp:0001 --offset 10000
expect_rec 2 similar smp:0001 --offset -1
for number in nan inf 0x1p-2 0,5 half '' 1e999; do
    expect_rec 2 similar smp:0001 --min-score "$number"
done

it 'a word that is no choice of an option is wrong usage, and the choices are named'
expect_rec 2 similar smp:0001 --format xml
expect_in err 'text, json, jsonl, tsv, trec'
expect_rec 2 info --format trec
expect_rec 2 show smp:0001 --format tsv
expect_rec 2 similar smp:0001 --min-band good
expect_in err 'none, weak, fair, strong'
expect_rec 2 similar smp:0001 --versions none
expect_in err 'collapse, keep'

it 'a missing or superfluous operand is wrong usage'
expect_rec 2 similar
expect_rec 2 import
expect_rec 2 search
expect_rec 2 show
expect_rec 2 eval
expect_rec 2 --quiet
expect_rec 2 show smp:0001 smp:0034
expect_rec 2 info smp:0001
expect_rec 2 build everything
expect_rec 2 check everything
expect_rec 2 similar smp:0001 --text "$SAMPLE"

it 'an id that can be none is wrong usage'
expect_rec 2 similar ''
expect_rec 2 similar "$(printf 'a\033[2Jb')"

it 'a paper that is not stored is exit status 3'
expect_rec 3 similar nowhere-2020
expect_rec 3 nowhere-2020
expect_rec 3 show nowhere-2020
expect_rec 3 arXiv:2401.99999

it 'a word that is no verb is taken as an id'
expect_rec 3 improt
expect_in err "no paper 'improt'"

it 'nothing left above a threshold is exit status 4, and still an answer'
expect_rec 4 similar smp:0001 --min-score 0.999
echo arrecife-erizos-2023 >far.txt
expect_rec 4 similar smp:0001 --candidates far.txt --min-band strong --format json
expect_in out '"status":"none"'
expect_in out '"results":[]'
it 'nothing found without a threshold is exit status 0'
expect_rec 0 search xyzzyplugh
expect_rec 0 similar smp:0001 --offset 9000

it 'a missing store is exit status 5 for every verb but import, and is not made'
for verb in 'similar x' 'search x' 'show x' info check build; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 5 --db none.db $verb
    expect_in err "'none.db'"
    expect_in err 'recommend import'
done
expect_equal none "$(ls none.db* 2>/dev/null || echo none)"

it 'a file that is no store is exit status 5 and stays as it was'
echo 'not a database, and long enough not to be taken for an empty one' >text.db
cp text.db text.before
for verb in 'similar x' 'search x' 'show x' info check build "import $SAMPLE"; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 5 --db text.db $verb
done
expect_same_bytes text.before text.db

it 'a store that was never built has no index to answer from: exit status 5 and the way out'
must --db unbuilt.db import -q --no-build "$SAMPLE"
expect_rec 5 --db unbuilt.db similar smp:0001
expect_in err "run 'recommend build'"

it 'a file that cannot be read is exit status 1'
expect_rec 1 --db other.db import nowhere.jsonl
expect_in err "'nowhere.jsonl'"
expect_rec 1 --db other.db import .
expect_rec 1 similar --text nowhere.txt
expect_rec 1 similar smp:0001 --candidates nowhere.txt
expect_rec 1 similar smp:0001 --exclude-file nowhere.txt
expect_rec 1 eval --qrels nowhere.txt
if [ "$(id -u)" -ne 0 ]; then
    cp "$SAMPLE" closed.jsonl
    chmod 000 closed.jsonl
    expect_rec 1 --db other.db import closed.jsonl
else
    skip 'files without the right to read: root reads everything'
fi

it 'a folder that is not there is no place for a store: exit status 1'
expect_rec 1 --db no/such/folder/papers.db import "$SAMPLE"

it 'refused records are exit status 6, the others are stored'
echo '{"id":"good-1","title":"Tides in a narrow bay"}' >mixed.jsonl
echo '{"id":"bad-1","title":4}' >>mixed.jsonl
expect_rec 6 --db mixed.db import mixed.jsonl
expect_rec 0 --db mixed.db show good-1
expect_rec 6 --db mixed.db import --strict mixed.jsonl

it 'standard output that is full or closed is exit status 1, never success'
for verb in 'similar smp:0001' smp:0001 'similar smp:0001 --format json' 'search -q coral' 'show smp:0001' info check --help --version \
    'similar --help'; do
    ran="recommend $verb >&-"
    # shellcheck disable=SC2086 # the words are arguments
    "$RECOMMEND" $verb >&- 2>err
    status=$?
    expect_status 1
    expect_in err 'cannot write the output'
    [ -w /dev/full ] || continue
    ran="recommend $verb >/dev/full"
    # shellcheck disable=SC2086
    "$RECOMMEND" $verb >/dev/full 2>err
    status=$?
    expect_status 1
    expect_lines_like err '^recommend: cannot write the output: '
done
[ -w /dev/full ] || skip 'full disks: there is no /dev/full'

it 'closed standard input is no papers: the lock file that would take its number is not read'
ran='recommend import - <&-'
"$RECOMMEND" --db closed.db import - <&- >out 2>err
status=$?
expect_status 1
expect_in err "cannot read '-'"

it 'closed standard error costs the words, not the store'
ran='recommend import 2>&-'
"$RECOMMEND" --db mute.db import "$SAMPLE" 2>&- >out
status=$?
expect_status 0
expect_empty out
expect_rec 0 --db mute.db check
expect_lines_like mute.db-lock '^[0-9]+$'

it 'a reader that goes away ends the program with a word, not with a signal'
ran='recommend search of -k 72 --format json | (a reader that is gone)'
mkfifo gone
: <gone &
exec 8>gone
wait $!
"$RECOMMEND" search of -k 72 --format json 2>err >&8
status=$?
exec 8>&-
expect_status 1
expect_in err 'cannot write the output'

finish
