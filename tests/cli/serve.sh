# recommend serve: the answers of the command line over HTTP, and what a client may not do. tests/http/api.py walks all of openapi.json.
. "$SOURCE/tests/cli/lib.sh"

must import --quiet --db s.db "$SAMPLE"
printf 'a-token-of-some-length\n' >token
chmod 600 token
trap 'kill $server 2>/dev/null' EXIT
start_service --db s.db --port 0 --access-log access.log
url=$(cat address)

it 'answers byte for byte what the command line prints'
same() { # path and query, arguments of the program
    path=$1
    shift
    curl -s "$url$path" >http.out
    "$RECOMMEND" "$@" --db s.db --format json >cli.out
    cmp http.out cli.out || fail "$path is not what '$*' prints" "$(head -c 400 body 2>/dev/null)"
}
same v1/papers/smp:0001/similar similar smp:0001
same 'v1/papers/smp:0001/similar?limit=3&offset=1' similar -k 3 --offset 1 smp:0001
same 'v1/papers/smp%3A0001/similar?category=q-bio.PE&since=2020' similar --category q-bio.PE --since 2020 smp:0001
same 'v1/papers/doi:10.5555/oth.2020.114/similar' similar doi:10.5555/oth.2020.114
same 'v1/papers/https://doi.org/10.5555/oth.2020.114/similar' similar https://doi.org/10.5555/oth.2020.114
same v1/papers/doi:10.5555/oth.2020.114 show doi:10.5555/oth.2020.114
same 'v1/search?q=coral%20reefs&limit=2' search -k 2 coral reefs

printf 'smp:0001\nnobody\n{"id":"smp:0001","limit":1}\n' >lines
curl -s --data-binary @lines "${url}v1/similar/batch" >http.out
"$RECOMMEND" batch --quiet --db s.db lines >cli.out
cmp http.out cli.out || fail "a batch differs from the command line's" "$(head -c 400 body 2>/dev/null)"
curl -s -d '{"text":"bleaching of corals in warm summers","limit":2}' "${url}v1/similar" >http.out
printf '{"text":"bleaching of corals in warm summers","limit":2}\n' | "$RECOMMEND" batch --db s.db >cli.out
cmp http.out cli.out || fail "a text differs from the command line's" "$(head -c 400 body 2>/dev/null)"

it 'tells errors as problems with a status and a code'
problem() { # status, code, arguments of curl
    expected="$1 application/problem+json $2"
    shift 2
    got=$(curl -s -o body -w '%{http_code} %{content_type}' "$@")
    got="$got $(grep -o '"code":"[a-z_]*"' body | cut -d '"' -f 4)"
    [ "$got" = "$expected" ] || fail "curl $*: '$got', not '$expected'" "$(head -c 400 body 2>/dev/null)"
}
problem 404 unknown_id "${url}v1/papers/nobody"
problem 404 unknown_id "${url}v1/papers/nobody/similar"
problem 404 no_such_path "${url}v2"
problem 404 no_such_path "${url}v1/papers/"
problem 400 bad_request "${url}v1/papers/smp:0001/similar?limit=x"
problem 400 bad_request "${url}v1/papers/smp:0001/similar?limit=1001"
problem 400 bad_request "${url}v1/papers/smp:0001/similar?nonsense=1"
problem 400 bad_request "${url}v1/papers/smp:0001/similar?since=yesterday"
problem 400 bad_request "${url}v1/search"
problem 400 bad_request "${url}v1/search?q=reef&like=smp:0001"
problem 400 bad_request -d 'smp:0001' "${url}v1/similar"
problem 400 bad_request -d '{"id":"smp:0001","limit":' "${url}v1/similar"
problem 405 method_not_allowed -X DELETE "${url}v1/similar"
curl -s -o body -w '%{http_code}\n' "${url}v1/papers/smp:0001/similar?min-band=%00strong" | grep -qx 400 || fail "a NUL in a parameter is taken" "$(head -c 400 body 2>/dev/null)"
head -c 9000000 /dev/zero | curl -s -o body -w '%{http_code}\n' --data-binary @- "${url}v1/similar" | grep -qx 413 || fail "a body of 9 MB is taken" "$(head -c 400 body 2>/dev/null)"
curl -s -o body -w '%{http_code}\n' -H "X-Long: $(head -c 40000 /dev/zero | tr '\0' x)" "${url}healthz" | grep -qx 431 || fail "40,000 bytes of header are taken" "$(head -c 400 body 2>/dev/null)"

it 'tells whoever has an answer so, until the store changes'
tag() { curl -sI "${url}v1/papers/smp:0001/similar" | tr -d '\r' | sed -n 's/^ETag: //p'; }
first=$(tag)
[ -n "$first" ] || fail "no ETag" "$(head -c 400 body 2>/dev/null)"
curl -s -o body -w '%{http_code}\n' -H "If-None-Match: $first" "${url}v1/papers/smp:0001/similar" | grep -qx 304 || fail "not 304" "$(head -c 400 body 2>/dev/null)"
curl -sI "${url}v1/papers/nobody/similar" | grep -qi '^etag' && fail "a failure has a tag" "$(head -c 400 body 2>/dev/null)"

it 'sees an import of another process without a restart'
printf '{"id":"late","title":"Late corals bleach in warm summers","abstract":"Corals bleach in warm summers and recover in mild ones."}\n' |
    "$RECOMMEND" import --quiet --db s.db - || fail "import beside the service" "$(head -c 400 body 2>/dev/null)"
[ "$(tag)" != "$first" ] || fail "the tag outlives an import" "$(head -c 400 body 2>/dev/null)"
same v1/papers/late/similar similar late

it 'serves pages that are valid HTML, and a problem where a page was no page'
for page in '' papers/smp:0001 'papers/smp:0001?since=2023&category=q-bio' 'search?q=coral%20%3Cb%3E' 'search' map mail papers/nobody '?date=2025-03-14&category=cs'; do
    curl -s "$url$page" >body
    if tidy -q -e body >told 2>&1; then checks=$((checks + 1)); else fail "/$page is valid" "$(cat told)"; fi
    grep -q '</html>' body || fail "/$page is whole" "$(tail -c 200 body)"
done
problem 404 no_such_path "${url}assets"
problem 404 unknown_id "${url}assets/passwd"

it 'leaves an abstract whole whose end is shorter than an ellipsis'
ending() { # word of four letters, the end
    printf "$1 %.0s" $(seq 84) # 420 characters, of which the last is a blank
    printf '%s' "$2"
}
printf '{"id":"%s","title":"Forests of %s","abstract":"%s"}\n' whole kelp "$(ending kelp x)" cut palm "$(ending palm xyz)" |
    "$RECOMMEND" import --quiet --db s.db - || fail "import of long abstracts" ''
curl -s "${url}search?q=forests%20of%20kelp%20and%20palm" >body
grep -q 'kelp kelp x<' body || fail "a letter is cut off" "$(grep kelp body)"
grep -q 'palm palm…<' body || fail "three letters are left" "$(grep palm body)"

it 'compresses where asked, and says nothing of other origins'
curl -s --compressed "${url}v1/papers/smp:0001/similar" >plain
curl -s -H 'Accept-Encoding: gzip' "${url}v1/papers/smp:0001/similar" | gzip -dc | cmp - plain || fail "gzip differs" "$(head -c 400 body 2>/dev/null)"
curl -s -H 'Accept-Encoding: gzip;q=0' "${url}v1/papers/smp:0001/similar" | cmp - plain || fail "gzip is sent to who refuses it" "$(head -c 400 body 2>/dev/null)"
[ -z "$(curl -s --head -o /dev/null -w '%{size_download}' "${url}healthz" | tr -d 0)" ] || fail "HEAD has a body" "$(head -c 400 body 2>/dev/null)"
curl -si -X OPTIONS "${url}v1/similar" | grep -qi '^Allow: POST, OPTIONS' || fail "OPTIONS" "$(head -c 400 body 2>/dev/null)"
curl -si "${url}healthz" | grep -qi '^access-control' && fail "CORS without being asked for" "$(head -c 400 body 2>/dev/null)"

curl -s "${url}readyz" | grep -qx ready || fail "not ready" "$(head -c 400 body 2>/dev/null)"
curl -s "${url}metrics" | grep -q '^recommend_http_requests_total{route="paper_similar",status="2xx"} [1-9]' || fail "metrics do not count" "$(head -c 400 body 2>/dev/null)"
grep -q '"method":"GET","path":"/v1/papers/smp:0001/similar","status":200' access.log || fail "the access log lacks a request" "$(head -c 400 body 2>/dev/null)"

it 'logs every request, in characters that a terminal only shows'
lines=$(wc -l <access.log)
for path in %C2%9B31m%E2%80%AE %1B%5B31m %C3%A9 %FF; do
    curl -s -o body "$url$path"
done
curl -s -o body -X "$(printf 'G\377T')" "${url}healthz"
expect_equal 5 $(($(wc -l <access.log) - lines))
grep '[^ -~]' access.log >strange
expect_empty strange
expect_in access.log '"method":"GET","path":"/\u009B31m\u202E","status":404'
expect_in access.log '"method":"GET","path":"/\u00E9","status":404'
expect_in access.log '"method":"GET","path":"?","status":404'
expect_in access.log '"method":"?","path":"/healthz","status":405'

it 'says that it is not ready where the index is damaged, though it has answered from it'
index=$(side_file s.db index)
cp "$index" index.whole
printf 'damage' | dd of="$index" bs=1 seek=5000 conv=notrunc 2>dd.said
problem 503 store_unusable "${url}readyz"
curl -s "${url}healthz" | grep -qx ok || fail "not healthy" ''
mv index.whole "$index"
curl -s "${url}readyz" | grep -qx ready || fail "ready again" "$(curl -s "${url}readyz")"

it 'answers what needs no store where the store is away, and the rest from whatever store takes its place'
printf '{"id":"other","title":"Another store altogether"}\n' >other.jsonl
must import --quiet --no-build --db other.db other.jsonl
mv s.db away.db
problem 503 store_unusable "${url}readyz"
problem 503 store_unusable "${url}v1/papers/smp:0001/similar"
curl -s "${url}healthz" | grep -qx ok || fail "healthy without a store" "$(curl -s "${url}healthz")"
curl -s "${url}metrics" | grep -q '^recommend_http_requests_total{route="readyz",status="5xx"} [1-9]' || fail "metrics without a store" ''
curl -s "${url}openapi.json" | grep -q '"openapi"' || fail "the description without a store" ''
mv other.db s.db
curl -s "${url}v1/papers/other" | grep -q '"id":"other"' || fail "the store that took the place" "$(curl -s "${url}v1/papers/other")"
mv away.db s.db
curl -s "${url}readyz" | grep -qx ready || fail "ready with the first store again" "$(curl -s "${url}readyz")"
problem 404 unknown_id "${url}v1/papers/other"

it 'ends by a signal, and leaves nothing'
kill "$server"
wait "$server" || fail "it ended with status $?" "$(head -c 400 body 2>/dev/null)"
trap - EXIT
curl -s "${url}healthz" && fail "it still answers" "$(head -c 400 body 2>/dev/null)"

it 'listens on a local socket'
start_service --db s.db --unix here.sock
curl -s --unix-socket here.sock http://local/healthz | grep -qx ok || fail "no answer on the local socket" "$(head -c 400 body 2>/dev/null)"
kill "$server"
wait "$server"
[ ! -e here.sock ] || fail "the socket is left behind" "$(head -c 400 body 2>/dev/null)"

it 'takes the whole first line of the token file for the token'
for end in '\n' '\r\n' '' '\nmore'; do
    token=$(printf '%0512d' 7)
    printf "$token$end" >token
    start_service --db s.db --port 0 --token-file token
    write() { # token
        curl -s -o body -w '%{http_code}' -X DELETE -H "Authorization: Bearer $1" "$(cat address)v1/papers/nobody"
    }
    expect_equal 404 "$(write "$token")"
    expect_equal 401 "$(write "${token%?}")"
    kill "$server"
    wait "$server"
done

it 'refuses what cannot be'
rec serve --db nowhere.db --port 0
expect_status 5
rec serve --db s.db --port 70000
expect_status 2
chmod 644 token
rec serve --db s.db --port 0 --token-file token
expect_status 2
chmod 600 token
for length in 15 513 5000; do
    printf "%0${length}d\n" 1 >token
    rec serve --db s.db --port 0 --token-file token
    expect_status 2
    expect_in err "token file 'token': its first line, the token, must have 16 to 512 characters"
done
cp s.db before.db
ln s.db other-name
for log in s.db ./s.db other-name; do
    rec serve --db s.db --port 0 --access-log "$log"
    expect_status 2
    expect_in err "cannot write '$log'"
done
expect_same_bytes before.db s.db
rec serve --db s.db --port 0 --host 203.0.113.1
expect_status 1
finish
