# Settings: flags over the environment over the user's file over the machine's, and what 'config' tells of them.
. "$SOURCE/tests/cli/lib.sh"

mkdir -p machine user/recommend
unset RECOMMEND_CONFIG
export XDG_CONFIG_HOME="$WORK/user" RECOMMEND_SYSTEM_CONFIG="$WORK/machine/config"
system=machine/config user=user/recommend/config

it 'without a file nothing is set, and the store is where it always was'
expect_rec 0 config
expect_lines_like out "^db	$HOME/.local/share/recommend/papers.db	default\$"
expect_empty err

must --db papers.db import -q "$SAMPLE"
"$RECOMMEND" --db papers.db similar smp:0001 >plain
"$RECOMMEND" --db papers.db similar smp:0001 --format json >plain.json

it "the machine's file sets the store"
echo "db = $WORK/papers.db" >$system
expect_rec 0 similar smp:0001
expect_same_bytes plain out
expect_rec 0 smp:0001
expect_same_bytes plain out
expect_rec 0 config
expect_lines_like out "^db	$WORK/papers.db	$WORK/$system:1\$"

it "the user's file is over the machine's"
echo 'format = tsv' >>$system
printf '# a comment\n\n; another\n  [similar]\r\n\tformat=json  \n' >$user
expect_rec 0 similar smp:0001
expect_same_bytes plain.json out
it 'a section is for its verb alone'
expect_rec 0 search coral
expect_lines_like out '	'

it 'the environment is over the files'
ran='RECOMMEND_FORMAT=trec recommend similar smp:0001'
RECOMMEND_FORMAT=trec "$RECOMMEND" similar smp:0001 >out 2>err
expect_lines_like out '^smp:0001 Q0 '
it 'an empty variable sets nothing'
RECOMMEND_FORMAT='' "$RECOMMEND" similar smp:0001 >out 2>err
expect_same_bytes plain.json out

it 'what is typed is over all'
ran='RECOMMEND_FORMAT=trec recommend similar smp:0001 --format text'
RECOMMEND_FORMAT=trec "$RECOMMEND" similar smp:0001 --format text >out 2>err
expect_same_bytes plain out
RECOMMEND_FORMAT=trec "$RECOMMEND" --format text smp:0001 >out 2>err
expect_same_bytes plain out

it 'the home folder has the file where XDG_CONFIG_HOME is not set'
(unset XDG_CONFIG_HOME && mkdir -p "$HOME/.config/recommend" && mv $user "$HOME/.config/recommend/config" &&
    "$RECOMMEND" similar smp:0001 >out 2>err
    mv "$HOME/.config/recommend/config" $user)
expect_same_bytes plain.json out
it 'RECOMMEND_CONFIG names a file in its place'
echo 'format = trec' >mine
RECOMMEND_CONFIG=mine "$RECOMMEND" similar smp:0001 >out 2>err
expect_lines_like out '^smp:0001 Q0 '
RECOMMEND_CONFIG=/dev/null "$RECOMMEND" similar smp:0001 --format text >out 2>err
expect_same_bytes plain out

it 'a list that is set is whole, and one that is typed replaces it'
printf '[similar]\nexclude = reef-cloud-2024\nexclude = reef-symbiont-2025\n' >$user
expect_rec 0 similar smp:0001 --format trec
expect_not_in out reef-cloud-2024
expect_not_in out doi:10.5555/jie.2025.0031
expect_rec 0 similar smp:0001 --format trec --exclude reef-cloud-2024
expect_not_in out reef-cloud-2024
expect_in out doi:10.5555/jie.2025.0031

it 'a flag is yes or no, and a later source can say no'
printf 'explain = yes\n' >$user
expect_rec 0 similar smp:0001 --format text
expect_in out 'why: '
RECOMMEND_EXPLAIN=no "$RECOMMEND" similar smp:0001 --format text >out 2>err
expect_same_bytes plain out

it 'a setting passes by a verb that has no such option'
expect_rec 0 info --format text
expect_rec 0 check --format text

it 'a file may be named from the home folder'
cp papers.db* "$HOME/"
echo 'db = ~/papers.db' >$user
expect_rec 0 info --format json
expect_in out "\"store\":\"$HOME/papers.db\""

it "'config' tells what holds of all sources"
printf 'threads = 2\n[serve]\nport = 8081\n[digest]\nfrom = Digest; daily <d@example.org>\n' >$user
RECOMMEND_MIN_BAND=fair "$RECOMMEND" config --format text >out 2>err
expect_in out "threads	2	$WORK/$user:1"
expect_in out "serve.port	8081	$WORK/$user:3"
expect_in out "digest.from	Digest; daily <d@example.org>	$WORK/$user:5"
expect_in out 'min-band	fair	RECOMMEND_MIN_BAND'
expect_in out "db	$WORK/papers.db	$WORK/$system:1"
expect_rec 0 config serve --format text
expect_in out 'serve.port'
expect_not_in out 'digest.from'
RECOMMEND_THREADS=3 "$RECOMMEND" config --format text >out 2>err
expect_not_in out "threads	2"
expect_rec 0 config --format json
cp out told.json
if has python3; then
    run python3 -c '
import json, sys
told = json.load(open("told.json"))
port = [s for s in told["settings"] if s["key"] == "port"]
assert told["schema_version"] == 1 and [f["found"] for f in told["files"]] == [True, True], told
assert port == [{"verb": "serve", "key": "port", "value": "8081", "source": "file", "name": told["files"][1]["path"], "line": 3}], port'
    expect_status 0
else
    skip 'the settings as JSON: there is no python3'
fi
expect_rec 2 config nothing

it 'a bad line, section, key or value is told by file and line, whatever is asked'
while IFS='|' read -r line words; do
    printf 'quiet = no\n%b\n' "$line" >$user
    for verb in 'similar smp:0001' info config; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 2 $verb
        expect_in err "'$WORK/$user' line"
        expect_in err "$words"
    done
done <<'END'
nonsense|line 2: 'nonsense' is neither
[serv]|did you mean 'serve'?
[serve\nport = 1|no ']'
[serve]\nprot = 1|line 3: key 'prot' is no option of verb serve; did you mean 'port'?
port = 8081|in a section such as [serve]
formt = json|did you mean 'format'?
[serve]\nport = http|'http' is not a whole number
diversity = much|'much' is not a number
explain = maybe|'maybe' is neither yes nor no
db =|key 'db' has no value
= 1|line 2: key ''
END
it 'an option that is typed takes the place of a set one that it excludes'
printf '[digest]\nformat = eml\nfrom = a@example.org\nto = b@example.org\nsend = cat >was.sent\ntrending = 2\n' >$user
expect_rec 0 digest --db papers.db --date 2025-03-14 --output edition.eml
[ -s edition.eml ] && [ ! -e was.sent ] || fail 'written and not sent' "$(ls)"
echo smp:0001 >headlines
expect_rec 0 digest --db papers.db --date 2025-03-14 --headlines headlines --output edition.eml
it 'addresses that are set are for messages, and in the way of no other format'
expect_rec 0 digest --db papers.db --date 2025-03-14 --format html --output edition.html
expect_in edition.html '<html'
it 'but nothing that is no message is sent to them'
expect_rec 2 digest --db papers.db --date 2025-03-14 --format html
expect_in err '--format eml'
[ ! -e was.sent ] || fail 'nothing sent' "$(head -n 5 was.sent)"
rm $user

it 'a variable is told by its name'
RECOMMEND_THREADS=two "$RECOMMEND" info >out 2>err
expect_equal 2 $?
expect_in err "variable 'RECOMMEND_THREADS': 'two' is not a whole number"

it 'a value of the right kind that a verb refuses is told by file and line as well'
echo "db = $WORK/papers.db" >$system
while IFS='|' read -r line call words; do
    printf 'quiet = no\n%b\n' "$line" >$user
    ran="recommend $call with $line"
    # shellcheck disable=SC2086 # the words are arguments
    "$RECOMMEND" $call >out 2>err
    expect_number $? -gt 0
    expect_equal "recommend: '$WORK/$user' line $words" "$(tail -n 1 err)"
    expect_equal 2 "$(wc -l <err)"
done <<'END'
format = yaml|similar smp:0001|2: key 'format' sets it to 'yaml'
format = trec|export|2: key 'format' sets it to 'trec'
min-band = huge|smp:0001|2: key 'min-band' sets it to 'huge'
[similar]\nlimit = 0|similar smp:0001|3: key 'limit' sets it to '0'
diversity = 7|similar smp:0001|2: key 'diversity' sets it to '7'
since = yesterday|search coral|2: key 'since' sets it to 'yesterday'
category = a"b|search coral|2: key 'category' sets it to 'a"b'
[serve]\nport = 99999|serve|3: key 'port' sets it to '99999'
exclude-file = /nowhere/ids|similar smp:0001|2: key 'exclude-file' sets it to '/nowhere/ids'
db = /nowhere/papers.db|info|2: key 'db' sets it to '/nowhere/papers.db'
END
it 'and a variable by its name, but nothing that was typed, or that the words are not about'
rm $user
RECOMMEND_DIVERSITY=7 "$RECOMMEND" similar smp:0001 >out 2>err
expect_in err "variable 'RECOMMEND_DIVERSITY' sets it to '7'"
printf '[similar]\nlimit = 0\nmin-band = fair\n' >$user
expect_rec 2 similar smp:0001 -k 20000
expect_equal 1 "$(wc -l <err)"
expect_rec 2 similar smp:0001 --limit 20000
expect_equal 1 "$(wc -l <err)"
expect_rec 2 similar smp:0001 --limt 3
expect_equal 1 "$(wc -l <err)"
printf 'like = nobody\n' >$user
expect_rec 0 info

it 'help and version are told whatever is set'
echo nonsense >$user
expect_rec 0 similar --help
expect_rec 0 --help
expect_rec 0 --version

it 'a file that is too large, or none of ours, is refused'
head -c 70000 /dev/zero | tr '\0' '#' >$user
expect_rec 2 info
expect_in err 'more than 65536 bytes'
printf 'db = a\0b\n' >$user
expect_rec 2 info
yes 'quiet = no' | head -n 300 >$user
expect_rec 2 info
expect_in err 'more than 256 settings'

it 'what cannot be reached sets nothing'
rm -r user
touch user
expect_rec 0 similar smp:0001 --format text
expect_same_bytes plain out

it 'a mistyped verb is told'
expect_rec 3 serch coral
expect_in err "did you mean 'recommend search'?"
expect_rec 2 sreve --port 1
expect_in err "did you mean 'recommend serve'?"
expect_rec 3 nobody
expect_not_in err 'is no verb'

finish
