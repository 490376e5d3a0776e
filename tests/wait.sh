# Waiting in tests, for a machine of any speed: sourced by scripts of POSIX shell.

# Waits until a file is not empty. Gives up after two minutes, or when the process that should write it has ended.
wait_for_file() { # file, process
    tries=0
    until [ -s "$1" ] || [ $tries -eq 2400 ] || ! kill -0 "$2" 2>/dev/null; do
        sleep .05
        tries=$((tries + 1))
    done
}

# Starts a service in the background: its process in $server, its address in the file `address`, empty until it listens, its words in `said`.
start_service() { # options of serve
    : >address # or the wait would be for what an earlier one said
    "$RECOMMEND" serve "$@" >address 2>said &
    server=$!
    wait_for_file address $server
}
