# The source archive is all there is to build from: without git, in a folder that is no repository.
. "$SOURCE/tests/cli/lib.sh"

if ! has git || ! git -C "$SOURCE" rev-parse -q --verify HEAD >/dev/null 2>&1; then
    skip 'the source folder is no git repository'
    exit 77
fi

run sh "$SOURCE/tools/dist" packed
expect_status 0
mkdir unpacked bin
gzip -dc packed/*.tar.gz | tar -xf - -C unpacked
cd unpacked/recommend-* || exit 1

# A git that tells on whoever calls it.
printf '#!/bin/sh\necho "$0 $*" >>"%s/called"\nexit 1\n' "$WORK" >"$WORK/bin/git"
chmod +x "$WORK/bin/git"
export PATH="$WORK/bin:$PATH" GIT_CEILING_DIRECTORIES="$WORK"
: >"$WORK/called"

it 'it configures and builds'
run cmake --preset release -DBUILD_TESTING=OFF
expect_status 0
run cmake --build --preset release
expect_status 0
expect_empty "$WORK/called"

it 'what was built answers as the program that is being tested'
answers_of() { # program, file
    rm -f papers.db*
    run "$1" --db papers.db import -q "$SAMPLE"
    expect_status 0
    run "$1" --db papers.db similar -k 10 smp:0001 --format trec
    expect_status 0
    cp out "$2"
}
answers_of "$RECOMMEND" expected
answers_of build/release/bin/recommend built
expect_same_bytes expected built

it 'what is installed holds what an installation of the repository holds'
DESTDIR=$WORK/here run cmake --install build/release --prefix /usr
expect_status 0
for file in bin/recommend bin/daily-digest share/recommend/ngrams.table share/man/man1/recommend.1 share/man/man3/librecommend.3 include/recommend.h; do
    [ -s "$WORK/here/usr/$file" ] || fail "$file is installed" "$(find "$WORK/here" -type f | head -n 60)"
done

it 'an archive is no repository to make an archive of'
run sh tools/dist "$WORK/again"
expect_status 1
expect_in err 'no git repository'

cd "$WORK" || exit 1
rm -rf unpacked here
finish
