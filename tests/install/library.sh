# The library installed into an empty prefix: what it offers, and programs of others built against it by pkg-config and CMake, from C and C++,
# shared and static, before and after the tree was moved. Nothing is built anew but the example.
. "$SOURCE/tests/cli/lib.sh"
: "${BUILD:?}"
: "${CC:=cc}" "${CXX:=c++}"
export RECOMMEND_DB="$WORK/papers.db"

for tool in "$CC" "$CXX" pkg-config cmake nm; do
    has "$tool" || { skip "there is no $tool"; exit 77; }
done

example="$SOURCE/docs/examples/similar.c"
prefix=/opt/recommend
tree=$WORK/dest$prefix
warnings='-Wall -Wextra -Wpedantic -Werror'

# The library folder of a tree, whatever the system calls it.
library_folder() {
    dirname "$(find "$1" -name librecommend.a)"
}

use_tree() { # tree
    tree=$1
    lib=$(library_folder "$tree")
    export PKG_CONFIG_PATH="$lib/pkgconfig"
}

# Compiles the example against the tree.
compile() { # output, compiler and its options...
    output=$1
    shift
    # shellcheck disable=SC2046 # flags are words
    run "$@" $warnings "$example" $(pkg-config --cflags recommend) -o "$output" $libraries
    expect_status 0
}

it 'all is installed below DESTDIR and the prefix'
DESTDIR=$WORK/dest run cmake --install "$BUILD" --prefix "$prefix"
expect_status 0
find dest -type f ! -path "dest$prefix/*" >strangers
expect_empty strangers
use_tree "$tree"
for file in bin/recommend include/recommend.h share/recommend/ngrams.table; do
    [ -f "$tree/$file" ] || fail "$file in the tree" "$(find "$tree" -type f | head -n 40)"
done

it 'the shared library offers the functions of recommend.h and nothing else'
sed -n 's/^REC_API .*[ *]\(recommend_[a-z_]*\)(.*/\1/p' "$tree/include/recommend.h" | sort >declared
expect_number "$(wc -l <declared)" -ge 15
nm -D --defined-only "$lib/librecommend.so" | sed -n 's/.* [TBDRVW] \([^@]*\).*/\1/p' | sort >exported
expect_same_bytes declared exported

it 'so does the archive'
nm -g --defined-only "$lib/librecommend.a" | sed -n 's/^[0-9a-f]* [A-Za-z] //p' | sort >offered
expect_same_bytes declared offered

it 'the extension offers its beginning and nothing else'
nm -D --defined-only "$lib/recommend/recommend.so" | sed 's/.* //' >begins
expect_lines_like begins '^sqlite3_recommend_init$'

it 'the releases are the same everywhere'
run pkg-config --modversion recommend
version=$(cat out)
"$tree/bin/recommend" --version >out
expect_in out "$version"
expect_in "$SOURCE/engine/librecommend.map" "RECOMMEND_${version%.*}"

it 'a C program that is linked with the shared library imports, builds and answers as the program does'
libraries=$(pkg-config --libs recommend)
compile similar "$CC" -std=c11
run env LD_LIBRARY_PATH="$lib" ./similar library.db smp:0001 "$SAMPLE"
expect_status 0
cut -f 2 out >by_library
must import -q "$SAMPLE"
must similar -k 3 smp:0001 --format trec
listed out >by_program
expect_same_bytes by_program by_library

it 'a failure is told by the library'
run env LD_LIBRARY_PATH="$lib" ./similar library.db smp:none
expect_status 1
expect_in err "no paper 'smp:none'"

it 'a C++ program can use it'
compile similar-c++ "$CXX" -x c++
run env LD_LIBRARY_PATH="$lib" ./similar-c++ library.db smp:0001
expect_status 0
cut -f 2 out >by_c++
expect_same_bytes by_program by_c++

mv "$tree" "$WORK/moved"
use_tree "$WORK/moved"

it 'a moved tree serves the program: it imports, which takes modules and the trained table, and answers'
run "$tree/bin/recommend" --db moved.db import -q "$SAMPLE"
expect_status 0
run "$tree/bin/recommend" --db moved.db similar -k 3 smp:0001 --format trec
listed out >by_moved
expect_same_bytes by_program by_moved

it 'a program that is linked with the archive of the moved tree finds modules and table where it lies in that tree'
# shellcheck disable=SC2046 # flags are words
libraries="-L$lib -Wl,-Bstatic -lrecommend -Wl,-Bdynamic $(pkg-config --static --libs-only-l recommend | sed 's/-lrecommend//')"
compile "$tree/bin/similar-static" "$CC" -std=c11
run "$tree/bin/similar-static" static.db smp:0001 "$SAMPLE"
expect_status 0
cut -f 2 out >by_static
expect_same_bytes by_program by_static

it 'CMake finds the moved tree, and its programs run without being told where the library is'
run cmake -S "$SOURCE/docs/examples" -B cmake -DCMAKE_PREFIX_PATH="$tree" -DCMAKE_C_COMPILER="$CC"
expect_status 0
run cmake --build cmake
expect_status 0
for program in similar similar-static; do
    run "cmake/$program" library.db smp:0001
    expect_status 0
    cut -f 2 out >by_cmake
    expect_same_bytes by_program by_cmake
done

if has sqlite3; then
    it 'the sqlite3 shell loads the extension from the moved tree'
    run sqlite3 -batch library.db ".load $lib/recommend/recommend" "SELECT id FROM recommend('smp:0001', 3) ORDER BY rank"
    expect_status 0
    expect_same_bytes by_program out

    it 'and it takes no more than a read-only file, and leaves nothing behind'
    mkdir still
    cp library.db* still
    rm -f still/*-lock
    find still -type f | sort >before
    chmod -R a-w still
    run sqlite3 -batch -readonly still/library.db ".load $lib/recommend/recommend" "SELECT id FROM recommend('smp:0001', 3) ORDER BY rank"
    expect_status 0
    expect_same_bytes by_program out
    find still -type f | sort >after
    chmod -R u+w still
    expect_same_bytes before after
else
    skip 'the extension in the sqlite3 shell: there is none'
fi

it 'where modules and table are gone the program says so, and RECOMMEND_DATA names another place for them'
mkdir data
mv "$lib"/recommend/*.so "$tree/share/recommend/ngrams.table" data
run "$tree/bin/recommend" --db data.db import -q "$SAMPLE"
expect_status 5
expect_in err 'install it again'
run env RECOMMEND_DATA="$WORK/data" "$tree/bin/recommend" --db data.db import -q "$SAMPLE"
expect_status 0
run env RECOMMEND_DATA=data "$tree/bin/recommend" --db data.db build -q --refit
expect_status 2
expect_in err "RECOMMEND_DATA is 'data'"

finish
