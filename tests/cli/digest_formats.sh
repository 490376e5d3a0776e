# What editions look like: valid in every format, and whatever stands in a record does no harm in any of them.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

day=2025-03-14

feeds=0

# Every check that a format has: tidy for HTML, RFC 4287's schema for Atom, Python for the message and the JSON feed.
check_format() { # format, file
    case $1 in
    html)
        has tidy || return 0
        run tidy -q -e "$2"
        expect_status 0
        expect_empty err ;;
    atom) # jing takes a second to start: all at once, at the end
        feeds=$((feeds + 1))
        cp "$2" "feed$feeds.atom" ;;
    jsonfeed)
        has python3 || return 0
        run python3 -c "$read_feed" "$2"
        expect_status 0 ;;
    eml)
        has python3 || return 0
        run python3 -c "$read_message" "$2"
        expect_status 0 ;;
    esac
}
for tool in tidy jing python3; do
    has $tool || skip "what $tool would say: it is not there"
done

read_feed='
import json, sys
feed = json.load(open(sys.argv[1]))
assert feed["version"] == "https://jsonfeed.org/version/1.1", feed["version"]
assert feed["title"] and isinstance(feed["items"], list)
ids = [item["id"] for item in feed["items"]]
assert len(set(ids)) == len(ids) and all(item["content_html"] for item in feed["items"])'
read_message='
import email, email.policy, sys
raw = open(sys.argv[1], "rb").read()
message = email.message_from_bytes(raw, policy=email.policy.default)
assert not message.defects, message.defects
assert all(byte < 128 for byte in raw) and b"\r" not in raw and max(map(len, raw.split(b"\n"))) <= 998
assert message.get_content_type() == "multipart/alternative"
parts = list(message.iter_parts())
assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
assert not any(part.defects for part in parts)
for part in parts:
    print(part.get_content())
for name, value in message.items():
    print(name + ": " + value)'

must import -q "$SAMPLE"

it 'every format of an edition is valid'
for format in text markdown html atom jsonfeed eml; do
    expect_rec 0 digest --date $day --trending 9 --format $format --output "edition.$format" --archive https://example.org/archive/1
    check_format $format "edition.$format"
done

it 'so is every format of an answer'
for format in markdown html atom jsonfeed; do
    for question in 'similar smp:0001' 'search coral' 'similar --title corals'; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 0 $question --format $format
        cp out answer
        check_format $format answer
    done
done

it 'a page has no script, no picture, nothing from elsewhere'
for forbidden in '<script' '<img' '<link' '@import' 'url(' 'javascript:'; do
    expect_not_in edition.html "$forbidden"
done

# Titles that are mark-up in some format, an abstract of a megabyte, an address that is code.
awk 'BEGIN {
    printf "{\"id\":\"evil:1\",\"title\":\"<script>alert(1)</script> & \\\"quoted\\\" {{title}}\",\"abstract\":\"x <img src=y onerror=z>\",\"date\":\"2025-07-01\",\"url\":\"javascript:alert(1)\"}\n"
    printf "{\"id\":\"evil:2\",\"title\":\"[link](http://evil.example) *bold* `code` # <b>\",\"abstract\":\"-->]]> &#x202e; \\u202e turned\",\"date\":\"2025-07-01\",\"url\":\"https://example.org/a\\\"onmouseover=\\\"b\"}\n"
    printf "{\"id\":\"evil:3\",\"title\":\"Bell \\u0007 escape \\u001b[31m and \\u009b end\",\"authors\":[\"<i>A</i>\",\"\\nBcc: x@example.org\"],\"date\":\"2025-07-01\",\"url\":\"https://example.org/ a\"}\n"
    printf "{\"id\":\"evil:4\",\"title\":\""; for (i = 0; i < 300; i++) printf "longword%d ", i; printf "\",\"date\":\"2025-07-01\",\"abstract\":\""
    for (i = 0; i < 100000; i++) printf "abstract "; printf "\"}\n"
    printf "{\"id\":\"evil:5\",\"title\":\"深層学習による論文推薦の研究\",\"abstract\":\""; for (i = 0; i < 300; i++) printf "深層学習"; printf "\",\"date\":\"2025-07-01\"}\n"
}' >evil.jsonl
must import -q evil.jsonl

it 'hostile records do no harm in any format'
for format in text markdown html atom jsonfeed eml; do
    expect_rec 0 digest --date 2025-07-01 --trending 5 --format $format --min-band none --output "evil.$format"
    check_format $format "evil.$format"
    expect_number "$(wc -c <"evil.$format")" -lt 40000
    tr -d '\n' <"evil.$format" | LC_ALL=C tr -d '\040-\176\200-\377' >controls
    [ $format = eml ] || expect_empty controls
    expect_not_in "evil.$format" javascript:
done
expect_in evil.html '&lt;script&gt;'
expect_not_in evil.html '<script'
expect_not_in evil.html '<img'
expect_not_in evil.html onmouseover
expect_in evil.html '{{title}}'
expect_in evil.markdown '\[link\](http\://evil.example) \*bold\* \`code\`'
expect_not_in evil.eml '<script'
if has python3; then
    it 'no record can add a header to a message'
    python3 -c "$read_message" evil.eml | grep -c '^Bcc' >found
    expect_equal 0 "$(cat found)"
fi

it 'plain text is no wider than 76 columns, but for addresses, and wide characters take two'
if has python3; then
    run python3 -c '
import sys, unicodedata
for line in open(sys.argv[1], encoding="utf-8").readlines() + open("edition.text", encoding="utf-8").readlines():
    line = line.rstrip("\n")
    columns = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    assert columns <= 76 or "http" in line, line' evil.text
    expect_status 0
fi

# Sentences of every length about a line's, full stops that stand alone, and a letter beyond ASCII, so that lines are broken by the encoding.
# Another day's are plain ASCII, which needs no encoding.
awk 'BEGIN { for (n = 50; n < 100; n++) for (plain = 0; plain < 2; plain++) { text = plain ? "Ee" : "Éé"
    for (i = 0; length(text) < n; i++) text = text (i % 3 == 2 ? " " : "") (n * 7 + i * 31) % 97
    text = substr(text, 1, n - 1) "x"
    printf "{\"id\":\"dot:%d-%d\",\"title\":\"%s.\",\"abstract\":\"%s. . .. ... %s .hidden. %s\",\"date\":\"2025-07-0%d\"}\n", n, plain, text, text, text, text, plain + 2 } }' >dots.jsonl
must import -q dots.jsonl
it 'no line of a message begins with a full stop, at which sendmail may stop reading'
for day_of_dots in 2025-07-02 2025-07-03; do
    printf '{{#headlines}}.\n. {{title}}\n.{{abstract}}\r\n.\n\n..\n= {{title}} \t\n{{/headlines}}.' >leading
    for template in '' '--template leading'; do
        # shellcheck disable=SC2086 # the words are arguments
        must digest --date $day_of_dots --trending 50 --min-band none --limit 1 $template --format eml --output dots.eml
        grep -n '^[.]' dots.eml >leading_dots
        expect_empty leading_dots
        if has python3; then
            it 'and its parts are the plain text and the page, byte for byte, in lines of at most 76 characters where encoded'
            must digest --date $day_of_dots --trending 50 --min-band none --limit 1 --format text --output dots.text
            # shellcheck disable=SC2086 # the words are arguments
            must digest --date $day_of_dots --trending 50 --min-band none --limit 1 $template --format html --output dots.html
            run python3 -c '
import email, sys
parts = email.message_from_bytes(open("dots.eml", "rb").read()).get_payload()
for part, name in zip(parts, ["dots.text", "dots.html"]):
    assert part["Content-Transfer-Encoding"] != "quoted-printable" or max(map(len, part.get_payload().split("\n"))) <= 76
    assert part.get_payload(decode=True) == open(name, "rb").read(), name'
            expect_status 0
        fi
    done
done

it 'the headers of a message are those that were asked for'
must digest --date $day --format eml --from 'Zoë <digest@example.org>' --to 'List <list@example.org>' --subject 'Päper “digest” 日本' \
    --unsubscribe https://example.org/leave --archive https://example.org/2025-03-14.html --output asked.eml
if has python3; then
    run python3 -c "$read_message" asked.eml
    expect_status 0
    for header in 'From: Zoë <digest@example.org>' 'To: List <list@example.org>' 'Subject: Päper “digest” 日本' 'Date: Fri, 14 Mar 2025 00:00:00 +0000' \
        'List-Unsubscribe: <https://example.org/leave>' 'List-Unsubscribe-Post: List-Unsubscribe=One-Click' \
        'Archived-At: <https://example.org/2025-03-14.html>'; do
        expect_in out "$header"
    done
    expect_in out '@example.org>'
fi
expect_not_in edition.eml 'To:'

it 'what would break out of a header is refused'
newline=$(printf 'x\nBcc: evil@example.org')
for option in subject from to unsubscribe archive mark-sent; do
    expect_rec 2 digest --date $day --format eml --$option "$newline"
    expect_in err "option '--$option'"
done
it 'so is what would steer a terminal or turn a line around, in an old way or a new one'
for control in '\033[2J' '\177' '\302\2332J' '\342\200\256cod' '\342\201\247' '\330\234'; do
    for option in subject from to unsubscribe archive mark-sent; do
        expect_rec 2 digest --date $day --format eml --$option "$(printf "https://example.org/a$control@b")"
        expect_in err "option '--$option'"
    done
done
expect_rec 2 digest --date $day --format eml --from nobody
expect_in err "'nobody' is no mail address"
expect_rec 2 digest --date $day --format eml --to 'a@example.org, b@'

it 'a message of thirty long headlines stays under 100,000 bytes'
awk 'BEGIN { for (i = 0; i < 130; i++) { printf "{\"id\":\"long:%d\",\"title\":\"", i
    for (j = 0; j < 30; j++) printf "topic%d é%d ", (i * 7 + j) % 90, j
    printf "\",\"abstract\":\""; for (j = 0; j < 120; j++) printf "word%d topic%d ", (i + j) % 50, (i * 3 + j) % 90
    printf "\",\"authors\":[\"Ann Author\",\"Ben Author\",\"Cem Author\",\"Dan Author\"],\"url\":\"https://example.org/a/rather/long/address/of/a/paper/%d\",\"date\":\"2025-08-01\"}\n", i } }' >long.jsonl
must --db long.db import -q long.jsonl
must --db long.db digest --date 2025-08-01 --trending 30 --format eml --min-band none --output long.eml
expect_number "$(wc -c <long.eml)" -gt 50000
expect_number "$(wc -c <long.eml)" -lt 100000
check_format eml long.eml

it 'a paper that was withdrawn is shown as such where it is named, and never suggested or chosen'
printf '%s\n' '{"id":"gone:1","title":"Mussels on ropes in cold fjords","date":"2025-09-01","withdrawn":true}' \
    '{"id":"gone:2","title":"Mussels on ropes in warm fjords","date":"2025-09-01"}' >gone.jsonl
must --db gone.db import -q gone.jsonl
printf 'gone:1\n' >named
for format in text markdown html atom jsonfeed; do
    expect_rec 0 --db gone.db digest --date 2025-09-01 --headlines named --format $format --min-band none
    expect_in out WITHDRAWN
done
expect_rec 0 --db gone.db digest --date 2025-09-01 --format json --min-band none
expect_not_in out gone:1

it 'an operator may bring a template of his own'
printf '{{#headlines}}<li>{{title}}{{#suggestions}}<b>{{title}}</b>{{/suggestions}}</li>\n{{/headlines}}' >mine
must digest --date 2025-07-01 --trending 5 --template mine --format html --min-band none
expect_in out '<li>&lt;script&gt;'
it 'and is told what is wrong with it'
printf '{{#headlines}}\n{{titel}}\n{{/headlines}}' >mine
expect_rec 1 digest --date $day --template mine --format html
expect_in err "template 'mine', line 2: there is no 'titel' here"
printf '{{#headlines}}\n{{title}}' >mine
expect_rec 1 digest --date $day --template mine --format html
expect_in err "template 'mine', line 1: section 'headlines' is not closed"
printf '{{{title}}}' >mine
expect_rec 1 digest --date $day --template mine --format html
expect_in err 'is no tag'
printf '{{>html}}' >mine
expect_rec 0 digest --date $day --template mine --format html
expect_rec 1 digest --date $day --template nowhere --format html
expect_rec 2 digest --date $day --template mine --format json

if has jing; then
    it 'every feed is valid by the schema of RFC 4287'
    expect_number $feeds -ge 5
    run jing -c "$SOURCE/tests/data/atom.rnc" feed*.atom
    expect_status 0
    it 'and the schema tells what is not'
    sed 's/<updated>/<updated>when /' feed1.atom >bad.atom
    run jing -c "$SOURCE/tests/data/atom.rnc" bad.atom
    expect_status 1
fi

finish
