# Waiting in tests, for a machine of any speed: sourced by scripts of POSIX shell.

# Waits until a command succeeds. Gives up after two minutes, or when the process that should bring it about has ended.
wait_until() { # process, command...
    awaited=$1 tries=0
    shift
    until "$@" || [ $tries -eq 2400 ] || ! kill -0 "$awaited" 2>/dev/null; do
        sleep .05
        tries=$((tries + 1))
    done
}

# Waits until a file is not empty.
wait_for_file() { # file, process
    wait_until "$2" test -s "$1"
}

# Starts a service in the background: its process in $server, its address in the file `address`, empty until it listens, its words in `said`.
start_service() { # options of serve
    : >address # or the wait would be for what an earlier one said
    "$RECOMMEND" serve "$@" >address 2>said &
    server=$!
    wait_for_file address $server
}
