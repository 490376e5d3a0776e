# Editions: which papers stand in them, what is remembered of them, where they go, and what is told when something is wrong.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

must import -q "$SAMPLE"
day=2025-03-14

# "headline suggestion", a line each, of an edition in JSON.
pairs() { # file
    sqlite3 :memory: "SELECT json_extract(h.value, '\$.id') || ' ' || json_extract(r.value, '\$.id')
        FROM json_each(readfile('$1'), '\$.headlines') h, json_each(h.value, '\$.results') r"
}

headlines_of() { # file
    sqlite3 :memory: "SELECT json_extract(value, '\$.id') FROM json_each(readfile('$1'), '\$.headlines')"
}

if has sqlite3; then
    it 'an edition has headlines of its day, and no paper stands in it twice'
    expect_rec 0 digest --date $day --trending 9 --min-band none --format json
    expect_in err '9 headlines of 2025-03-14: 9 by votes, 0 by place'
    cp out edition.json
    headlines_of edition.json >headlines
    pairs edition.json | cut -d ' ' -f 2 >suggestions
    expect_equal 9 "$(wc -l <headlines)"
    expect_number "$(wc -l <suggestions)" -gt 20
    sort headlines suggestions | uniq -d >twice
    expect_empty twice
    while read -r id; do
        rec show "$id" --format json
        expect_in out "\"published\":\"$day\""
    done <headlines

    it 'a list that is short says why'
    expect_rec 0 digest --date $day --trending 9 --min-band strong --format json
    sqlite3 :memory: "SELECT json_array_length(value, '\$.results') < 3, json_extract(value, '\$.note') IS NOT NULL
        FROM json_each(readfile('out'), '\$.headlines')" | sort -u >short
    expect_not_in short '1|0'
    expect_not_in short '0|1'
    expect_in short '1|1'

    it 'it is cut at weak unless told otherwise'
    expect_rec 0 digest --date $day --trending 9 -k 50 --format json
    expect_not_in out '"band":"none"'
    expect_rec 0 digest --date $day --trending 9 -k 50 --format json --min-band none
    expect_in out '"band":"none"'

    it 'two headlines that want the same papers share them: each paper goes to the one that it is more like'
    printf 'reef-larvae-2021\nreef-biofilm-2023\n' >two
    expect_rec 0 digest --date $day --headlines two -k 1 --min-band none --format json
    pairs out >got
    expect_equal 2 "$(cut -d ' ' -f 2 got | sort -u | wc -l)"
    first=$(sed -n '1s/.* //p' got)
    expect_rec 0 similar reef-biofilm-2023 --exclude reef-larvae-2021 -k 1 --format trec
    if [ "$(listed out)" = "$first" ]; then
        cut -d ' ' -f 5 out >score
        rec similar reef-larvae-2021 --exclude reef-biofilm-2023 -k 1 --format trec
        expect_number "$(cut -d ' ' -f 5 out | tr -d .)" -ge "$(tr -d . <score)"
    fi

    it 'a list may be diverse, and longer than the store is'
    expect_rec 0 digest --date $day --trending 2 -k 300 --diversity 0.5 --min-band none --format json
    expect_number "$(pairs out | wc -l)" -ge 60
    expect_rec 2 digest --date $day --diversity 2

    it 'votes decide before place'
    printf '%s\n' '{"id":"v1","title":"Kelp forests and otters","date":"2025-06-01","upvotes":3}' \
        '{"id":"v2","title":"Otters and kelp in winter","date":"2025-06-01","upvotes":30}' \
        '{"id":"v3","title":"Kelp, urchins and storms","date":"2025-06-01"}' >votes.jsonl
    must import -q votes.jsonl
    expect_rec 0 digest --date 2025-06-01 --trending 3 --format json
    headlines_of out >got
    expect_equal 'v2 v1 v3' "$(tr '\n' ' ' <got | sed 's/ $//')"
    expect_in err '2 by votes, 1 by place'

    it 'what was sent is not suggested again, but to the same edition'
    must digest --date $day --trending 5 --not-sent-within 30d --mark-sent first --format json
    cp out first.json
    expect_rec 0 digest --date $day --trending 5 --not-sent-within 30d --mark-sent first --format json
    expect_same_bytes first.json out
    expect_rec 0 digest --date 2025-03-20 --headlines headlines --not-sent-within 30d --format json --min-band none
    { headlines_of first.json; pairs first.json | cut -d ' ' -f 2; } | sort >sent
    pairs out | cut -d ' ' -f 2 | sort >again
    comm -12 sent again >repeated
    expect_empty repeated
    it 'nor what was a headline; and the window counts back from the day'
    expect_rec 0 digest --date 2025-03-20 --headlines headlines --not-sent-within 5d --format json --min-band none
    pairs out | cut -d ' ' -f 2 | sort >again
    expect_number "$(comm -12 sent again | wc -l)" -gt 0

    it 'a dry run marks nothing and writes no file'
    must digest --date 2025-03-21 --headlines headlines --not-sent-within ever --mark-sent dry --dry-run --output dry.json --format json
    cp out dry
    expect_equal no "$([ -e dry.json ] && echo yes || echo no)"
    expect_rec 0 digest --date 2025-03-22 --headlines headlines --not-sent-within ever --format json
    expect_equal "$(pairs dry)" "$(pairs out)"

    it 'an edition goes to a command, and is marked only if the command succeeds'
    rec digest --date 2025-03-21 --headlines headlines --not-sent-within ever --mark-sent mailed --format json --send 'cat >taken; false'
    expect_status 1
    expect_in err 'exit status 1'
    expect_same_bytes dry taken
    expect_rec 0 digest --date 2025-03-22 --headlines headlines --not-sent-within ever --format json
    expect_equal "$(pairs dry)" "$(pairs out)"
    expect_rec 0 digest --date 2025-03-21 --headlines headlines --not-sent-within ever --mark-sent mailed --format json --send 'cat >taken'
    expect_rec 0 digest --date 2025-03-22 --headlines headlines --not-sent-within ever --format json
    pairs dry | cut -d ' ' -f 2 | sort >sent
    pairs out | cut -d ' ' -f 2 | sort >again
    comm -12 sent again >repeated
    expect_empty repeated

    it 'nor is it marked where the command left anything of it unread, however much a pipe holds'
    head -c 250000 /dev/zero | tr '\0' a >filler
    printf '{{#headlines}}{{title}}\n{{/headlines}}' >short
    { cat short filler; } >long
    for template in short long; do
        for command in true '# cat' 'exec <&-' 'head -c 1 >taken' 'dd of=taken bs=1 count=9 2>words'; do
            rec digest --date 2025-03-23 --headlines headlines --mark-sent unread --format text --template $template --send "$command"
            expect_status 1
            expect_in err 'did not take all of the edition'
        done
    done
    expect_equal 0 "$(sqlite3 papers.db "SELECT count(*) FROM sent WHERE edition = 'unread'")"
    expect_rec 0 digest --date 2025-03-23 --headlines headlines --mark-sent read --format text --template long --send 'sleep 0.3; cat >taken'
    expect_rec 0 digest --date 2025-03-23 --headlines headlines --format text --template long
    expect_same_bytes out taken
    expect_number "$(sqlite3 papers.db "SELECT count(*) FROM sent WHERE edition = 'read'")" -gt 0

    it 'a headline may be a paper that is not stored, which is not stored by that'
    printf '%s\n' '{"id":"fresh:1","title":"Coral larvae settle on algae by smell","abstract":"Larvae of corals choose where to settle.","url":"javascript:alert(1)"}' \
        '{"paper":{"id":"fresh:2","title":"Sulfide electrolytes and nickel-rich cathodes"}}' >fresh
    expect_rec 0 digest --date $day --headlines fresh --format json --min-band none
    expect_equal 'fresh:1 fresh:2' "$(headlines_of out | tr '\n' ' ' | sed 's/ $//')"
    expect_equal 6 "$(pairs out | wc -l)"
    expect_rec 3 show fresh:1

    it 'a headline that comes twice stands once'
    printf 'smp:0001\ndoi:10.5555/oth.2020.114\n\n# the same\n' >same
    expect_rec 0 digest --date $day --headlines same --format json
    expect_equal doi:10.5555/oth.2020.114 "$(headlines_of out)"
else
    skip 'what stands in an edition: there is no sqlite3 to read it with'
fi

it 'an unknown headline is told with its line, and the rest is made'
printf 'smp:0001\nnobody:7\n{"id":3.5}\n{"title":' >some
expect_rec 6 digest --date $day --headlines some
expect_in err "'some', line 2: no paper 'nobody:7' in store"
expect_in err "'some', line 3: "
expect_in err "'some', line 4: "
expect_in out 'Degree heating weeks'

it 'a day without papers is an empty edition, whole in each format, and no message is sent of it'
for format in text markdown html atom jsonfeed json eml; do
    expect_rec 7 digest --date 1999-01-01 --format $format --output "empty.$format"
    expect_number "$(wc -c <"empty.$format")" -gt 30
done
expect_in empty.html '</html>'
expect_in empty.atom '</feed>'
expect_in empty.text 'There is no paper in this edition.'
expect_rec 7 digest --date 1999-01-01 --format eml --send 'touch was.sent' --mark-sent empty
expect_equal no "$([ -e was.sent ] && echo yes || echo no)"
printf 'nobody:7\n' >none
expect_rec 7 digest --date $day --headlines none

it 'the same command gives the same bytes, for any number of threads'
for format in text html eml jsonfeed; do
    must digest --date $day --trending 9 --format $format
    cp out once
    must digest --date $day --trending 9 --format $format --threads 2
    expect_same_bytes once out
done

it 'an output file is replaced whole, and what is no file is left alone'
must digest --date $day --output page.html --format html
expect_in page.html '</html>'
expect_equal no "$([ -e page.html.tmp ] && echo yes || echo no)"
mkdir folder
expect_rec 2 digest --date $day --output folder
expect_equal yes "$([ -d folder ] && echo yes || echo no)"
expect_rec 1 digest --date $day --output nowhere/page.html
expect_in err nowhere/page.html

it 'the store is no output file, under whatever name, and stays as it was'
ln -s papers.db link.db
ln papers.db hard.db
cp papers.db before.db
for name in papers.db ./papers.db "$PWD/papers.db" link.db hard.db; do
    expect_rec 2 digest --date $day --output "$name" --mark-sent over
    expect_in err "cannot write '$name': it is the store"
    expect_same_bytes before.db papers.db
done
rm link.db hard.db
expect_rec 0 check

it 'usage is checked before anything is made'
expect_rec 2 digest
expect_in err '--date'
expect_rec 2 digest --date 2025-03
expect_in err 'more than a day'
expect_rec 2 digest --date yesterday
expect_rec 2 digest --date $day --headlines two --trending 3
expect_rec 2 digest --date $day --not-sent-within week
expect_in err week
expect_rec 2 digest --date $day --from a@example.org --send cat
expect_in err '--format eml'
expect_rec 2 digest --date $day --output x --send cat
for command in '' ' ' "$(printf '\t\n ')"; do
    expect_rec 2 digest --date $day --send "$command"
    expect_in err "option '--send': a command is needed"
done
expect_rec 2 digest --date $day --format trec
expect_rec 2 digest --date $day --mark-sent ''
expect_rec 2 digest --date $day --unsubscribe 'javascript:alert(1)' --format html
expect_rec 1 digest --date $day --headlines no-such-file
expect_rec 2 digest extra --date $day

finish
