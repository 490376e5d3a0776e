# Search with a fuzz target for so many seconds, from its corpus and from what earlier searches of this build folder found. What is new is
# kept in found/TARGET; what fails the target is kept in findings/TARGET, and fails the test.
#
#   search.sh TARGET CORPUS SECONDS
set -eu
target=$1 corpus=$2 seconds=$3
name=$(basename "$target")
mkdir -p "found/$name" "findings/$name"
export ASAN_OPTIONS="detect_leaks=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
exec "$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -use_value_profile=1 -print_final_stats=1 \
    -artifact_prefix="findings/$name/" "found/$name" "$corpus"
