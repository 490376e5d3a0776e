# The manual pages: one a verb, with every option of its table and no other, clean for both formatters.
. "$SOURCE/tests/cli/lib.sh"

must --option-list
cp out list
run "$SOURCE/tools/manual/make-pages" list "$SOURCE/docs/man" "$SOURCE/engine/include/recommend.h" pages 1.2.3 2026-01-02
expect_status 0
awk -F '\t' '$1 == "verb" { print $2 }' list >verbs
expect_number "$(wc -l <verbs)" -ge 16

# Options of a page: the names behind each .TP.
options_of_page() { # page
    sed -n 's/\\-/-/g; s/\\f[BIR]//g; /^\.TP/{n;s/\\-/-/g;s/\\f[BIR]//g;s/^.*--\([a-z-]*\).*$/\1/p}' "$1" | sort -u
}

while read -r verb; do
    page=pages/man1/recommend-$verb.1
    it "the page of '$verb' has prose of its own: docs/man/recommend-$verb.md"
    checks=$((checks + 1))
    [ -s "$SOURCE/docs/man/recommend-$verb.md" ] || fail "a file docs/man/recommend-$verb.md" 'none'
    it "the page of '$verb' has the options of its table and no other"
    { awk -F '\t' -v verb="$verb" '$1 == "verb" { on = $2 == verb } on && $1 == "option" { print $4 }' list && echo help && echo version; } |
        sort -u >taken
    options_of_page "$page" >told
    expect_same_bytes taken told
    it "what docs/man/recommend-$verb.md adds to an option is about one that there is"
    sed -n '/^## Options/,/^## /s/^--\([a-z-]*\): .*/\1/p' "$SOURCE/docs/man/recommend-$verb.md" 2>/dev/null | sort -u >added
    comm -23 added taken >strange
    expect_empty strange
    it 'the program names the page of every verb'
    expect_in pages/man1/recommend.1 "recommend\\-$verb"
done <verbs

it 'no prose is about a verb that there is not'
for file in "$SOURCE"/docs/man/recommend-*.md; do
    name=$(basename "$file" .md)
    checks=$((checks + 1))
    [ "$name" = recommend-formats ] || grep -qx "${name#recommend-}" verbs || fail "a verb '${name#recommend-}'" "$file"
done

it 'the page of the library shows every function, number and word of its header, and is found by the name of each function'
sed -n 's/^REC_API .*[ *]\(recommend_[a-z_]*\)(.*/\1/p' "$SOURCE/engine/include/recommend.h" >functions
expect_number "$(wc -l <functions)" -ge 15
while read -r function; do
    expect_in pages/man3/librecommend.3 "$function("
    expect_same_bytes pages/man3/librecommend.3 "pages/man3/$function.3"
done <functions
tr -cs 'A-Za-z0-9_' '\n' <"$SOURCE/engine/include/recommend.h" | grep -vxE 'REC_API|RECOMMEND_H|ifn?def|define|include|std(int|def)|h|__cplusplus|extern|C|endif|__attribute__|visibility|default|typedef|enum|struct|' | tr A-Z a-z | sort -u >words
sed 's/\\-/-/g; s/\\f[BIR]//g; s/\\e/\\/g' pages/man3/librecommend.3 | tr -cs 'A-Za-z0-9_' '\n' | tr A-Z a-z | sort -u >shown
comm -23 words shown >untold
expect_empty untold

it 'the page of daily-digest has each of its settings'
sed -n 's/^: "${\([A-Z_]*\):.*/\1/p' "$SOURCE/tools/daily-digest" >settings
expect_number "$(wc -l <settings)" -ge 8
while read -r setting; do
    expect_in pages/man1/daily-digest.1 "$setting"
done <settings

it 'the pages are the same bytes when they are made again'
run "$SOURCE/tools/manual/make-pages" list "$SOURCE/docs/man" "$SOURCE/engine/include/recommend.h" again 1.2.3 2026-01-02
run diff -r pages again
expect_status 0

if has mandoc; then
    it 'mandoc finds nothing to warn of'
    for page in pages/man?/*; do
        run mandoc -T lint -W warning "$page"
        expect_status 0
    done
else
    skip 'pages through mandoc: it is not there'
fi
if has man; then
    it 'man finds nothing to warn of, and shows the options'
    for page in pages/man?/*; do
        run man --warnings -E ASCII -l "$page"
        expect_empty err
    done
    run man -E ASCII -l pages/man1/recommend-similar.1
    expect_in out '--limit'
else
    skip 'pages through man: it is not there'
fi

finish
