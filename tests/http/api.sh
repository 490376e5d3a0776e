# Every path, method and parameter of openapi.json against a service of the sample papers: tests/http/api.py.
set -eu
. "$SOURCE/tests/wait.sh"
folder=$(mktemp -d)
trap 'kill $server 2>/dev/null; rm -rf "$folder"' EXIT
if ! /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    echo "SKIPPED: no python3-jsonschema"
    server=''
    exit 77
fi
"$RECOMMEND" import --quiet --db "$folder/s.db" "$SAMPLE"
"$RECOMMEND" serve --db "$folder/s.db" --port 0 >"$folder/address" 2>"$folder/said" &
server=$!
wait_for_file "$folder/address" $server
/usr/bin/python3 "$SOURCE/tests/http/api.py" "$(cat "$folder/address")" smp:0001 reef-cloud-2024
