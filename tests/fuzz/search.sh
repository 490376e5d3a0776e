# Search with a fuzz target for so many seconds, from its corpus and from what earlier searches found: those of this build folder, or, in a new
# one, those whose inputs are packed in found.tar.xz. What is new is kept in found/TARGET; what fails the target is kept in findings/TARGET, and
# fails the test.
#
#   search.sh TARGET CORPUS SECONDS
set -eu
target=$1 corpus=$2 seconds=$3
name=$(basename "$target")
packed=$(dirname "$corpus")/../found.tar.xz
mkdir -p found "findings/$name"
if [ ! -d "found/$name" ] && tar -tf "$packed" "$name" >/dev/null 2>&1; then
    tar -C found -xf "$packed" "$name"
fi
mkdir -p "found/$name"
export ASAN_OPTIONS="detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
exec "$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -use_value_profile=1 -print_final_stats=1 \
    -artifact_prefix="findings/$name/" "found/$name" "$corpus"
