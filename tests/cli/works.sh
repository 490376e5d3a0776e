# Several records of one work are one entry; marked papers are never suggested; removed ones are gone from every answer.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

# Papers of one topic in an invented language, and three records of one work among them.
awk "$INVENTED_LANGUAGE"'
    function paper(id, title, abstract, more) {
        printf "{\"id\":\"%s\",\"title\":\"%s\",\"abstract\":\"%s\",\"authors\":[\"Ada Shepherd\",\"Bo Wool\"]%s}\n", id, title, abstract, more
    }
    BEGIN {
        title = words(7, 1); abstract = words(60, 1)
        paper("seed", words(6, 1), words(60, 1), ",\"date\":\"2024\"")
        paper("meeting-1", title " mipu", abstract " za", ",\"date\":\"2023-05\"")
        paper("2401.00001", title, abstract, ",\"date\":\"2024-01\",\"categories\":[\"cs.LG\"]")
        paper("10.1000/a", title, abstract " cle " words(10, 1), ",\"date\":\"2025\"")
        for (i = 1; i <= 30; i++)
            paper("p" i, words(6, 1), words(60, 1), "")
    }' >papers.jsonl

entries_of_the_work() {
    listed out | grep -cE '^(meeting-1|arXiv:2401.00001|doi:10.1000/a)$'
}

must import -q papers.jsonl
it 'three records of one work are one entry, the one of arXiv, which names the others'
expect_rec 0 similar seed -k 40 --format trec
expect_equal 1 "$(entries_of_the_work)"
expect_in out ' arXiv:2401.00001 '
expect_rec 0 similar seed -k 40 --format json
expect_in out '"also":["doi:10.1000/a","meeting-1"]'
it 'with --versions keep each record is listed'
expect_rec 0 similar seed -k 40 --versions keep --format trec
expect_equal 3 "$(entries_of_the_work)"
it 'a seed never has records of its own work in its list, in either mode'
for versions in collapse keep; do
    for question in 'similar meeting-1' 'similar meeting-1 --exact'; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 0 $question -k 40 --versions $versions --format trec
        expect_equal 0 "$(entries_of_the_work)"
        expect_equal 31 "$(wc -l <out | tr -d ' ')"
    done
done
it 'nor has a question that is to be unlike one of them, or like one of them and another paper'
for question in '--unlike meeting-1' '--like doi:10.1000/a' '--unlike doi:10.1000/a --exact'; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 0 similar seed $question -k 40 --format trec
    expect_equal 0 "$(entries_of_the_work)"
    expect_equal 30 "$(wc -l <out | tr -d ' ')"
done
it 'a record that is excluded excludes its work'
expect_rec 0 similar seed -k 40 --exclude meeting-1 --format trec
expect_equal 0 "$(entries_of_the_work)"
it 'the entry is a record that passes the filter'
expect_rec 0 similar seed -k 40 --since 2025 --format trec
expect_equal doi:10.1000/a "$(listed out)"

it 'a record that is shown for its work need not be indexed'
must --db late.db import -q papers.jsonl
sed -n '/2401.00001/s/2401.00001/2401.00000/p' papers.jsonl >late.jsonl
must --db late.db import -q --no-build late.jsonl
for how in '' '--diversity 0.4' '--diversity 0.4 --exact' '--like p1' '--explain'; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 0 --db late.db similar seed -k 40 $how --format trec
    expect_equal 1 "$(listed out | grep -cE '^(meeting-1|arXiv:2401.0000[01]|doi:10.1000/a)$')"
done

it 'the order in which the records come makes no difference'
sort -r papers.jsonl >other.jsonl
must --db other.db import -q other.jsonl
expect_rec 0 --db other.db similar seed -k 40 --format json
expect_in out '"id":"arXiv:2401.00001"'
expect_in out '"also":["doi:10.1000/a","meeting-1"]'

it 'a paper that is withdrawn is not suggested, though lists were not made again, and answers as a seed'
must similar seed -k 1 --format trec
best=$(listed out)
echo "{\"id\":\"$best\",\"withdrawn\":\"by its authors\"}" >withdrawn.jsonl
must import -q --no-build withdrawn.jsonl
expect_rec 0 similar seed -k 40 --format trec
expect_not_in out " $best "
expect_rec 0 similar seed -k 2 --format json
expect_in out '"filtered":1'
expect_rec 0 similar "$best" -k 1
expect_in out '[withdrawn]'
expect_rec 0 similar "$best" -k 1 --format json
expect_in out '"flags":["withdrawn"]'
it 'show tells of the flag and of the reason'
expect_rec 0 show "$best" --format json
expect_in out '"flags":["withdrawn"]'
expect_in out '"extra":{"withdrawn":"by its authors"}'
expect_rec 0 show "$best"
expect_in out 'withdrawn'
it 'a flag stays until a record says otherwise'
echo "{\"id\":\"$best\",\"date\":\"2020\"}" | must import -q -
expect_rec 0 similar seed -k 40 --format trec
expect_not_in out " $best "
echo "{\"id\":\"$best\",\"withdrawn\":false}" >again.jsonl
must import -q again.jsonl
expect_rec 0 similar seed -k 40 --format trec
expect_in out " $best "
it 'the retraction of one record holds for its work, a withdrawal for the record alone'
echo '{"id":"10.1000/a","withdrawn":true}' >flag.jsonl
must import -q flag.jsonl
expect_rec 0 similar seed -k 40 --format trec
expect_in out ' arXiv:2401.00001 '
echo '{"id":"10.1000/a","withdrawn":false,"retracted":true}' >flag.jsonl
must import -q flag.jsonl
expect_rec 0 similar seed -k 40 --format trec
expect_equal 0 "$(entries_of_the_work)"
expect_rec 0 similar seed -k 40 --versions keep --format trec
expect_equal 0 "$(entries_of_the_work)"
it 'a flag of another type is refused by field'
echo '{"id":"x","title":"Y","retracted":3}' >flag.jsonl
expect_rec 6 import --no-build flag.jsonl
expect_in err "flag.jsonl:1: field 'retracted': expected true, false or a string, not a number"

it 'an unknown id removes nothing'
expect_rec 3 remove "$best" nobody
expect_in err "no paper 'nobody'"
must show "$best"
expect_rec 2 remove
it 'until the build a removed paper is in no answer, and nothing is damaged'
must similar seed -k 40 --format trec
cp out before
expect_rec 0 remove --no-build "$best"
expect_in err 'removed 1 paper of 34'
expect_rec 3 show "$best"
for question in 'similar seed' 'similar seed --exact' 'similar --title mipuyu' 'search mipuyu'; do
    # shellcheck disable=SC2086 # the words are arguments
    expect_rec 0 $question -k 40 --format trec
    expect_not_in out " $best "
done
expect_rec 0 similar seed -k 40 --format trec
grep -vF " $best " before | cut -d ' ' -f 3 >expected
listed out >ids
expect_same_bytes expected ids
expect_rec 0 check
it 'a removal that was interrupted before its build is finished by the same command, whose paper is not there any more'
must backup half.db
expect_rec 3 --db half.db remove --no-build "$best"
expect_not_in err 'indexed'
expect_rec 3 --db half.db remove "$best"
expect_in err 'indexed 0 papers of 33'
expect_rec 0 --db half.db build
expect_in err 'everything is indexed'
expect_rec 3 --db half.db remove nobody
expect_not_in err 'indexed'
it 'the build that follows mends the lists'
expect_rec 0 build
expect_in err 'indexed 0 papers of 33'
expect_rec 0 check
expect_rec 0 build
expect_in err 'everything is indexed'
it 'files that a build has left that was killed behind its commit are cleared away by whichever command comes next'
grep -vF "\"$best\"" papers.jsonl | head -n 1 >stored.jsonl
for next in build 'import stored.jsonl' "remove $best"; do
    cp "$(side_file "$RECOMMEND_DB" index)" "$RECOMMEND_DB-index.999"
    : >"$RECOMMEND_DB-ngrams.999"
    # shellcheck disable=SC2086 # the words are arguments
    rec $next
    expect_equal '' "$(find . -name '*.999')"
done
it 'ids in a file are removed, those that are not stored counted'
printf '%s\n' p1 nobody '# a comment' p2 p1 >ids.txt
expect_rec 0 remove --file ids.txt
expect_in err "1 ids in 'ids.txt' are unknown"
expect_in err 'removed 2 papers of 33'
expect_rec 0 check
it 'a removed paper can be imported again'
must import -q papers.jsonl
expect_rec 0 show "$best"
expect_rec 0 check
it 'a store can be emptied'
sed 's/{"id":"\([^"]*\)".*/\1/' papers.jsonl >all.txt
expect_rec 0 remove --file all.txt
expect_rec 0 info --format json
expect_in out '"papers":0'
expect_rec 0 check

if has gzip && has sqlite3; then
    for version in 1 2; do
        it "a store of version $version answers as it is, and is migrated by the first verb that writes"
        gzip -dc "$SOURCE/tests/data/store-$version.gz" >old.db
        expect_rec 0 --db old.db similar reef-larvae-2021 --format trec
        cp out old.answer
        expect_rec 0 --db old.db info --format json
        expect_in out "\"store_version\":$version"
        expect_rec 0 --db old.db check --help
        printf 'reef-cloud-2024\treef-larvae-2021\thide\t2025-03-16\n' >hidden.tsv
        expect_rec 0 --db old.db feedback hidden.tsv
        expect_rec 0 --db old.db info --format json
        expect_in out '"store_version":3'
        expect_rec 0 --db old.db similar reef-larvae-2021 --format trec
        expect_same_bytes old.answer out
        expect_rec 0 --db old.db remove --no-build smp:0001
        expect_rec 0 --db old.db build
        expect_rec 0 --db old.db check
        expect_rec 0 --db old.db import -q "$SAMPLE"
        expect_rec 0 --db old.db check
    done
    it 'a newer store is refused, with a way out'
    sqlite3 old.db 'PRAGMA user_version = 4'
    for verb in info 'similar reef-larvae-2021' build 'feedback all.txt'; do
        # shellcheck disable=SC2086 # the words are arguments
        expect_rec 5 --db old.db $verb
        expect_in err 'schema version 4, this program knows up to 3; use a newer release'
    done
fi

finish
