# Input of people who mean harm: bounded, refused or escaped. HOSTILE_MB is how long the longest line is, 32 unless told otherwise.
. "$SOURCE/tests/cli/lib.sh"
mb=${HOSTILE_MB:-32}

# Where the sanitizers' shadow does not need all addresses, runs are held to this much of them; a minute of processor time holds for all.
kilobytes=400000
(ulimit -v $kilobytes && "$RECOMMEND" --version) >/dev/null 2>&1 || kilobytes=unlimited
[ $kilobytes != unlimited ] || skip 'bounds of memory: the program does not start within them'

bounded() { # exit status, arguments; standard input is handed on
    wanted=$1
    shift
    ran="recommend $*"
    # shellcheck disable=SC3045 # -t and -v are no POSIX; dash and bash know them
    (ulimit -v $kilobytes && ulimit -t 120 && exec "$RECOMMEND" "$@") >out 2>err
    status=$?
    check_no_crash
    expect_status "$wanted"
}

imported() { # exit status, files...
    rm -f h.db*
    wanted_status=$1
    shift
    bounded "$wanted_status" --db h.db import --no-build "$@"
}

repeat() { # how often, text
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'
}

# The same with 200,000 times "%d" counted up.
count_up() { # how often, format
    awk -v n="$1" -v format="$2" 'BEGIN { for (i = 0; i < n; i++) printf format, i }'
}

json() { # file, what stands behind the title
    { printf '{"id":"a","title":"Corals","abstract":"Text"'; cat "$2"; printf '}\n{"id":"b","title":"Behind it"}\n'; } >"$1"
}

it 'nesting of any depth is refused, and the next record is read'
for open in '[' '{"a":'; do
    [ "$open" = '[' ] && close=']' || close='}'
    { printf ',"x":'; repeat 200000 "$open"; printf 1; repeat 200000 "$close"; } >part
    json deep.jsonl part
    imported 6 deep.jsonl
    expect_in err 'deep.jsonl:1:'
    expect_in err '1 added'
    { printf '[\n'; sed '1s/$/,/' deep.jsonl; printf ']\n'; } >deep.json
    imported 6 deep.json
    expect_in err '1 added'
done
atom='<feed xmlns="http://www.w3.org/2005/Atom">'
entry='<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>T</title>'
{ printf '%s%s' "$atom" "$entry"; repeat 200000 '<a>'; repeat 200000 '</a>'; printf '</entry></feed>'; } >deep.xml
imported 6 deep.xml
{ printf '@article{a, title={'; repeat 200000 '{'; repeat 200000 '}'; printf '}}\n@article{b, title={Behind it}}\n'; } >deep.bib
imported 6 deep.bib
expect_in err '1 added'

it 'what is wide takes time in proportion: lists of lists, objects, fields, names, categories'
{ printf ',"x":[1'; repeat 300000 ',[]'; printf ']'; } >part
json wide.jsonl part
imported 0 wide.jsonl
{ printf ',"x":[1'; repeat 200000 ',{"a":1}'; printf ']'; } >part
json wide.jsonl part
imported 0 wide.jsonl
count_up 200000 ',"f%d":1' >part
json wide.jsonl part
imported 0 wide.jsonl
{ printf ',"o":{"x":1'; count_up 200000 ',"f%d":1'; printf '}'; } >part
json wide.jsonl part
imported 0 wide.jsonl
{ printf ',"authors":["A"'; count_up 100000 ',"A B%d"'; printf ']'; } >part
json wide.jsonl part
imported 6 wide.jsonl
{ printf '%s%s' "$atom" "$entry"; repeat 200000 '<b/>'; printf '</entry></feed>'; } >wide.xml
imported 0 wide.xml
{ printf '@article{a, title={x}'; count_up 100000 ', f%d={y}'; printf '}\n'; } >wide.bib
imported 0 wide.bib

it 'texts that cleaning has to think about come to an end'
for piece in '\\\\emph{' '\\\\frac{a}' '$x^{' '&amp;' '{' '\\\\hat' '\\\\sqrt[a'; do
    { printf '{"id":"a","title":"T","abstract":"'; repeat 100000 "$piece"; printf '"}\n'; } >latex.jsonl
    imported 0 latex.jsonl
done
it 'marks without end on one letter'
{ printf '{"id":"a","title":"T","abstract":"a'; repeat 200000 '\\u0301\\u0323'; printf '"}\n'; } | sed 's/\\\\/\\/g' >marks.jsonl
imported 0 marks.jsonl

it 'entities that multiply are refused'
{
    printf '<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    before=a
    for name in b c d e f g h i; do
        printf '<!ENTITY %s "' $name
        repeat 20 "&$before;"
        printf '">'
        before=$name
    done
    printf ']>%s<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>&i;</title></entry></feed>' "$atom"
} >laugh.xml
imported 6 laugh.xml
it 'an entity that names a file brings none of it'
echo 'a secret' >secret.txt
printf '<!DOCTYPE feed [<!ENTITY x SYSTEM "file://%s/secret.txt">]>%s<entry><id>http://arxiv.org/abs/2401.00001v1</id><title>T &x;</title></entry></feed>' \
    "$WORK" "$atom" >outside.xml
rm -f h.db*
rec --db h.db import --no-build outside.xml
rec --db h.db export
expect_not_in out secret

it "a line of $mb MB is refused in little memory, and the next one is read"
long_line() {
    printf '{"id":"a","title":"'
    head -c "$((mb * 1048576))" /dev/zero | tr '\0' a
    printf '"}\n{"id":"b","title":"Behind it"}\n'
}
rm -f h.db*
long_line | bounded 6 --db h.db import --no-build -
expect_in err '1 added'
it "one without an end as well, in every format that has lines or records"
endless() { # what comes before it
    printf '%s' "$1"
    head -c "$((mb * 1048576))" /dev/zero | tr '\0' '['
}
for before in '[{"id":"a","title":"' '@article{a, title={' 'TY  - JOUR
TI  - ' 'id,title
a,"' "$atom<entry><title>"; do
    rm -f h.db*
    endless "$before" | bounded 6 --db h.db import --no-build -
done
endless '' | bounded 6 --db h.db import --no-build -
it 'a request of that length'
must --db whole.db import -q "$SAMPLE"
long_line | bounded 6 --db whole.db batch - --format trec
expect_in err 'longer than'

it 'a line without an end is refused where one refusal is enough, by file and line'
printf 'smp:0001\n' >asked
printf 'smp:0001 0 reef-cloud-2024 1\n' >judged
for question in 'rank smp:0001 --candidates /dev/zero' 'eval --qrels /dev/zero --queries asked' 'eval --qrels judged --queries /dev/zero' \
    'eval --qrels judged --run /dev/zero' 'remove --file /dev/zero'; do
    # shellcheck disable=SC2086 # the words are arguments
    run timeout 120 "$RECOMMEND" --db whole.db $question
    expect_status 1
    expect_in err '/dev/zero:1: the line is longer than'
done

it 'what unpacks to much is read in little memory'
bomb() { # command that packs, ending
    head -c "$((mb * 1048576))" /dev/zero | tr '\0' a | $1 >"bomb.$2"
    imported 6 "bomb.$2"
}
for packer in gzip:gz zstd:zst xz:xz; do
    if has ${packer%:*}; then
        bomb ${packer%:*} ${packer#*:}
    else
        skip "bombs of ${packer%:*}: there is none"
    fi
done

it 'names in a zip archive lead nowhere, and what it unpacks to is bounded'
if has python3; then
    python3 - "$mb" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile('evil.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    for name in ('../escaped.jsonl', '/tmp/../escaped-2.jsonl', 'a/../../../escaped-3.jsonl', 'c:\\escaped-4.jsonl'):
        z.writestr(name, '{"id":"%d","title":"Coral"}\n' % len(name))
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('a.jsonl', 'a' * (int(sys.argv[1]) << 20))
PYTHON
    imported 0 evil.zip
    expect_in err '4 added'
    expect_equal '' "$(find "$WORK/.." -maxdepth 2 -name 'escaped*')"
    imported 0 bomb.zip
    expect_in err 'passed over'
else
    skip 'zip archives: there is no python3 to make them with'
fi

it 'bytes that are no text are refused where they stand, and nothing else is'
{
    printf '{"id":"nul","title":"a\0b"}\n'
    printf '{"id":"nul2","title":"a\\u0000b"}\n'
    printf '{"id":"latin","title":"Fran\347ois"}\n'
    printf '{"id":"overlong","title":"a\300\257b"}\n'
    printf '{"id":"surrogate","title":"a\355\240\200b"}\n'
    printf '{"id":"half","title":"a\\ud800b"}\n'
    printf '{"id":"beyond","title":"a\364\220\200\200b"}\n'
    printf '{"id":"con\\u0007trol","title":"An id that rings"}\n'
    printf '{"id":"good","title":"Corals"}\n'
} >bytes.jsonl
imported 6 bytes.jsonl
expect_in err 'bytes.jsonl:1:'
expect_in err '1 added'
expect_in err '8 refused'
# Words about such input are safe to print.
expect_equal 0 "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <err | wc -c | tr -d ' ')"

it 'ids that collide are one paper, and no other is touched'
{
    echo '{"id":"10.1000/AbC","title":"First of its name","abstract":"one"}'
    echo '{"id":"https://doi.org/10.1000/aBc","title":"First of its name, again","abstract":"one and a half"}'
    echo '{"id":"plain","doi":"10.1000/abc","title":"Other","abstract":"two"}'
    echo '{"id":"arXiv:2401.00001v1","title":"Preprint","abstract":"three"}'
    echo '{"id":"2401.00001v2","title":"Preprint, revised","abstract":"four"}'
    echo '{"id":"arXiv:2401.00002","doi":"10.1000/abc","title":"A thief of names","abstract":"five"}'
} >collide.jsonl
rm -f h.db*
rec --db h.db import --no-build collide.jsonl
expect_rec 0 --db h.db check
rec --db h.db export
cp out first
expect_rec 0 --db h.db import --no-build collide.jsonl
expect_rec 0 --db h.db check
expect_equal "$(wc -l <first)" "$("$RECOMMEND" --db h.db export 2>/dev/null | wc -l)"

# ---- what comes out ----------------------------------------------------------------------------------------------------

cat >evil.jsonl <<'JSON'
{"id":"e1'\"<b>&;--","title":"'; DROP TABLE paper; -- <script>alert(1)</script>\r\nBcc: thief@evil.example\u001b[31m coral reefs","abstract":"<img src=x onerror=alert(1)> coral reefs \u202egnp.exe\r\n.\r\nBcc: thief@evil.example","authors":["</td><script>x</script>","A\r\nBcc: thief@evil.example"],"venue":"]]><script>y</script>","url":"javascript:alert(1)","date":"2025-03-14","upvotes":9,"categories":["<i>"]}
{"id":"../../e2","title":"coral reefs x}, author = {Mallory, M.}, note = {y","abstract":"coral reefs, \"quoted\", and {unbalanced","date":"2025-03-14","upvotes":8,"authors":["Mal, \"lory\" and Others"]}
{"id":"-rf","title":"coral reefs \"; .shell touch owned; --","abstract":"coral reefs %n%s%x `touch owned` $(touch owned)","date":"2025-03-14","upvotes":7,"url":"https://x.example/\" onmouseover=\"alert(1)"}
{"id":"e4","title":"coral reefs @string{a = \"x\"} TY  - JOUR","abstract":"coral reefs\nER  - \nTY  - JOUR\nTI  - Forged","date":"2025-03-14","upvotes":6}
JSON
rm -f e.db*
must --db e.db import --no-build -q evil.jsonl
must --db e.db build -q --without-table

it 'no format shows markup, controls or directions of a paper as its own'
for format in text json jsonl tsv trec markdown html atom jsonfeed eml; do
    [ $format = eml ] && message='--from a@b.example --to c@d.example' || message=
    for question in 'search coral' 'similar e4 --versions keep -e' "digest --date 2025-03-14 --trending 2 $message"; do
        # shellcheck disable=SC2086 # the words are arguments
        rec --db e.db $question --format $format -q
        [ "$status" != 2 ] || { expect_in err "option '--format'"; continue; } # no format of this verb
        expect_status 0
        expect_equal 0 "$(LC_ALL=C tr -d '\n\r\011\040-\176\200-\377' <out | wc -c | tr -d ' ')"
        expect_not_in out "$(printf '\342\200\256')"
        case $format in
        html | atom)
            expect_not_in out '<script'
            expect_not_in out '<img src=x'
            expect_not_in out '"javascript:'
            expect_not_in out '" onmouseover='
            expect_not_in out ']]><'
            ;;
        eml)
            # A body may begin a line with anything.
            sed '/^\r*$/q' out >head
            expect_not_in head thief
            ;;
        text | tsv | trec | markdown) expect_equal 0 "$(grep -c '^Bcc:' out)" ;;
        esac
    done
done

it 'what the command line says of a message stays in its header'
for option in --subject --from --to --unsubscribe --archive; do
    rec --db e.db digest --date 2025-03-14 --trending 2 --format eml --from a@b.example --to c@d.example -q \
        $option "$(printf 'a@b.example\r\nBcc: thief@evil.example\r\n\r\nBody')"
    if [ "$status" = 0 ]; then
        expect_equal 0 "$(grep -c '^Bcc:' out)"
    else
        expect_status 2
    fi
done

it 'papers come back from every format of export as they were'
must --db e.db export
sed 's/"schema_version":[0-9]*,//' out >all.jsonl
for format in jsonl bibtex csv; do
    must --db e.db export --format $format --output back.$format
    rm -f b.db*
    expect_rec 0 --db b.db import --no-build -q back.$format
    must --db b.db info --format json
    expect_in out '"papers":4'
    must --db b.db export
    for text in 'author = {Mallory' '.shell touch owned' 'TY - JOUR'; do
        expect_in out "$text"
    done
    expect_not_in out '"title":"Forged"'
done

it 'ids and words are never commands'
for id in "x'; DROP TABLE paper; --" '" OR 1=1 --' '../../etc/passwd' '%s%n' '$(touch owned)'; do
    expect_rec 3 --db e.db similar -- "$id"
    rec --db e.db search -- "$id"
    [ "$status" = 0 ] || expect_status 4
done
expect_rec 0 --db e.db similar -- -rf
expect_rec 0 --db e.db show -- "e1'\"<b>&;--"
for query in 'title:coral' 'coral AND' '"' '*' 'coral*' 'NEAR(a b' '^coral' '{a b}: c' '(((((((((('; do
    rec --db e.db search -- "$query"
    case $status in 0 | 4) ;; *) expect_status 0 ;; esac
done
expect_rec 0 --db e.db check
expect_rec 0 --db e.db info --format json
expect_in out '"papers":4'
[ ! -e owned ] || fail 'no command run' 'the file owned'

it 'a character that XML has no place for is left out of a graph, and nothing else'
printf '{"id":"x1","title":"Tide\357\277\276 and \357\277\277herring \357\277\275"}\n{"id":"x2","title":"Tide and herring"}\n' >noncharacters.jsonl
must --db n.db import -q noncharacters.jsonl
expect_rec 0 --db n.db export --graph --format graphml
expect_in out "$(printf '>Tide and herring \357\277\275<')"
if has xmllint; then
    cp out graph.xml
    run xmllint --noout graph.xml
    expect_status 0
fi

it 'a name that leaves no room for those of the files beside a store is refused'
long=$(printf '%4080s' '' | sed 's:  :./:g')
expect_rec 2 --db "${long}01234567.db" import -q noncharacters.jsonl # too long with -lock behind it
expect_in err "...': the name is too long"
[ ! -e 01234567.db ] || fail 'no store of a name that is too long' 'the file 01234567.db'
expect_rec 2 --db "${long}0123.db" import -q noncharacters.jsonl # with -index.1
expect_in err 'cannot name the side files of'
must --db 0123.db import -q noncharacters.jsonl
expect_rec 0 --db 0123.db check

it 'a search for one word two thousand times is the search for the word, and as fast'
must --db words.db import -q --no-build "$SAMPLE"
must --db words.db search --format tsv a
cp out once
ran='recommend search, with one word 2,048 times'
# shellcheck disable=SC3045
(ulimit -t 4 && exec "$RECOMMEND" --db words.db search --format tsv -- "$(repeat 1024 'a A ')") >out 2>err
status=$?
expect_status 0
expect_same_bytes once out

if has sqlite3; then
    it 'nothing in a store that others wrote steers a terminal, and no text runs into another line or column'
    must --db steer.db import -q "$SAMPLE"
    must --db steer.db similar smp:0001 --format tsv
    cp out clean
    # Of schema 2, for papers of later ones are exported and shown only where their sums are right.
    zcat "$SOURCE/tests/data/store-2.gz" >older.db
    for store in steer older; do
        sqlite3 $store.db "CREATE TEMP TABLE bad AS SELECT 'x' || char(27, 155, 8238, 8294, 1564, 127, 10, 9, 13) || 'y' AS mark;
            UPDATE paper SET title = title || (SELECT mark FROM bad), venue = (SELECT mark FROM bad), abstract = abstract || (SELECT mark FROM bad),
            url = (SELECT mark FROM bad), authors = json_array((SELECT mark FROM bad)), keywords = '[\"' || char(155, 8238, 127) || '\"]';"
    done
    printf '[\001-\010\013-\037\177]|\302[\200-\237]|\342\200[\216\217\252-\256]|\342\201[\246-\251]|\330\234' >steering
    while read -r store question; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 0 --db $store.db $question
        LC_ALL=C grep -aEnf steering out err | head -n 3 >marks
        expect_empty marks
    done <<'END'
older show smp:0001
older show smp:0001 --format json
steer similar smp:0001 -k 60
steer similar smp:0001 -e -k 60 --format json
steer similar smp:0001 -e --format trec
steer similar smp:0001 -e --format markdown
steer similar smp:0001 -e --format html
steer similar smp:0001 -e --format atom
steer similar smp:0001 -e --format jsonfeed
steer search reef -e
steer explain smp:0001 reef-larvae-2021
steer digest --date 2025-03-14 --format text
steer digest --date 2025-03-14 --format json
older export
older export --format bibtex
older export --format csv
steer export --graph --format graphml
steer export --graph
steer info
END
    expect_rec 3 --db steer.db similar smp:001
    LC_ALL=C grep -aEnf steering out err >marks
    expect_empty marks
    must --db steer.db similar smp:0001 --format tsv
    sed 's/x   y$//' out >cleaned
    expect_same_bytes clean cleaned
    must --db older.db show smp:0001
    expect_lines_like out '^([a-z]+ +.*|.*x   y|)$'
    expect_in out 'venue       x   y'
    sqlite3 steer.db "UPDATE paper SET title = CAST(X'419B42' AS TEXT)"
    must --db steer.db similar smp:0001
    expect_in out '  A?B'
    it 'what is no UTF-8 in a store that others wrote is a U+FFFD where the format is UTF-8'
    for format in json markdown html atom jsonfeed; do
        must --db steer.db similar smp:0001 --format $format
        expect_in out "$(printf 'A\357\277\275B')"
    done
    must --db steer.db digest --date 2025-03-14 --format text
    expect_in out "$(printf 'A\357\277\275B')"
else
    skip 'a store that others wrote: there is no sqlite3 to alter it with'
fi

it 'an export goes to the file that is named, and a link in its place is not followed outside'
mkdir -p elsewhere
echo theirs >elsewhere/file
ln -s elsewhere/file link.jsonl
rec --db e.db export --output link.jsonl
expect_status 0
echo theirs | cmp -s - elsewhere/file || expect_in elsewhere/file '"id"'

finish
