# The page in a browser: starts a service of the sample papers and runs page.mjs against it. Skipped, aloud, where there is no browser.
set -eu
. "$SOURCE/tests/wait.sh"
for tool in chromium node npm; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: no $tool"; exit 77; }
done
cp "$SOURCE/tests/page/package.json" .
if ! npm install --no-package-lock --no-audit --no-fund >npm.log 2>&1; then
    echo "SKIPPED: npm cannot install what the test stands on: $(tail -n 1 npm.log)"
    exit 77
fi
"$RECOMMEND" import --quiet --db s.db "$SAMPLE"
trap 'kill $server 2>/dev/null' EXIT
start_service --db s.db --port 0
node "$SOURCE/tests/page/page.mjs" "$(cat address)" "$PWD"
