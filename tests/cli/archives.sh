# xz and zip: recognised by content, from a file or from standard input; of an archive, every file that is in a known format.
. "$SOURCE/tests/cli/lib.sh"

must --db plain.db import --no-build -q "$SAMPLE"
must --db plain.db export -o wanted.jsonl

# Whether a store holds what the sample does.
expect_sample() { # store
    must --db "$1" export -o came.jsonl
    expect_same_bytes wanted.jsonl came.jsonl
}

if has xz; then
    it 'xz is read as what it holds, from a file and from standard input'
    xz -9 -c "$SAMPLE" >papers.one
    expect_rec 0 --db xz.db import --no-build papers.one
    expect_in err '72 added'
    expect_sample xz.db
    "$RECOMMEND" --db piped.db import --no-build -q - <papers.one
    expect_sample piped.db

    it 'xz streams one behind the other are one content, with padding between them'
    { head -n 30 "$SAMPLE" | xz -c; head -c 8 /dev/zero; tail -n +31 "$SAMPLE" | xz -c --check=none; } >papers.two
    expect_rec 0 --db two.db import --no-build papers.two
    expect_sample two.db

    it 'xz that is cut or damaged is told, and what came before it is kept'
    head -c 3000 papers.one >cut.xz
    expect_rec 1 --db cut.db import --no-build cut.xz
    expect_in err 'its compressed data is cut off'
    { head -c 40 papers.one && echo damage && tail -c +50 papers.one; } >bad.xz
    expect_rec 1 --db bad.db import --no-build bad.xz
    expect_in err 'its xz data is damaged'

    it 'xz that asks for much memory is refused'
    head -c 1000 "$SAMPLE" | xz --lzma2=dict=512MiB -c >greedy.xz
    expect_rec 1 --db greedy.db import --no-build greedy.xz
    expect_in err 'asks for more than 128 MB'
else
    skip 'xz: there is no xz'
fi

if ! has python3; then
    skip 'zip: there is no python3 to make an archive with'
    finish
fi

python3 - "$SAMPLE" <<'END'
import gzip, sys, zipfile
lines = open(sys.argv[1], 'rb').readlines()
parts = [b''.join(lines[:20]), b''.join(lines[20:50]), b''.join(lines[50:])]
with zipfile.ZipFile('papers.bin', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('papers/', b'')
    z.writestr('papers/one.jsonl', parts[0])
    z.writestr('README', b'Where these come from\nA note\n')
    z.writestr('papers/two.gz', gzip.compress(parts[1]))
    z.writestr(zipfile.ZipInfo('../../three'), parts[2])
with zipfile.ZipFile('mixed.zip', 'w') as z:
    z.writestr('a.bib', b'@misc{k1, title = {Herons on roofs}}\n')
    z.writestr('b.csv', b'id,title\nk2,Herons in winter\nk3\n')
    z.writestr('c.zip', open('papers.bin', 'rb').read())
with zipfile.ZipFile('accents.zip', 'w') as z:
    z.writestr('h\u00e9rons.jsonl', b'{"id":"k1","title":"Herons on roofs"}\n{"id":7,\n')
with zipfile.ZipFile('empty.zip', 'w') as z:
    pass
whole = open('papers.bin', 'rb').read()
open('cut.zip', 'wb').write(whole[:len(whole) // 2])
damaged = bytearray(whole)
damaged[200:260] = b'x' * 60
open('damaged.zip', 'wb').write(damaged)
with zipfile.ZipFile('two.zip', 'w') as z:
    z.writestr('one.jsonl', b'{"id":"k1","title":"Herons on roofs"}\n')
    z.writestr('two.jsonl', b'{"id":"k2","title":"Herons in winter"}\n')
two = open('two.zip', 'rb').read()
second = two.index(b'PK\3\4', 4)
open('second.zip', 'wb').write(two[:second] + b'x' * 30 + two[second + 30:])
open('behind.zip', 'wb').write(two[:second + 10])
open('begun.zip', 'wb').write(b'PK\3\4, and no archive')
listed = two.index(b'PK\1\2', two.index(b'PK\1\2') + 4)
open('listed.zip', 'wb').write(two[:listed] + b'x' * 4 + two[listed + 4:])
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('bomb.jsonl', b' ' * (64 << 20))
END

it 'every file of a zip archive that is in a known format is read, in its order, compressed once more or not'
expect_rec 0 --db zip.db import --no-build papers.bin
expect_in err 'read 72 records: 72 added'
expect_in err '1 file of the archive is in no known format: passed over'
expect_sample zip.db
it 'a zip archive is read from a pipe as well'
# shellcheck disable=SC2002 # it is the pipe that is tested
cat papers.bin | "$RECOMMEND" --db piped-zip.db import --no-build -q -
expect_sample piped-zip.db
"$RECOMMEND" --db sent-zip.db import --no-build -q - <papers.bin
expect_sample sent-zip.db

it 'what is refused is told with the name of the archive and of the file in it'
expect_rec 6 --db mixed.db import --no-build mixed.zip
expect_in err 'mixed.zip:b.csv:3: item 2: 1 cells, the header has 2'
expect_in err 'read 3 records: 2 added'
expect_in err '1 file of the archive is in no known format'

it 'a file of an archive is named with its accents in any locale'
expect_rec 6 --db accents.db import --no-build accents.zip
expect_in err 'accents.zip:h'
expect_in err 'rons.jsonl:2: not a JSON object'

it 'an empty archive has no papers, and a damaged or cut one is told'
expect_rec 0 --db empty.db import --no-build empty.zip
expect_in err 'read 0 records'
expect_rec 1 --db damaged.db import --no-build damaged.zip
expect_in err 'its zip archive cannot be read'
rec --db cut-zip.db import --no-build cut.zip
expect_equal 1 "$status"

it 'what stands before the damage in an archive is kept'
for archive in second behind; do
    expect_rec 1 --db $archive.db import --no-build $archive.zip
    expect_in err "cannot read '$archive.zip': its zip archive cannot be read"
    expect_in err 'read 1 records: 1 added'
    expect_rec 0 --db $archive.db check
done
for archive in begun listed; do
    expect_rec 1 --db $archive.db import --no-build $archive.zip
    expect_in err "cannot read '$archive.zip': its zip archive cannot be read"
    expect_in err 'read 0 records'
done

it 'what an archive grows to is not held in memory'
if [ -x /usr/bin/time ] && ! nm -D "$RECOMMEND" 2>/dev/null | grep -q __asan; then
    run /usr/bin/time -f %M "$RECOMMEND" --db bomb.db import --no-build -q bomb.zip
    expect_number "$(tail -n 1 err)" -le 65536
else
    skip 'the memory that an archive takes: there is no /usr/bin/time, or memory is watched'
fi

it 'no name in an archive becomes a file'
expect_equal '' "$(find . .. -maxdepth 1 -name 'three*' -o -maxdepth 1 -name 'one.jsonl')"

it 'only an import reads archives'
expect_rec 1 --db plain.db batch papers.bin
expect_in err "zip archive, which 'recommend import' alone reads"

finish
