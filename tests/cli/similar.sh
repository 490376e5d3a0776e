# Papers like a paper: how the paper is named, what is listed, and that the same question has the same answer everywhere.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

cat >ids.jsonl <<'END'
{"id":"2401.01234v2","title":"Kelp forests respond to warming waters along the shelf","abstract":"Kelp forests shrink as waters warm along the continental shelf, and urchins follow.","doi":"10.5555/Kelp.1","pmid":"0012345","date":"2024-01"}
{"id":"hep-th/9901001","title":"Strings between two mirrors","abstract":"A string is held between two mirrors and its modes are counted."}
{"id":"Local Key/7","title":"Urchins graze kelp forests on warming shelves","abstract":"Urchins graze kelp forests wherever the shelf waters warm.","date":"2022-05-01"}
{"id":"import","title":"Import quotas and the price of kelp","abstract":"Import quotas raise what is paid for dried kelp.","date":"2021"}
{"id":"same-title","title":"KELP FORESTS: respond to warming waters, along the shelf!","abstract":"Another record of the work, with an abstract of its own on kelp forests and warming."}
{"id":"same-abstract","title":"Warming and kelp, a preprint","abstract":"Kelp forests shrink as waters warm along the continental shelf, and urchins follow."}
{"id":"twin-new","title":"Seagrass meadows hold sediment in storms","abstract":"Seagrass meadows hold kelp debris and sediment in storms on the shelf.","date":"2023-02-02"}
{"id":"twin-old","title":"Seagrass meadows hold sediment in storms","abstract":"An earlier record: seagrass holds kelp debris and sediment in storms.","date":"2020-02-02"}
END
must import -q ids.jsonl

it 'an id is understood in every form, and shown in the canonical one'
for id in 2401.01234 2401.01234v2 2401.01234v9 arXiv:2401.01234 arxiv:2401.01234v1 https://arxiv.org/abs/2401.01234 \
    http://arxiv.org/abs/2401.01234v2 https://arxiv.org/pdf/2401.01234v2.pdf arxiv.org/pdf/2401.01234 10.48550/arXiv.2401.01234 https://doi.org/10.48550/arXiv.2401.01234 \
    doi:10.5555/kelp.1 DOI:10.5555/KELP.1 10.5555/Kelp.1 https://doi.org/10.5555/kelp.1 http://dx.doi.org/10.5555%2FKelp.1 \
    PMID:12345 pmid:0012345 https://pubmed.ncbi.nlm.nih.gov/12345/ ' 2401.01234 '; do
    expect_rec 0 similar "$id" -k 1 --format json
    expect_in out '"id":"arXiv:2401.01234","status":"ok"'
done
expect_rec 0 similar https://arxiv.org/abs/hep-th/9901001v1 --format json
expect_in out '"id":"arXiv:hep-th/9901001"'
expect_rec 0 similar 'Local Key/7' --format json
expect_in out '"id":"Local Key/7"'
expect_rec 3 similar 'local key/7'

it 'an id alone is short for similar, and -- makes an id of what is a verb'
must similar 2401.01234 --format json
cp out long.json
expect_rec 0 2401.01234 --format json
expect_same_bytes long.json out
expect_rec 0 --format json 2401.01234
expect_same_bytes long.json out
expect_rec 0 -k 10 2401.01234 --format json
expect_same_bytes long.json out
expect_rec 0 --format json -- import
expect_in out '"id":"import","status":"ok"'
expect_rec 0 similar import --format json
expect_in out '"id":"import","status":"ok"'
expect_rec 2 import
expect_rec 3 -- --limit

it 'the seed, and records with its title or its abstract, are never listed'
for versions in collapse keep; do
    for exact in '' --exact '--candidates all.txt'; do
        printf '%s\n' 2401.01234 hep-th/9901001 'Local Key/7' import same-title same-abstract twin-new twin-old >all.txt
        # shellcheck disable=SC2086 # nothing, or the words of an option
        expect_rec 0 similar 2401.01234 --versions $versions --format tsv $exact
        expect_in out 'Local Key/7'
        expect_not_in out '2401.01234'
        expect_not_in out same-title
        expect_not_in out same-abstract
    done
done

it 'near-copies of a better result are dropped and counted, or kept when asked for'
expect_rec 0 similar 'Local Key/7' --format json
cp out collapsed.json
kept=$(grep -o '"id":"twin-[a-z]*"' collapsed.json)
expect_equal 1 "$(printf '%s\n' "$kept" | wc -l)"
expect_rec 0 similar 'Local Key/7' --versions keep --format tsv
expect_in out twin-new
expect_in out twin-old
expect_equal "$(cut -f 2 out | grep twin | head -n 1)" "$(printf '%s' "$kept" | cut -d '"' -f 4)"
expect_in collapsed.json '"duplicate":3'

must --db sample.db import -q "$SAMPLE"
export RECOMMEND_DB=sample.db

it '-k says how many, --offset passes over the best'
expect_rec 0 similar smp:0001 -k 30 --format trec
cp out thirty
expect_equal 30 "$(wc -l <thirty)"
expect_rec 0 similar smp:0001 --format trec
expect_equal 10 "$(wc -l <out)"
for k in 1 3 10; do
    expect_rec 0 similar smp:0001 "-k$k" --format trec
    head -n "$k" thirty >wanted
    expect_same_bytes wanted out
    expect_rec 0 similar smp:0001 "--limit=$k" --offset 7 --format trec
    expect_equal "$(tail -n +8 thirty | head -n "$k" | cut -d ' ' -f 3)" "$(listed out)"
done
it 'more than are stored is all of them'
expect_rec 0 similar smp:0001 -k 1000 --versions keep --format trec
expect_number "$(wc -l <out)" -ge 50
expect_equal "$(wc -l <out)" "$(listed out | sort -u | wc -l)"
expect_equal 0 "$(listed out | grep -c 'doi:10.5555/oth.2020.114')"

it '--exclude and --exclude-file leave papers out, in any form of their ids, and others move up'
best=$(head -n 1 thirty | cut -d ' ' -f 3)
second=$(sed -n 2p thirty | cut -d ' ' -f 3)
expect_rec 0 similar smp:0001 -k 5 --exclude "$best" --format json
expect_not_in out "\"id\":\"$best\""
expect_in out '"seen":1'
expect_equal 5 "$(grep -o '"rank":' out | wc -l)"
printf '# seen last week\n%s\n\nhttps://doi.org/10.5555/JIE.2025.0031\nnobody-knows-1\nnobody-knows-2\n' "$best" >seen.txt
expect_rec 0 similar smp:0001 -k 5 --exclude-file seen.txt --format trec
expect_in err "'seen.txt': 2 ids are unknown to the store"
listed out >left
expect_not_in left "$best"
expect_equal "$(cut -d ' ' -f 3 thirty | grep -v -e "^$best\$" -e '^doi:10.5555/jie.2025.0031$' | head -n 5)" "$(cat left)"
expect_rec 0 similar smp:0001 -k 5 --exclude "$best" --exclude "$second" --format trec
expect_equal "$(sed -n 3,7p thirty | cut -d ' ' -f 3)" "$(listed out)"

it '--candidates ranks those papers and no others, each once'
printf '%s\n' reef-larvae-2021 exo-haze-2021 reef-cloud-2024 doi:10.5555/jie.2025.0031 reef-symbiont-2025 reef-cloud-2024 smp:0001 \
    nobody-knows >pool.txt
for versions in collapse keep; do
    expect_rec 0 similar smp:0001 --candidates pool.txt --versions $versions --format trec
    expect_in err "'pool.txt': 1 id is unknown to the store"
    listed out >ranked
    expect_equal 'reef-cloud-2024 doi:10.5555/jie.2025.0031' "$(head -n 2 ranked | tr '\n' ' ' | sed 's/ $//')"
    expect_equal 'doi:10.5555/atrb.2021.0618 exo-haze-2021' "$(tail -n +3 ranked | sort | tr '\n' ' ' | sed 's/ $//')"
done
expect_equal 4 "$(wc -l <out)"
: >empty.txt
expect_rec 0 similar smp:0001 --candidates empty.txt --format json
expect_in out '"status":"none"'

it '--min-score and --min-band cut, and count what they cut'
score=$(sed -n 2p thirty | cut -d ' ' -f 5)
expect_rec 0 similar smp:0001 --min-score "$(printf '%.6s' "$score")" --format trec
expect_equal 2 "$(wc -l <out)"
expect_rec 0 similar smp:0001 --min-score 0.2 --min-band fair --format tsv
cut -f 4 out >bands
expect_lines_like bands '^(fair|strong)$'
expect_rec 4 similar exo-haze-2021 --min-score 0.99 --format json
expect_in out '"status":"none"'
expect_rec 0 similar smp:0001 --min-score 0 -k 3 --format trec
expect_equal 3 "$(wc -l <out)"

it '--exact agrees with the stored list'
for id in smp:0001 batt-garnet-2019 ir-scirec-2022 eew-das-2023; do
    must similar $id -k 10 --format tsv
    cut -f 2,4- out >stored.tsv
    expect_rec 0 similar $id -k 10 --exact --format tsv
    cut -f 2,4- out >exact.tsv
    expect_same_bytes stored.tsv exact.tsv
done

it '--title finds a stored paper by its title, exact or nearly so'
must similar hazard-basin-2023 --format tsv
cp out by_id
for title in 'Basin resonance and the seismic hazard of tall buildings: simulations for a sediment-filled valley' \
    'BASIN RESONANCE and the seismic hazard of tall buildings -- simulations for a sediment filled valley' \
    'Basin resonance and seismic hazard of tall building: simulation for a sediment-filled valley'; do
    expect_rec 0 similar --title "$title" --format tsv
    expect_same_bytes by_id out
done

it 'any other title is a text of its own'
expect_rec 0 similar --title 'How corals survive the heat' -k 3 --format json
expect_in out '"id":null,"status":"ok"'
expect_in out '"title":"How corals survive the heat"'
cat >bleaching.txt <<'END'
When the summer sea stays warm for weeks, corals lose their symbionts and bleach. We ask which reefs tolerate more heat, and whether clouds
and murky water spare them.
END
it '--text is answered from a file and from standard input alike, with papers on its subject'
expect_rec 0 similar --text bleaching.txt -k 3 --format trec
listed out >from_file
expect_in from_file reef-cloud-2024
run sh -c '"$RECOMMEND" similar --text - -k 3 --format trec <bleaching.txt'
expect_status 0
expect_equal "$(cat from_file)" "$(listed out)"
expect_rec 0 similar --title 'Cloudy weeks on the reef' --text bleaching.txt -k 1 --format trec
expect_equal reef-cloud-2024 "$(listed out)"
it 'a text that is nothing, or not UTF-8, is wrong usage'
expect_rec 2 similar --text empty.txt
printf 'caf\351 au lait\n' >latin1.txt
expect_rec 2 similar --text latin1.txt
expect_rec 2 similar --title ''

it 'an unknown id is answered with near ids or titles'
expect_rec 3 similar smp:001
expect_in err "no paper 'smp:001' in store 'sample.db'"
expect_in err "did you mean 'smp:0001'?"
expect_rec 3 similar batt-garnett-2019
expect_in err batt-garnet
expect_rec 3 'neural posterior estimation'
expect_in err 'Neural posterior estimation retrieves exoplanet atmospheres'

it 'the store is --db, else $RECOMMEND_DB, else papers.db in the data folder'
expect_rec 0 --db papers.db similar import --format json
expect_rec 0 similar --db papers.db import
expect_rec 0 import --db=other.db -q ids.jsonl
expect_rec 0 --db other.db similar import
unset RECOMMEND_DB
expect_rec 5 similar smp:0001
expect_in err "$HOME/.local/share/recommend/papers.db"
expect_rec 0 import -q "$SAMPLE"
expect_rec 0 similar smp:0001
[ -f "$HOME/.local/share/recommend/papers.db" ] || fail 'a store in the home folder' "$(ls -R "$HOME")"
export XDG_DATA_HOME="$WORK/data"
expect_rec 5 similar smp:0001
expect_rec 0 import -q ids.jsonl
expect_rec 0 similar import
[ -f "$WORK/data/recommend/papers.db" ] || fail 'a store in $XDG_DATA_HOME' "$(ls -R "$WORK/data")"
XDG_DATA_HOME=not/absolute
expect_rec 0 similar smp:0001
export RECOMMEND_DB=sample.db XDG_DATA_HOME=
expect_rec 0 similar smp:0001

it 'all that is kept for a store is files whose names begin with its own'
mkdir alone
must --db alone/a.db import -q "$SAMPLE"
must --db alone/a.db build -q --refit
rec --db alone/a.db similar --text bleaching.txt
(cd alone && ls -A) >kept
expect_lines_like kept '^a\.db(-|$)'
expect_equal 1 "$(grep -c model kept)"
expect_equal 1 "$(grep -c index kept)"

it 'a paper that is stored and not indexed yet is answered at once'
cat >news.jsonl <<'END'
{"id":"news-1","title":"Cloud cover over reefs in a marine heatwave","abstract":"Clouds shade reefs during marine heatwaves and coral bleaching comes later where the water is turbid.","date":"2025-06-01"}
END
must import -q --no-build news.jsonl
expect_rec 0 similar news-1 -k 1 --format json
expect_in out '"indexed":false'
expect_in out '"id":"reef-cloud-2024"'
expect_rec 0 similar smp:0001 -k 1
must build -q
expect_rec 0 similar news-1 -k 1 --format json
expect_in out '"indexed":true'
expect_rec 0 similar reef-cloud-2024 -k 1 --format trec
expect_equal news-1 "$(listed out)"

it 'threads and locales do not reach an answer'
questions() { # a file for all the answers
    for question in 'similar smp:0001' 'similar eew-das-2023 --exact' 'similar --text bleaching.txt' \
        'similar ir-scirec-2022 --candidates pool.txt' 'search reef' info; do
        # shellcheck disable=SC2086 # the words are arguments
        must --db "$2" $question --format json
        sed 's/"store":"[^"]*",//' out
    done >"$1"
}
questions answers sample.db
for threads in 1 2 5; do
    must --db "threads.db" import -q --threads $threads "$SAMPLE"
    must --db "threads.db" import -q --threads $threads news.jsonl
    must --db sample.db similar --text bleaching.txt --threads $threads --format json
    cp out "text.$threads"
    expect_same_bytes text.1 "text.$threads"
    must --db threads.db similar --text bleaching.txt --format trec
    cp out "built.$threads"
    expect_same_bytes built.1 "built.$threads"
    cksum <"$(side_file threads.db index)" >"index.$threads"
    expect_same_bytes index.1 "index.$threads"
    rm -f threads.db*
done
for locale in de_DE.UTF-8 tr_TR.UTF-8 C.UTF-8 nonsense; do
    LC_ALL=$locale
    questions answers.locale sample.db
    expect_same_bytes answers answers.locale
done
LC_ALL=C
locale -a 2>/dev/null | grep -qi '^\(de_DE\|tr_TR\)' || skip 'German and Turkish: neither locale is installed, only their names were set'

it 'two stores built from the same input give the same bytes'
must --db one.db import -q "$SAMPLE"
must --db two.db import -q "$SAMPLE"
for kind in model index; do
    cksum <"$(side_file one.db $kind)" >one
    cksum <"$(side_file two.db $kind)" >two
    expect_same_bytes one two
done
questions one one.db
questions two two.db
expect_same_bytes one two

finish
