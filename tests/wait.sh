# Waiting in tests, for a machine of any speed: sourced by scripts of POSIX shell.

# Waits until a file is not empty. Gives up after two minutes, or when the process that should write it has ended.
wait_for_file() { # file, process
    tries=0
    until [ -s "$1" ] || [ $tries -eq 2400 ] || ! kill -0 "$2" 2>/dev/null; do
        sleep .05
        tries=$((tries + 1))
    done
}
