# The Debian packages, made from the build tree as it is: what they hold and ask for, what lintian says, and that they run where they are unpacked.
. "$SOURCE/tests/cli/lib.sh"
: "${BUILD:?}"

[ -f "$BUILD/CPackConfig.cmake" ] || { skip 'packages are made by the preset package alone'; exit 77; }
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    has "$tool" || { skip "there is no $tool"; exit 77; }
done

it 'three packages are made'
run cpack --config "$BUILD/CPackConfig.cmake" -B "$WORK/packages" -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip # for speed
expect_status 0
find packages -maxdepth 1 -name '*.deb' | sort >debs
expect_equal 3 "$(wc -l <debs)"
expect_in debs packages/recommend_
expect_in debs packages/librecommend0_
expect_in debs packages/librecommend-dev_

field() { # package, field
    dpkg-deb -f packages/"$1"_*.deb "$2"
}

it 'each has a section, a description, and the dependencies that its files ask for'
ran='(a reading of their fields)'
expect_equal science "$(field recommend Section)"
expect_equal libs "$(field librecommend0 Section)"
expect_equal libdevel "$(field librecommend-dev Section)"
field recommend Depends >depends
for library in libc6 libsqlite3-0 libjansson4 libzstd1 libgmime-3.0-0 libmicrohttpd12; do
    expect_in depends "$library"
done
version=$(field recommend Version)
field librecommend0 Depends >depends
expect_in depends "recommend (= $version)"
field librecommend-dev Depends >depends
expect_in depends "librecommend0 (= $version)"
for package in recommend librecommend0 librecommend-dev; do
    field "$package" Description >description
    expect_number "$(wc -l <description)" -gt 2
done

it 'who makes them answers for them'
run cmake -S "$SOURCE" -N -L -B "$BUILD"
maintainer=$(sed -n 's/^REC_MAINTAINER:STRING=//p' out)
for package in recommend librecommend0 librecommend-dev; do
    expect_equal "$maintainer" "$(field "$package" Maintainer)"
done

it 'nothing but documentation, programs and libraries below /usr'
for package in recommend librecommend0 librecommend-dev; do
    dpkg-deb -c packages/"$package"_*.deb | sed 's/.* \.//' >held
    expect_lines_like held '^/$|^/usr/$|^/usr/(bin|lib|include|share)/'
    expect_in held "/usr/share/doc/$package/copyright"
    expect_in held "/usr/share/doc/$package/changelog.Debian.gz"
    dpkg-deb -x packages/"$package"_*.deb root
done

it 'no Python and no Perl is asked for'
for package in recommend librecommend0 librecommend-dev; do
    field "$package" Depends >depends
    expect_not_in depends python
    expect_not_in depends perl
done

it 'manual pages, completions, templates and documents are in them'
for file in man/man1/recommend.1.gz man/man1/recommend-similar.1.gz man/man1/daily-digest.1.gz man/man3/recommend_open.3.gz man/man5/recommend-formats.5.gz \
    bash-completion/completions/recommend zsh/site-functions/_recommend fish/vendor_completions.d/recommend.fish recommend/templates/html \
    recommend/systemd/recommend-digest.timer doc/recommend/docs/tutorial.md doc/recommend/docs/figures/sizes.svg doc/recommend/changelog.gz; do
    run gzip -cdf "root/usr/share/$file"
    expect_status 0
    expect_number "$(wc -c <out)" -gt 100
done
find root -name '*.py' >programs
expect_empty programs

it 'the unpacked program imports and answers'
run root/usr/bin/recommend --db papers.db import -q "$SAMPLE"
expect_status 0
run root/usr/bin/recommend --db papers.db similar -k 3 smp:0001 --format trec
expect_status 0
expect_equal 3 "$(wc -l <out)"
cp out by_unpacked

it 'RECOMMEND_DATA names another place for what it holds, and the rest is found in the unpacked tree'
mkdir other
mv "$(find root -name ngrams.table)" other
run env RECOMMEND_DATA="$WORK/other" root/usr/bin/recommend --db papers.db build -q --refit
expect_status 0
run root/usr/bin/recommend --db papers.db similar -k 3 smp:0001 --format trec
expect_same_bytes by_unpacked out

if has lintian && lintian --version >/dev/null 2>&1; then
    it 'lintian finds no error, and nothing to warn of'
    # shellcheck disable=SC2046 # the words are files
    run lintian --no-cfg --allow-root --fail-on none $(cat debs)
    grep '^[EW]:' out >findings
    expect_empty findings
else
    skip 'lintian: it is not there, or does not run here'
fi

finish
