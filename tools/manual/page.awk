# One manual page, in man(7): see make-pages. Reads the list of options, then the page's prose.

# Text for a running line: nothing in it is a request or an escape.
function escape(text) {
    gsub(/\\/, "\\e", text)
    return text
}
function bold(text) {
    text = escape(text)
    gsub(/-/, "\\-", text)
    return "\\fB" text "\\fR"
}
# `code` and *argument*
function inline(text,    out, at, rest) {
    while (match(text, /`[^`]+`|\*[^* ][^*]*\*/)) {
        out = out escape(substr(text, 1, RSTART - 1))
        rest = substr(text, RSTART + 1, RLENGTH - 2)
        out = out (substr(text, RSTART, 1) == "`" ? bold(rest) : "\\fI" escape(rest) "\\fR")
        text = substr(text, RSTART + RLENGTH)
    }
    return out escape(text)
}
# A paragraph as lines of at most 76 bytes, none of which begins like a request.
function fill(text,    words, n, i, line) {
    n = split(inline(text), words, / +/)
    for (i = 1; i <= n; i++) {
        if (line != "" && length(line " " words[i]) > 76) {
            print_line(line)
            line = ""
        }
        line = line (line == "" ? "" : " ") words[i]
    }
    if (line != "")
        print_line(line)
}
function print_line(line) {
    fresh = 0
    print (line ~ /^[.']/ ? "\\&" : "") line
}
function heading(text) {
    print ".SH " toupper(text)
    fresh = 1
}
# Formatters warn of a paragraph that is begun where a section just began one.
function begin_paragraph() {
    if (!fresh)
        print ".PP"
    fresh = 0
}

# A synopsis: the program and the verb bold, whatever stands in capitals an argument.
function synopsis(text,    words, n, i, word, line) {
    n = split(text, words, " ")
    for (i = 1; i <= n; i++) {
        word = words[i]
        if (word ~ /^(recommend|[a-z]+)$/ || word ~ /^--/)
            word = bold(word)
        else if (match(word, /[A-Z]+/))
            word = escape(substr(word, 1, RSTART - 1)) "\\fI" substr(word, RSTART, RLENGTH) "\\fR" escape(substr(word, RSTART + RLENGTH))
        line = line (i > 1 ? " " : "") word
    }
    print_line(line)
}
function option(letter, long, argument, help) {
    print ".TP"
    print_line((letter == "-" ? "" : bold("-" letter) ", ") bold("--" long) (argument == "-" ? "" : " \\fI" escape(argument) "\\fR"))
    fill(toupper(substr(help, 1, 1)) substr(help, 2) ".")
    if (long in more)
        fill(more[long])
}

# ---- the list of options ----
BEGIN { FS = "\t"; in_list = 1 }
FNR == 1 && NR > 1 { in_list = 0 }
in_list && $1 == "verb" {
    verbs[++verb_count] = $2
    purposes[$2] = $3
    current = $2
    mine = kind == "verb" && name == "recommend-" $2
    if (mine) {
        purpose = $3
        usage = $4
        sentence = $5
        example = $6
    }
    common = 0
    next
}
in_list && $1 == "heading" && $2 == "Common options" { common = 1; next }
in_list && $1 == "heading" && mine { rows[++row_count] = $0; next }
in_list && $1 == "option" && common { if (!($4 in seen_common)) { seen_common[$4] = 1; common_rows[++common_count] = $0 } next }
in_list && $1 == "option" && mine { rows[++row_count] = $0; next }
in_list { next }

# ---- the prose ----
/^## / { part = tolower(substr($0, 4)); parts[++part_count] = part; next }
part == "options" && match($0, /^--[a-z-]+: /) {
    last_option = substr($0, 3, RLENGTH - 4)
    more[last_option] = substr($0, RLENGTH + 1)
    next
}
part == "options" && NF > 0 { more[last_option] = more[last_option] " " $0; next }
{ body[part] = body[part] $0 "\n" }

# Prints a part of the prose.
function print_body(text,    lines, n, i, paragraph, literal) {
    n = split(text, lines, "\n")
    for (i = 1; i <= n; i++) {
        if (lines[i] ~ /^```/) {
            flush_paragraph(paragraph)
            paragraph = ""
            if (literal)
                print ".EE\n.RE"
            else {
                begin_paragraph()
                print ".RS 4\n.EX"
            }
            literal = !literal
        } else if (literal)
            print_line(escape_literal(lines[i]))
        else if (lines[i] ~ /^ *$/) {
            flush_paragraph(paragraph)
            paragraph = ""
        } else if (lines[i] ~ /^- /) {
            flush_paragraph(paragraph)
            paragraph = lines[i]
        } else {
            sub(/^ +/, "", lines[i])
            paragraph = paragraph (paragraph == "" ? "" : " ") lines[i]
        }
    }
    flush_paragraph(paragraph)
}
function escape_literal(line) {
    line = escape(line)
    gsub(/-/, "\\-", line)
    return line
}
function flush_paragraph(text) {
    if (text == "")
        return
    if (text ~ /^- /) {
        print ".IP \\(bu 2"
        text = substr(text, 3)
    } else
        begin_paragraph()
    fill(text)
}

function print_options(    i, fields) { # what a table says is under its headings, what all have comes last
    if (row_count > 0) {
        heading("options")
        for (i = 1; i <= row_count; i++) {
            split(rows[i], fields, "\t")
            if (fields[1] == "heading")
                print ".SS " fields[2]
            else
                option(fields[3], fields[4], fields[5], fields[6])
        }
    }
    heading("common options")
    for (i = 1; i <= common_count; i++) {
        split(common_rows[i], fields, "\t")
        option(fields[3], fields[4], fields[5], fields[6])
    }
    option("-", "help", "-", "print what the program, or the verb, can be asked")
    option("-", "version", "-", "print the version")
}
function print_verbs(    i) {
    heading("verbs")
    for (i = 1; i <= verb_count; i++) {
        print ".TP"
        print "\\fBrecommend\\-" verbs[i] "\\fR(1)"
        fill(toupper(substr(purposes[verbs[i]], 1, 1)) substr(purposes[verbs[i]], 2) ".")
    }
}

END {
    print ".\\\" Made by tools/manual/make-pages."
    print ".TH " toupper(name) " " section " " date " \"recommend " version "\" \"Manual of recommend\""
    heading("name")
    print_line(escape_literal(name) " \\- " inline(purpose))
    if (kind == "verb") {
        heading("synopsis")
        synopsis(usage)
    } else if ("synopsis" in body) {
        heading("synopsis")
        print_body(body["synopsis"])
    }
    heading("description")
    if (kind == "verb")
        fill(sentence)
    print_body(body[""] body["description"])
    if (kind == "program")
        print_verbs()
    if (kind != "text")
        print_options()
    for (i = 1; i <= part_count; i++)
        if (parts[i] !~ /^(options|synopsis|description|see also)$/) {
            heading(parts[i])
            print_body(body[parts[i]])
        }
    if (kind == "verb") {
        heading("example")
        print ".EX"
        print_line(escape_literal(example))
        print ".EE"
    }
    heading("see also")
    if ("see also" in body)
        print_body(body["see also"])
    if (kind == "verb") {
        begin_paragraph()
        print "\\fBrecommend\\fR(1), \\fBrecommend\\-formats\\fR(5)"
    }
}
