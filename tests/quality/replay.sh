# A month of editions: import the papers up to a day, make the day's edition, mark it sent, go on. Over all of them: nothing is suggested twice
# within 30 days, no headline is suggested, every list is full or says why not, and the same command gives the same bytes for any number
# of threads. `long` is 30 whole days of 30 headlines; else a part of that.
. "$SOURCE/tests/quality/lib.sh"
need train/arxiv-daily.jsonl.zst
for tool in zstd sqlite3; do
    command -v $tool >/dev/null || { echo "SKIPPED: there is no $tool"; exit 77; }
done

case ${1:-} in
long) days=30 base=11000 a_day=1000 headlines=30 ;;
*) days=6 base=1100 a_day=30 headlines=10 ;;
esac

# "date line", oldest first; the last $days dates are replayed on top of the $base papers before them.
zstd -dcq "$DATA/train/arxiv-daily.jsonl.zst" | awk '{
    if (match($0, /"date":"[0-9-]*"/)) print substr($0, RSTART + 8, 10) "\t" $0 }' | sort -s -k 1,1 >dated
cut -f 1 dated | uniq | tail -n "$days" >replayed
first=$(head -n 1 replayed) last=$(tail -n 1 replayed)
awk -F '\t' -v first="$first" '$1 < first' dated | cut -f 2- | tail -n "$base" >base.jsonl
while read -r day; do
    awk -F '\t' -v day="$day" '$1 == day' dated | cut -f 2- | head -n "$a_day" >"$day.jsonl"
done <replayed
rm dated

# Editions of all days into a folder; the greatest and the summed milliseconds of an edition into the file `times`.
replay() { # folder, options
    folder=$1
    shift
    mkdir "$folder"
    "$RECOMMEND" import -q --db replay.db "$@" base.jsonl || fail "import of the base"
    while read -r day; do
        "$RECOMMEND" import -q --db replay.db "$@" "$day.jsonl" || fail "import of $day"
        start=$(date +%s%N)
        "$RECOMMEND" digest -q --db replay.db --date "$day" --trending $headlines -k 3 --not-sent-within 30d --mark-sent "$day" "$@" \
            --format json --output "$folder/$day.json" || fail "edition of $day: exit status $?"
        echo $((($(date +%s%N) - start) / 1000000)) >>"$folder.times"
    done <replayed
    "$RECOMMEND" digest -q --db replay.db --date "$last" --trending $headlines -k 3 --not-sent-within 30d --mark-sent "$last" "$@" \
        --format json >again || fail "edition of $last once more"
    cmp again "$folder/$last.json" || fail "an edition that is made again is another one"
    rm -f replay.db replay.db-*
    sort -n "$folder.times" | awk '{ sum += $1; most = $1 } END { printf "an edition: %d ms on average, %d at most\n", sum / NR, most }'
}

replay one --threads 1
replay two --threads 2
diff -r one two >differences || fail "editions differ with the number of threads: $(head -n 3 differences)"

query() { # SQL
    sqlite3 editions.db "$1"
}
query 'CREATE TABLE edition(day TEXT, body TEXT)'
while read -r day; do
    query "INSERT INTO edition VALUES ('$day', readfile('one/$day.json'))"
done <replayed
query "CREATE TABLE headline AS SELECT day, json_extract(h.value, '\$.id') AS id, json_array_length(h.value, '\$.results') AS held,
    json_extract(h.value, '\$.note') AS note, h.value AS body FROM edition, json_each(body, '\$.headlines') h;
    CREATE TABLE suggestion AS SELECT day, headline.id AS seed, json_extract(r.value, '\$.id') AS id
    FROM headline, json_each(headline.body, '\$.results') r"

none() { # what must not be, SQL that finds it
    found=$(query "$2 LIMIT 3")
    [ -z "$found" ] || fail "$1: $found"
}
echo "$(query 'SELECT count(*) FROM edition') editions, $(query 'SELECT count(*) FROM headline') headlines, $(query 'SELECT count(*) FROM suggestion') suggestions, \
$(query 'SELECT count(*) FROM headline WHERE held < 3') lists short"
[ "$(query 'SELECT count(*) FROM headline')" -eq $((days * headlines)) ] || fail "not $headlines headlines in each of $days editions"
[ "$(query 'SELECT count(*) FROM suggestion')" -ge $((days * headlines * 2)) ] || fail 'fewer than two suggestions a headline'
none 'suggested twice within 30 days' "SELECT a.day, b.day, a.id FROM suggestion a JOIN suggestion b ON a.id = b.id AND a.rowid < b.rowid
    AND julianday(b.day) - julianday(a.day) <= 30"
none 'a headline that is suggested, in its edition or within 30 days' "SELECT s.day, s.id FROM suggestion s JOIN headline h ON s.id = h.id
    AND julianday(s.day) - julianday(h.day) BETWEEN 0 AND 30"
none 'a headline that stands twice in an edition' 'SELECT day, id FROM headline GROUP BY day, id HAVING count(*) > 1'
none 'a list that is neither full nor explained' 'SELECT day, id FROM headline WHERE held < 3 AND note IS NULL'
none 'a list that is too long' 'SELECT day, id FROM headline WHERE held > 3'
none 'a headline of another day' "SELECT day, id FROM headline WHERE json_extract(body, '\$.seed.published') <> day"
finish
