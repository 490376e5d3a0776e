# Who may know whom: tools -> engine -> models -> base, SQLite and FAISS each behind one door, and public headers that stand alone.
. "$SOURCE/tests/cli/lib.sh"

# Includes of a source tree as "file<TAB>included", both kinds of quotes.
list_includes() { # folder
    (cd "$1" && find engine models tools -name '*.[ch]' -o -name '*.cpp') | sort >files
    while read -r file; do
        sed -n 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]\([^>"]*\)[>"].*|'"$file"'	\1|p' "$1/$file"
    done <files
}

# Whether `included` is found in one of the folders.
found_in() { # tree, included, folders...
    tree=$1 included=$2
    shift 2
    for folder; do
        [ ! -f "$tree/$folder/$included" ] || return 0
    done
    return 1
}

# The breaches of a source tree, one a line: nothing where all is well.
breaches() { # folder
    list_includes "$1" >includes
    tab=$(printf '\t')
    while IFS=$tab read -r file included; do
        case $included in
        ../*) echo "$file reaches up for $included" ;;
        sqlite3*)
            case $file in
            engine/store*.c | engine/schema.c | engine/store_internal.h) ;;
            # What SQLite loads speaks to whoever loads it, and to the store through the public library alone.
            engine/sqlite_extension.c) [ "$included" = sqlite3ext.h ] || echo "$file includes SQLite's inside: $included" ;;
            *) echo "$file includes SQLite: $included" ;;
            esac
            continue ;;
        faiss/*)
            case $file in
            engine/index_faiss.c | engine/faiss_glue.cpp) ;;
            *) echo "$file includes FAISS: $included" ;;
            esac
            continue ;;
        store_internal.h)
            case $file in
            engine/store*.c | engine/schema.c) ;;
            *) echo "$file includes the store's inside: $included" ;;
            esac ;;
        esac
        case $file:$included in
        engine/sqlite_extension.c:recommend.h | engine/sqlite_extension.c:std*.h | engine/sqlite_extension.c:string.h) ;;
        engine/sqlite_extension.c:*) echo "$file includes more than the public library: $included" ;;
        engine/library*:recommend.h) ;;
        *:recommend.h) echo "$file includes the public library, which stands on it: $included" ;;
        esac
        # What lies in the tree at all must lie in this file's layer or below, and of those below in the public headers.
        case $file in
        engine/base/*) below='engine/base' ;;
        models/*) below='models models/include engine/base' ;;
        engine/*) below='engine engine/include models/include engine/base' ;;
        tools/*) below='tools engine/include models/include engine/base' ;;
        esac
        found_in "$1" "$included" tools engine engine/include models models/include engine/base || continue
        # shellcheck disable=SC2086 # the words are folders
        if ! found_in "$1" "$included" $below; then
            echo "$file includes $included, which is none of its layer's business"
        fi
        case $file:$included in
        engine/store*:rec/index.h | engine/schema.c:rec/index.h) echo "$file, a part of the store, knows the index" ;;
        engine/index*:rec/store.h) echo "$file, a part of the index, knows the store" ;;
        esac
    done <includes
}

it 'every file includes its own layer and those below, and SQLite and FAISS are behind their doors'
ran='(a reading of every #include)'
breaches "$SOURCE" >found
expect_empty found
expect_number "$(wc -l <includes)" -gt 200

it 'a breach of each rule is found'
mkdir -p bad/tools bad/engine/base bad/engine/include/rec bad/models/include/rec
for header in engine/space.h engine/include/rec/store.h engine/include/rec/index.h models/fold.h tools/say.h engine/store_internal.h; do
    : >"bad/$header"
done
echo '#include "say.h"' >bad/engine/build.c
echo '#include "rec/store.h"' >bad/models/fit.c
echo '#include "space.h"' >bad/tools/main.c
echo '# include "fold.h"' >bad/engine/base/buf.c
echo '#include <sqlite3.h>' >bad/tools/cmd_info.c
echo '#include <faiss/IndexFlat.h>' >bad/engine/index.c
echo '#include "store_internal.h"' >bad/engine/import.c
echo '#include "../engine/space.h"' >bad/tools/opt.c
echo '#include "rec/index.h"' >bad/engine/store.c
echo '#include "rec/store.h"' >bad/engine/sqlite_extension.c
echo '#include "recommend.h"' >bad/engine/search.c
breaches bad >found
expect_equal 11 "$(cut -d ' ' -f 1 found | tr -d , | sort -u | wc -l)"

compiler=${CC:-cc}
if has "$compiler"; then
    it 'every public header compiles alone'
    (cd "$SOURCE" && find engine/include models/include engine/base -name '*.h') | sort >headers
    expect_number "$(wc -l <headers)" -ge 18
    while read -r header; do
        run "$compiler" -std=c11 -Wall -Wextra -Werror -D_POSIX_C_SOURCE=200809L -fsyntax-only -I "$SOURCE/engine/include" \
            -I "$SOURCE/models/include" -I "$SOURCE/engine/base" -include "$SOURCE/$header" -x c /dev/null
        expect_status 0
    done <headers
else
    skip 'public headers compiled alone: there is no C compiler'
fi

finish
