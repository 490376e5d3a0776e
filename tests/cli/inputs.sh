# Files as people have them: answers without papers, pages behind each other, quotation marks that are never closed, marks of encodings, and
# formats that nothing reads.
. "$SOURCE/tests/cli/lib.sh"
tab=$(printf '\t')

# Imports a file into a store of its own.
import() { # status, file
    rm -f one.db*
    expect_rec "$1" --db one.db import --no-build "$2"
}
titles() {
    "$RECOMMEND" --db one.db export -q | sed 's/.*"title":"\(\([^"\\]\|\\.\)*\)".*/\1/'
}
expect_titles() { # titles, parted by |
    expect_equal "$1" "$(titles | tr '\n' '|' | sed 's/|$//')"
}

# ---- OAI-PMH ----
oai() { # what stands in it
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n<request verb="ListRecords">https://example.org/oai</request>\n%s\n</OAI-PMH>\n' "$1"
}
record() { # number, title
    printf '<record><header><identifier>oai:arXiv.org:%s</identifier></header><metadata><arXiv><id>%s</id><title>%s</title><abstract>On tides.</abstract></arXiv></metadata></record>' "$1" "$1" "$2"
}
it 'an answer that no records match is empty, and fine'
oai '<error code="noRecordsMatch">The combination of values gives an empty list.</error>' >none.xml
import 0 none.xml
expect_in err 'read 0 records'
it 'an answer that tells of an error is refused with file, line, code and words'
oai '<error code="badResumptionToken">The token has &quot;expired&quot;.</error>' >token.xml
import 6 token.xml
expect_in err 'token.xml:4: the repository answered with an error: badResumptionToken'
oai '<error code="badArgument">No set of this name</error><error code="cannotDisseminateFormat"/>' >two.xml
import 6 two.xml
expect_in err 'badArgument: No set of this name'
expect_in err 'an error: cannotDisseminateFormat'
it 'pages that were appended to one file are all read, and lines are counted through'
{ oai "<ListRecords>$(record 2501.00001 'First page')<resumptionToken>1|2</resumptionToken></ListRecords>"
    printf '\n\n'
    oai "<ListRecords>$(record 2501.00002 'Second page')<record></record></ListRecords>"
    oai '<error code="badResumptionToken">Expired</error>'; } >pages.xml
import 6 pages.xml
expect_titles 'First page|Second page'
expect_in err 'pages.xml:16: the repository answered with an error: badResumptionToken: Expired'
it 'a last page that is not the last of all is told, and a page that was followed by the next is not'
{ oai "<ListRecords>$(record 2501.00001 'First page')<resumptionToken>1|2</resumptionToken></ListRecords>"
    oai "<ListRecords>$(record 2501.00002 'Second page')
<resumptionToken cursor='1'>2|2</resumptionToken></ListRecords>"; } >pages.xml
import 0 pages.xml
expect_in err "pages.xml:10: this is not all: the repository has more, which it gives for the resumptionToken '2|2'"
expect_not_in err '1|2'
{ cat pages.xml; oai "<ListRecords>$(record 2501.00003 'Third page')<resumptionToken cursor='2'/></ListRecords>"; } >all.xml
import 0 all.xml
expect_titles 'First page|Second page|Third page'
expect_not_in err 'not all'
it 'a page that is none is told, and the next one is read'
{ oai "<ListRecords>$(record 2501.00001 'First page')</ListRecords>"
    echo '<html><body>Bad gateway</body></html>'
    oai "<ListRecords>$(record 2501.00002 'Second page')</ListRecords>"; } >gateway.xml
import 6 gateway.xml
expect_in err "gateway.xml:6: XML of an unknown kind: its outermost element is 'html'"
expect_titles 'First page|Second page'
it 'what follows a document and is no other one is told; a comment may follow'
{ cat none.xml; echo 'and so on'; } >junk.xml
import 6 junk.xml
expect_in err 'junk.xml:6: cannot read this XML on'
{ cat none.xml; echo '<!-- made by a script -->'; echo; } >comment.xml
import 0 comment.xml
it 'documents of several kinds and encodings may follow each other'
printf '<?xml version="1.0" encoding="ISO-8859-1"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>7</PMID><Article><ArticleTitle>Caf\351s by the sea</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>\n' >latin1.xml
import 0 latin1.xml
expect_titles 'Cafés by the sea'
{ cat latin1.xml; oai "<ListRecords>$(record 2501.00002 'Tides, Überall')</ListRecords>"; } >kinds.xml
import 0 kinds.xml
expect_titles 'Cafés by the sea|Tides, Überall'

# ---- CSV ----
it 'a quotation mark that is never closed costs its row alone, told by the line of the mark'
cat >open.csv <<'END'
id,title,abstract
1,First,Abs
2,"Second,Abs
3,Third,Abs
4,Fourth,"Abs ""of"" four"
END
import 6 open.csv
expect_in err 'open.csv:3: item 2: a quotation mark opens a cell here and is not closed as one'
expect_titles 'First|Third|Fourth'
printf 'id,title,abstract\n1,First,Abs\n2,"Second,Abs\n3,Third,Abs\n' >open.csv
import 6 open.csv
expect_in err 'open.csv:3: item 2: a quotation mark opens a cell here and is never closed'
expect_in err 'read 3 records: 2 added'
printf 'id,title,abstract\n1,"First\nof two lines",Abs\n2,"Second\nof two lines","Abs\n3,Third,Abs\n' >open.csv
import 6 open.csv
expect_in err 'open.csv:5: item 2: a quotation mark opens a cell here and is never closed'
expect_titles 'First of two lines|Third'
it 'text behind a closed cell costs its row alone, and blanks nothing'
printf 'id,title,abstract\n1,"First" of "all,Abs\n2,"Second" ,"Abs" \n3,""x"",Abs\n4,Fourth,Abs\n' >behind.csv
import 6 behind.csv
expect_in err 'behind.csv:2: item 1: text behind the quotation mark that closes a cell'
expect_in err 'behind.csv:4: item 3: text behind'
expect_titles 'Second|Fourth'
it 'where tabs part the cells a mark that closes nothing is a part of the text'
cat >marks.tsv <<END
id${tab}title${tab}abstract
1${tab}"Smart tides" and herons${tab}Abs
2${tab}"Half open${tab}Abs
3${tab}He said "yes"${tab}"Abs
of two lines"
4${tab}"Whole"${tab}Abs
5${tab}"Never closed${tab}Abs
END
import 0 marks.tsv
expect_titles '\"Smart tides\" and herons|\"Half open|He said \"yes\"|Whole|\"Never closed'
it 'a header that is open to the end is refused once'
printf 'id,title,"abstract\n1,First,Abs\n' >header.csv
import 6 header.csv
expect_in err 'header.csv:1: a quotation mark opens a cell here and is never closed'
expect_in err 'read 1 records'
it 'a cell that is too long is told by its line, and what follows it in the file is read'
{ printf 'id,title,abstract\n1,"Open,Abs\n'; yes "2,Second,$(head -c 15000 /dev/zero | tr '\0' x)" | head -n 1200; } >long.csv
import 6 long.csv
expect_in err 'long.csv:2: item 1: a quotation mark opens a cell here that is longer than 16777216 bytes'
expect_in err 'read 1201 records: 1 added, 0 updated, 1199 unchanged'
rm long.csv
it 'a byte-order mark, CR LF and a hint for spreadsheets are no part of the table'
printf '\357\273\277sep=;\r\nid;title;abstract\r\n1;Semicolons;"a; b"\r\n' >semicolons.csv
import 0 semicolons.csv
expect_titles Semicolons
for head in '' 'id,title,abstract' 'id,title,abstract\n' '\357\273\277' '\n\n'; do
    # shellcheck disable=SC2059 # it is a format
    printf "$head" >nothing.csv
    import 0 nothing.csv
    expect_in err 'read 0 records'
done
it 'one author of Zotero, Scopus or Web of Science is one'
printf 'Key,Item Type,Author,Title\nK1,journalArticle,"Heron, Ada",Tides\n' >zotero.csv
printf 'Authors,Author full names,Title,Year\nHeron A.,"Heron, Ada (123)",Tides,2024\n' >scopus.csv
printf 'PT\tAU\tAF\tTI\tSO\tDE\tAB\tPY\tDI\tUT\nJ\tHeron, A\tHeron, Ada\tTides\tJ. Tides\tsea; moon\tAbs\t2024\t10.1000/t\tWOS:1\n' >wos.txt
for file in zotero.csv scopus.csv wos.txt; do
    import 0 $file
    must --db one.db export -q
    expect_in out '"title":"Tides"'
    expect_in out '"authors":["Ada Heron"]'
done
must --db one.db show WOS:1 --format json
expect_in out '"published":"2024"'
expect_in out '"keywords":["sea","moon"]'

# ---- JSON ----
it 'an answer that tells of an error is refused with its words'
while IFS='|' read -r words answer; do
    echo "$answer" >answer.json
    import 6 answer.json
    expect_in err "answer.json:1: the service answered with an error: $words"
done <<'END'
Too Many Requests. Please wait|{"message": "Too Many Requests. Please wait", "code": "429"}
no such field|{"error":"Invalid query","message":"no such field"}
Not found|{"error":"Not found"}
END
it 'papers that a service does not know are passed over'
echo '[null, {"paperId":"a1","title":"Known","abstract":"x"}, null]' >some.json
import 0 some.json
expect_in err 'read 1 records: 1 added'

# ---- what nothing reads ----
it 'a format that nothing reads is told by its name, and makes no listing'
printf 'PMID- 123\nTI  - Tides\n' >one.nbib
printf '%%0 Journal Article\n%%T Tides\n' >one.enw
printf 'FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n' >one.ciw
printf '%%PDF-1.7\n' >one.pdf
printf 'id,title\n1,Tides\n' | iconv -f UTF-8 -t UTF-16 >one.csv
printf '\0\1\2' >one.bin
cp one.db kept.db
while IFS='|' read -r file words; do
    import 6 "$file"
    expect_in err "$file:1: $words"
    expect_in err 'read 1 records'
done <<'END'
one.nbib|PubMed's own format
one.enw|EndNote's own format
one.ciw|plain text of Web of Science
one.pdf|a PDF
one.csv|UTF-16
one.bin|not a text
kept.db|a database of SQLite
END
it 'a field of BibLaTeX for the class of an eprint is a category'
printf '@online{h,title={Tides},eprint={2401.00001},eprinttype={arxiv},eprintclass={cs.LG}}\n' >one.bib
import 0 one.bib
must --db one.db show 2401.00001 --format json
expect_in out '"categories":["cs.LG"]'

finish
