# What clients may do to the service, and what it does to them: clients.py.
. "$SOURCE/tests/cli/lib.sh"

must import --quiet --db s.db "$SAMPLE"
server=''
trap 'kill $server 2>/dev/null' EXIT
serve() { # options
    start_service --db s.db --port 0 "$@"
}
end() {
    kill "$server"
    wait "$server" || fail "it ends with status 0" "status $?"
    checks=$((checks + 1))
}
ask() { # part of clients.py
    if /usr/bin/python3 "$SOURCE/tests/http/clients.py" "$(cat address)" "$1" >told; then checks=$((checks + 1)); else fail "$1" "$(cat told)"; fi
}

serve
it 'takes what HTTP allows, and nothing else'
ask forms
it 'refuses a request of which two readers could make two'
ask framing
it 'answers for this machine alone where no other reaches it'
ask own_hosts
it 'compresses for who likes it better'
ask coding
end

it 'answers for other names that it is told, and for all where other machines reach it'
serve --host-name papers.example.org --host-name fe80::1
ask named_hosts
end
serve --host localhost
ask own_hosts
end
serve --host 0.0.0.0
sed -i 's/0\.0\.0\.0/127.0.0.1/' address
ask any_host
end
serve --host 0.0.0.0 --host-name papers.example.org --host-name fe80::1
sed -i 's/0\.0\.0\.0/127.0.0.1/' address
ask named_hosts
end
serve --host 127.0.0.3
curl -s "$(cat address)healthz" | grep -qx ok || fail 'a request for the address that it listens on' "$(cat said)"
end
for name in '' 'http://papers.example.org' papers.example.org:80 '[::1]' 'a b' '*'; do
    rec serve --db s.db --port 0 --host-name "$name"
    expect_status 2
    expect_in err "option '--host-name': '$name' is no name or address of a host"
done

it 'cuts off who sends or reads slowly, or does nothing'
serve --timeout 1
ask slow
end

it 'tells who is one too many to come again'
serve --threads 1 --queue 1
ask crowd
end

it 'computes nothing on the threads that read'
"$RECOMMEND" import --quiet --db late.db "$SAMPLE"
printf '{"id":"late","title":"Late corals bleach in warm summers","abstract":"Corals bleach in warm summers."}\n' >late.jsonl
must import --quiet --no-build --db late.db late.jsonl
serve --db late.db --threads 1 --queue 1
ask computed
end

it 'outlives more connections than it takes'
serve --connections 4
ask full
end

it 'answers what has arrived before it ends'
serve --threads 1
rm told
/usr/bin/python3 "$SOURCE/tests/http/clients.py" "$(cat address)" stop >told &
client=$!
wait_for_file told $client
end
wait $client || fail 'a batch that had begun is answered' "$(cat told)"

it 'says so when a file of the store is cut short under it'
serve
kill -BUS "$server"
wait "$server"
[ $? -eq 5 ] && grep -q '^recommend: a file of the store was cut short' said || fail 'exit status 5, and why' "$(cat said)"
checks=$((checks + 1))

it 'takes no name that is taken, and leaves none'
serve --unix here.sock
refused() { # name
    rec serve --db s.db --unix "$1"
    expect_status 1
    expect_in err "cannot listen on '$1'"
}
refused here.sock
kill -9 "$server"
wait "$server" 2>/dev/null
[ -S here.sock ] || fail 'a killed service leaves its socket' ''
serve --unix here.sock
curl -s --unix-socket here.sock http://local/healthz | grep -qx ok || fail 'a socket that was left behind is taken' "$(cat said)"
end
[ ! -e here.sock ] || fail 'no socket is left' ''
echo text >file
refused file
[ "$(cat file)" = text ] || fail 'the file is left alone' ''
ln -s nowhere link
refused link
mkdir folder
refused folder/missing/socket
for name in "$(printf '%0200d' 0)" ''; do
    rec serve --db s.db --unix "$name"
    expect_status 2
    expect_in err "cannot listen on '$name': a socket's name has 1 to 107 bytes"
done

it 'takes no port that is taken'
serve
port=$(sed 's/.*:\([0-9]*\).*/\1/' address)
rec serve --db s.db --port "$port"
expect_status 1
expect_in err "cannot listen on '127.0.0.1' port $port"
end
rec serve --db s.db --host no.such.host.invalid
expect_status 1
finish
