# The service under mixed load while papers come and go, for $SOAK_SECONDS (600 where that is not set): soak.py says what is held against it.
set -eu
. "$SOURCE/tests/wait.sh"
command -v wrk >/dev/null || { echo "SKIPPED: no wrk"; exit 77; }
seconds=${SOAK_SECONDS:-600}
/usr/bin/python3 "$SOURCE/tests/http/soak.py" make .
"$RECOMMEND" import --quiet --db s.db papers.jsonl
trap 'kill $server 2>/dev/null' EXIT
start_service --db s.db --port 0 --access-log access.log
/usr/bin/python3 "$SOURCE/tests/http/soak.py" run . "$(cat address)" $server "$seconds"

# It ends by a signal, while it is asked.
wrk -t1 -c4 -d3s "$(cat address)" >/dev/null &
sleep 1
kill $server
wait $server || { echo "FAILED: it ended with status $?: $(cat said)"; exit 1; }
trap - EXIT
wait
"$RECOMMEND" check --quiet --db s.db
