# The examples of docs/http.md (tests/docs/page.sh runs those of all other pages), run in their order against a service of the sample papers: each must succeed.
. "$SOURCE/tests/cli/lib.sh"

must import --quiet --db s.db "$SAMPLE"
trap 'kill $server 2>/dev/null' EXIT
start_service --db s.db --port 0
URL=$(sed 's|/$||' address)
export URL

# Each shell block behind the first, which starts a service, as a script of its own.
awk '/^```sh$/ { n++; on = n > 1; next } /^```$/ { on = 0 } on { print > ("block-" n ".sh") }' "$SOURCE/docs/http.md"
it 'runs every example of docs/http.md'
for block in block-*.sh; do
    ran=$(cat "$block")
    sh -e "$block" >out 2>err || fail 'exit status 0' "$(cat out err)"
    checks=$((checks + 1))
    [ -s out ] || fail 'some output' "$(cat err)"
    # An example that shows an error looks for its code; no other meets one.
    grep -q 'grep' "$block" || ! grep -q '"code":' out || grep -q nobody "$block" || fail 'an answer' "$(cat out)"
done
[ "$checks" -ge 8 ] || fail 'at least 8 examples' "$checks"
finish
