# Given papers in order of likeness: all of them come back, in the order and with the scores that `similar` gives them.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=sample.db

must import -q "$SAMPLE"
printf '%s\n' reef-larvae-2021 exo-haze-2021 reef-cloud-2024 '# a remark' '' https://doi.org/10.5555/JIE.2025.0031 reef-symbiont-2025 \
    reef-cloud-2024 ra-ssa-2020 nobody-knows >pool.txt

it 'all the candidates come back, each once, best first, and unknown ones are counted'
expect_rec 0 rank smp:0001 --candidates pool.txt --format trec
expect_in err "'pool.txt': 1 id is unknown to the store"
cp out ranked
expect_equal 'reef-cloud-2024 doi:10.5555/jie.2025.0031' "$(listed ranked | head -n 2 | tr '\n' ' ' | sed 's/ $//')"
expect_equal 'doi:10.5555/atrb.2021.0618 exo-haze-2021 ra-ssa-2020' "$(listed ranked | tail -n +3 | sort | tr '\n' ' ' | sed 's/ $//')"
cut -d ' ' -f 5 ranked >scores
sort -rnu scores >falling
expect_same_bytes falling scores

it 'more candidates than similar shows by default come back, too'
sed -n 's/^{"id": "\([^"]*\)".*/\1/p' "$SAMPLE" >all.txt
expect_rec 0 rank smp:0001 --candidates all.txt --versions keep --format trec
expect_equal "$(($(sort -u all.txt | wc -l) - 1))" "$(wc -l <out)"
expect_empty err
it 'their order and scores are those of similar --exact'
listed out >order
expect_rec 0 similar smp:0001 --exact -k 1000 --versions keep --format trec
expect_equal "$(cat order)" "$(listed out)"

it 'the candidates may come from standard input, or compressed'
run sh -c '"$RECOMMEND" rank smp:0001 --candidates - --format trec <pool.txt'
expect_status 0
expect_same_bytes ranked out
if has zstd; then
    zstd -q pool.txt
    expect_rec 0 rank smp:0001 --candidates pool.txt.zst --format trec
    expect_same_bytes ranked out
else
    skip 'compressed candidates: there is no zstd'
fi

it '-k and --offset limit, and what is cut or left out is no candidate'
expect_rec 0 rank smp:0001 --candidates pool.txt -k 2 --format trec
expect_equal "$(listed ranked | head -n 2)" "$(listed out)"
expect_rec 0 rank smp:0001 --candidates pool.txt --offset 1 --format trec
expect_equal "$(listed ranked | tail -n +2)" "$(listed out)"
expect_rec 0 rank smp:0001 --candidates pool.txt --exclude reef-cloud-2024 --format trec
expect_equal "$(listed ranked | tail -n +2)" "$(listed out)"
expect_rec 0 rank smp:0001 --candidates pool.txt --offset 5 --format json
expect_in out '"status":"none"'
expect_rec 4 rank smp:0001 --candidates pool.txt --min-score 0.99 --format json
expect_in out '"status":"none"'

it 'the paper itself and its twins are never ranked'
printf '{"id":"%s","title":"Tides of a quiet bay","abstract":"%s"}\n' tide-1 'Tides are read off a pole.' tide-2 'Another record of them.' \
    bay-1 'A bay is filled by its tides.' >tides.jsonl
sed -i.bak 's/"bay-1","title":"Tides of a quiet bay"/"bay-1","title":"A bay and what fills it"/' tides.jsonl
must --db tides.db import -q tides.jsonl
printf '%s\n' tide-1 tide-2 bay-1 >tides.txt
for versions in collapse keep; do
    expect_rec 0 --db tides.db rank tide-1 --candidates tides.txt --versions $versions --format trec
    expect_equal bay-1 "$(listed out)"
done

it 'a text can be what candidates are ranked for'
expect_rec 0 rank --title 'Clouds delay the bleaching of corals' --candidates pool.txt -k 1 --format trec
expect_equal reef-cloud-2024 "$(listed out)"

it 'rows of requests and candidates serve the request alone'
printf 'smp:0001\treef-cloud-2024\nexo-haze-2021\tra-ssa-2020\ndoi:10.5555/oth.2020.114\texo-haze-2021\n' >rows.tsv
expect_rec 0 rank smp:0001 --candidates rows.tsv --format trec
expect_equal 'reef-cloud-2024 exo-haze-2021' "$(listed out | tr '\n' ' ' | sed 's/ $//')"
expect_rec 0 rank ra-ssa-2020 --candidates rows.tsv --format json
expect_in out '"status":"none"'

it 'wrong usage and missing things have their exit status'
expect_rec 2 rank smp:0001
expect_in err 'no --candidates'
expect_rec 2 rank --candidates pool.txt
expect_rec 3 rank smp:0001 nobody-2024 --candidates pool.txt
expect_rec 2 rank smp:0001 --candidates pool.txt -k 0
expect_rec 3 rank nobody --candidates pool.txt
expect_rec 1 rank smp:0001 --candidates missing.txt
expect_in err "'missing.txt'"
expect_rec 5 --db none.db rank smp:0001 --candidates pool.txt
printf 'smp:0001\treef-cloud-2024\nreef-cloud-2024\n' >mixed.tsv
expect_rec 1 rank smp:0001 --candidates mixed.tsv
expect_in err 'mixed.tsv:2: expected'

it 'more candidates than the greatest limit are all ranked'
awk 'BEGIN { for (i = 0; i < 10050; i++) printf "{\"id\":\"n%d\",\"title\":\"Note %d on tides\"}\n", i, i }' >notes.jsonl
must --db notes.db import -q notes.jsonl
awk 'BEGIN { for (i = 0; i < 10050; i++) print "n" i }' >notes.txt
expect_rec 0 --db notes.db rank n0 --candidates notes.txt --versions keep --format tsv
expect_equal 10049 "$(wc -l <out)"

finish
