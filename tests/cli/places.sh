# A store in a place that is none, is not writable, or has no room; and a program without memory: a sentence, and nothing half made.
. "$SOURCE/tests/cli/lib.sh"

head -n 40 "$SAMPLE" >some.jsonl
must --db whole.db import -q some.jsonl

# Every verb of a store, as a reader and as a writer.
READERS='similar smp:0001
show smp:0001
search reef
info
check
export'
WRITERS='import -q some.jsonl
build -q
remove -q smp:0001'
each() { # list of verbs, statuses that are right, store
    echo "$1" >verbs
    while read -r verb; do
        # shellcheck disable=SC2086 # the words are arguments
        rec --db "$3" $verb </dev/null
        case " $2 " in
        *" $status "*) checks=$((checks + 1)) ;;
        *) expect_status "${2%% *}" ;;
        esac
        expect_in err "$3"
    done <verbs
}

it 'a folder that is not there, a folder, a device, a pipe, a socket of nobody, a link that ends nowhere or in itself are no store'
mkdir folder
mkfifo fifo
ln -s nowhere/papers.db dangling
ln -s loop loop
: >file
for place in missing/papers.db folder /dev/null fifo loop dangling file/papers.db; do
    each "$READERS" '5 1' $place
    each "$WRITERS" '1 5' $place
done
[ -p fifo ] && [ -d folder ] && [ -c /dev/null ] && [ -L loop ] && [ ! -e nowhere ] || fail 'places that are as they were' "$(ls -l)"
if [ -e /dev/full ]; then
    it 'a device that is always full is no store'
    each "$READERS" '5 1' /dev/full
    each "$WRITERS" '1 5' /dev/full
fi

it 'a name that is too long is refused'
long=$(awk 'BEGIN { for (i = 0; i < 300; i++) printf "x" }')
each "$READERS" '5 1' "$long"
each "$WRITERS" '1 5' "$long"

it 'files that are no input are refused, and the store is as it was'
must --db whole.db export
cp out exported
for place in missing.jsonl folder loop dangling; do
    expect_rec 1 --db whole.db import $place
    expect_in err "$place"
done
must --db whole.db export
expect_same_bytes exported out
expect_rec 0 --db whole.db import /dev/null

it 'output that cannot be written is an error, and what stood there stays'
echo before >kept
for place in missing/out.jsonl folder kept/out.jsonl loop/x; do
    [ $place = folder ] && wanted_status=2 || wanted_status=1 # a name that can be told to be wrong is one of usage
    expect_rec $wanted_status --db whole.db export --output $place
    expect_rec $wanted_status --db whole.db digest --date 2025-03-14 --trending 2 --format html --output $place
    expect_rec $wanted_status --db whole.db backup $place
done
expect_equal before "$(cat kept)"

# Root may write anything: as somebody else, where there is such a thing.
if [ "$(id -u)" -ne 0 ]; then
    as_user=
elif has setpriv && setpriv --reuid 65534 --regid 65534 --clear-groups "$RECOMMEND" --version >/dev/null 2>&1; then
    as_user='setpriv --reuid 65534 --regid 65534 --clear-groups'
else
    as_user=none
    skip 'read-only places: root may write them, and setpriv cannot become another'
fi
user_rec() { # exit status, arguments
    wanted=$1
    shift
    ran="recommend $*, as a user"
    # shellcheck disable=SC2086 # the words of a command
    $as_user "$RECOMMEND" "$@" >out 2>err
    status=$?
    check_no_crash
    expect_status "$wanted"
}
if [ "$as_user" != none ]; then
    mkdir closed
    cp whole.db* closed
    chmod -R a+rX closed
    chmod a-w closed closed/*
    it 'a store in a read-only place is read, and not written'
    # The scratch folder may itself lie where that user cannot go.
    # shellcheck disable=SC2086 # the words of a command
    if $as_user test -r closed/whole.db 2>/dev/null; then
        for verb in 'similar smp:0001' 'search reef' 'similar --title reefs' check info; do
            # shellcheck disable=SC2086 # the words are arguments
            user_rec 0 --db closed/whole.db $verb
        done
        for verb in 'import some.jsonl' 'build --refit' 'remove smp:0001'; do
            # shellcheck disable=SC2086 # the words are arguments
            user_rec 1 --db closed/whole.db $verb
            expect_in err 'closed/whole.db'
        done
        user_rec 1 --db closed/new.db import some.jsonl
        it 'a store that may not be read is told of'
        chmod 0 closed/whole.db
        user_rec 1 --db closed/whole.db similar smp:0001
    else
        skip 'read-only places: another user cannot reach this folder'
    fi
    chmod -R u+w closed
fi

# Some megabytes of disk, where the system lets us have them.
mkdir small
if unshare -m sh -c 'mount -t tmpfs -o size=3m none small' 2>/dev/null; then
    it 'a disk that is full ends an import with a sentence; the store answers as before, and the same import ends once there is room'
    cat >on_small.sh <<'SMALL'
mount -t tmpfs -o size=3m none small || exit 9
"$RECOMMEND" --db small/papers.db import -q some.jsonl --no-build || exit 9
"$RECOMMEND" --db small/papers.db build -q --without-table || exit 9
"$RECOMMEND" --db small/papers.db smp:0001 --format trec >before.trec
head -c 3000000 /dev/zero >small/ballast 2>/dev/null
"$RECOMMEND" --db small/papers.db import "$SAMPLE" >small.out 2>small.err
echo $? >small.status
"$RECOMMEND" --db small/papers.db build --refit >>small.out 2>>small.err
echo $? >>small.status
"$RECOMMEND" --db small/papers.db check >>small.out 2>>small.err
echo $? >>small.status
"$RECOMMEND" --db small/papers.db smp:0001 --format trec >full.trec
mount -o remount,size=64m small
rm small/ballast
"$RECOMMEND" --db small/papers.db import -q "$SAMPLE" && "$RECOMMEND" --db small/papers.db check >>small.out
echo $? >>small.status
SMALL
    ran='on a disk of 3 MB'
    unshare -m sh on_small.sh 2>>small.err
    expect_equal '1 1 0 0' "$(tr '\n' ' ' <small.status | sed 's/ $//')"
    expect_same_bytes before.trec full.trec
    expect_lines_like small.err '^recommend: '
else
    skip 'a full disk: no file system may be mounted here'
fi

it 'without memory there is a sentence, at any limit'
kilobytes=8000
# shellcheck disable=SC3045 # dash and bash know -v
if ! (ulimit -v 400000 && "$RECOMMEND" --version) >/dev/null 2>&1; then
    skip 'limits of memory: a sanitizer needs all addresses'
    kilobytes=80001
fi
while [ $kilobytes -le 80000 ]; do
    for verb in 'similar smp:0001' 'similar --title reefs' check 'import -q some.jsonl'; do
        # shellcheck disable=SC2086,SC3045 # the words are arguments; dash and bash know -v
        (ulimit -v $kilobytes && exec "$RECOMMEND" --db whole.db $verb) >out 2>err
        status=$?
        ran="recommend $verb, in $kilobytes KB"
        # 127 and what the loader says: there was not even room for the libraries.
        if [ $status -ne 127 ] && ! grep -q 'error while loading\|Cannot allocate\|annot map\|ReserveShadow\|AddressSanitizer failed' err; then
            check_no_crash
            case $status in 0) ;; *) expect_status 1 && expect_lines_like err '^recommend: ' ;; esac
        fi
    done
    kilobytes=$((kilobytes + 4000))
done
expect_rec 0 --db whole.db check
must --db whole.db export
expect_same_bytes exported out

finish
