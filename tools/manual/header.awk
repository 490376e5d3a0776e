# A documented header as prose for page.awk: comments as paragraphs and items, declarations as blocks, `/* ---- name ---- */` as headings.

function trim(text) {
    sub(/^ +/, "", text)
    sub(/ +$/, "", text)
    return text
}
# A comment without its frame. Lines that are set in by four or more stand as they are.
function print_comment(text,    lines, n, i, literal, shown) {
    n = split(text, lines, "\n")
    for (i = 1; i <= n; i++) {
        shown = lines[i]
        sub(/ *\*\/ *$/, "", shown)
        sub(/^ *\/?\*+ ?/, "", shown)
        if (literal && shown ~ /^ *$/ && lines[i + 1] !~ /^ \*     /) {
            print "```"
            literal = 0
        } else if (!literal && shown ~ /^    /) {
            print "```"
            literal = 1
        }
        print literal ? substr(shown, 5) : shown
    }
    if (literal)
        print "```"
    print ""
}
# `NAME = 1, /* what */` and its like as an item.
function print_item(line,    what, name) {
    what = line ~ /\/\*/ ? line : ""
    sub(/^.*\/\* */, ": ", what)
    sub(/ *\*\/.*$/, "", what)
    name = line
    sub(/ *\/\*.*$/, "", name)
    sub(/ *[,;] *$/, "", name)
    print "- `" trim(name) "`" what
}

BEGIN { print "## Overview\n" }
/^\/\* -+ .* -+ \*\/$/ {
    name = $0
    gsub(/^\/\* -+ | -+ \*\/$/, "", name)
    print "## " toupper(substr(name, 1, 1)) substr(name, 2) "\n"
    next
}
/^#define [A-Z_]+ [0-9]/ { sub(/^#define /, ""); print_item($0); print ""; next }
/^#ifndef [A-Z_]+$/ { print "## Statuses and handles\n"; next }
/^#/ || /^extern "C"/ || (/^}$/ && !in_enum) { next }
/^ *\/\*/ && !in_enum && !in_declaration {
    comment = $0
    while ($0 !~ /\*\// && (getline) > 0)
        comment = comment "\n" $0
    documents = comment ~ /^\/\*\*/
    if (!documents)
        print_comment(comment)
    next
}
/^typedef enum / { in_enum = 1; next }
in_enum && /^}/ { in_enum = 0; print ""; next }
in_enum && /^ *\/\*/ { print ""; print_comment($0); next }
in_enum { print_item($0); next }
/^typedef struct .*\/\*/ { sub(/^typedef /, ""); sub(/^struct [a-z_]+ /, ""); print_item($0); next }
NF > 0 {
    if (!in_declaration) {
        print "\n```"
        in_declaration = 1
    } else
        sub(/^        /, "") # as far as what follows is moved to the left
    sub(/^REC_API /, "")
    print
    if (/;$/) {
        print "```"
        in_declaration = 0
        if (documents)
            print_comment(comment)
        documents = 0
    }
}
