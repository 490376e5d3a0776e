# The Debian packages on a bare Debian 12: installed by apt into a fresh tree, run, removed. Needs root, debootstrap, and a mirror.
. "$SOURCE/tests/cli/lib.sh"
: "${BUILD:?}"

# The mirror that this machine's own apt takes Debian 12 from, where it does.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Origin: Debian' 'Created-By: Packages' 2>/dev/null | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}

[ -f "$BUILD/CPackConfig.cmake" ] || { skip 'packages are made by the preset package alone'; exit 77; }

[ "$(id -u)" -eq 0 ] || { skip 'only root can make a tree of Debian'; exit 77; }
for tool in debootstrap cpack dpkg-shlibdeps; do
    has "$tool" || { skip "there is no $tool"; exit 77; }
done
if ! debootstrap --variant=minbase bookworm root "$mirror" >debootstrap.log 2>&1; then
    skip "no tree of Debian could be made from $mirror: $(tail -n 1 debootstrap.log)"
    exit 77
fi

inside() {
    run chroot root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@"
}

it 'the packages install on a bare Debian 12, with what they depend on'
run cpack --config "$BUILD/CPackConfig.cmake" -B "$WORK/packages"
expect_status 0
mkdir root/packages
cp packages/*.deb root/packages
cp "$SAMPLE" root/papers.jsonl
cp "$SOURCE/docs/examples/similar.c" root
inside apt-get update -qq
expect_status 0
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/recommend_*.deb'
expect_status 0

it 'they bring no Python'
inside dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n'
expect_in out 'ii  recommend'
grep -i python out >pythons
expect_empty pythons

it 'the program imports, answers and checks its store there'
inside recommend --db /papers.db import -q /papers.jsonl
expect_status 0
inside recommend --db /papers.db similar -k 3 smp:0001 --format trec
expect_status 0
listed out >by_program
expect_equal 3 "$(wc -l <by_program)"
inside recommend --db /papers.db check -q
expect_status 0

it 'as another user as well, who has a home and no settings'
inside sh -c 'useradd -m reader && su -s /bin/sh reader -c "recommend import -q /papers.jsonl && recommend smp:0001 -k 3 --format trec"'
expect_status 0
listed out >by_reader
expect_same_bytes by_program by_reader

it 'man shows the pages'
inside sh -c 'apt-get install -y -qq --no-install-recommends man-db && man recommend-similar && man daily-digest && man 5 recommend-formats'
expect_status 0
expect_in out '--min-band'
expect_in out 'DIGEST_FOLDER'

it 'bash completes verbs and options'
inside bash -c '. /usr/share/bash-completion/completions/recommend && complete -p recommend'
expect_status 0
expect_in out '-F '

it 'a program is built against the packages of the library there, and answers the same'
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/librecommend0_*.deb /packages/librecommend-dev_*.deb gcc libc6-dev pkg-config sqlite3'
expect_status 0
inside sh -c 'gcc -Wall -Werror /similar.c $(pkg-config --cflags --libs recommend) -o /similar'
expect_status 0
inside /similar /papers.db smp:0001
expect_status 0
cut -f 2 out >by_library
expect_same_bytes by_program by_library

it 'man shows the page of a function'
inside man recommend_similar
expect_status 0
expect_in out 'recommend_answer_free'

it 'the sqlite3 shell loads the extension there'
inside sh -c "sqlite3 -batch /papers.db \".load \$(dpkg -L recommend | grep '/recommend/recommend\\.so\$')\" \"SELECT id FROM recommend('smp:0001', 3)\""
expect_status 0
expect_same_bytes by_program out

it 'they are removed without a trace but the store'
inside sh -c 'apt-get purge -y -qq recommend librecommend0 librecommend-dev'
expect_status 0
find root/usr -name '*recommend*' ! -path 'root/usr/share/*' >left
expect_empty left

rm -rf root
finish
