# The Debian packages, made from the build tree as it is: what they hold and ask for, what lintian says, and that they run where they are unpacked.
. "$SOURCE/tests/cli/lib.sh"
: "${BUILD:?}"

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

it 'nothing but documentation, programs and libraries below /usr'
for package in recommend librecommend0 librecommend-dev; do
    dpkg-deb -c packages/"$package"_*.deb | sed 's/.* \.//' >held
    expect_lines_like held '^/$|^/usr/$|^/usr/(bin|lib|include|share)/'
    expect_in held "/usr/share/doc/$package/copyright"
    expect_in held "/usr/share/doc/$package/changelog.Debian.gz"
    dpkg-deb -x packages/"$package"_*.deb root
done

it 'the unpacked program imports and answers'
run root/usr/bin/recommend --db papers.db import -q "$SAMPLE"
expect_status 0
run root/usr/bin/recommend --db papers.db similar -k 3 smp:0001 --format trec
expect_status 0
expect_equal 3 "$(wc -l <out)"

if has lintian && lintian --version >/dev/null 2>&1; then
    it 'lintian finds no error'
    # shellcheck disable=SC2046 # the words are files
    run lintian --no-cfg --allow-root --fail-on none $(cat debs)
    grep '^E:' out >errors
    expect_empty errors
else
    skip 'lintian: it is not there, or does not run here'
fi

finish
