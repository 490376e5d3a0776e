# The source archive: what the last commit holds, the same bytes wherever and whenever it is made.
. "$SOURCE/tests/cli/lib.sh"

if ! has git || ! git -C "$SOURCE" rev-parse -q --verify HEAD >/dev/null 2>&1; then
    skip 'the source folder is no git repository'
    exit 77
fi

it 'two clones at different times, with different masks and time zones, give the same bytes'
for clone in one two; do
    run git clone -q "$SOURCE" "$clone"
    expect_status 0
done
(umask 077 && TZ=Asia/Tokyo sh one/tools/dist first >first.log 2>&1)
(umask 002 && TZ=America/Lima sh two/tools/dist second >second.log 2>&1)
archive=$(cd first && ls)
expect_lines_like first.log '^dist: .*\.tar\.gz$'
expect_same_bytes "first/$archive" "second/$archive"

it 'it holds the files of the commit, below a folder with name and release'
gzip -dc "first/$archive" | tar -tf - | grep -v '/$' | sed 's|^[^/]*/||' | sort >packed
git -C one ls-files | sort >committed
expect_same_bytes committed packed
gzip -dc "first/$archive" | tar -tf - | cut -d / -f 1 | sort -u >folder
expect_lines_like folder '^recommend-[0-9.]+$'
expect_equal "$(cat folder).tar.gz" "$archive"

it 'what is not committed is told and not in it'
echo stray >>one/README.md
run sh one/tools/dist third
expect_status 0
expect_in err 'not committed'
expect_same_bytes "first/$archive" "third/$archive"

finish
