# Authors in common: a small part of the score, in stored lists and in computed ones, that can be left out.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=store.db

cat >papers.jsonl <<'END'
{"id":"seed","title":"Tidal forcing of reef larvae","abstract":"Larvae drift with the tide and settle on coral rubble.","authors":["Ada Quill","Bo Stern"]}
{"id":"same","title":"Rubble and the settling of larvae","abstract":"Coral rubble is where larvae settle after drift.","authors":["Quill, Ada"]}
{"id":"initial","title":"Drift of larvae over coral","abstract":"Currents carry larvae far beyond the coral they left.","authors":["A. Quill","Bo Stern"]}
{"id":"namesake","title":"Settling on rubble","abstract":"Which rubble do larvae of coral prefer when they settle?","authors":["Bea Quill"]}
{"id":"nobody","title":"Coral and tide","abstract":"The tide shapes coral, and larvae with it."}
{"id":"stranger","title":"Glacier melt","abstract":"Firn and snow feed the melt of a glacier in summer.","authors":["Ada Quill"]}
END
must import -q papers.jsonl

score_of() { # id: its score in the file out
    awk -v id="$1" '$3 == id { print $5 }' out
}

# Whether what the authors add to a likeness is a share of what is left to 1.
expect_gain() { # without, with, share of authors
    expect_equal 1 "$(awk -v t="$1" -v got="$2" -v a="$3" 'BEGIN { want = t + .1 * a * (1 - t); print(got - want < 2e-6 && want - got < 2e-6) }')"
}

it 'without authors the texts alone count'
expect_rec 0 similar seed --no-authors --format trec
for id in same initial namesake nobody stranger; do eval "text_$id=$(score_of $id)"; done

it 'a shared author adds a tenth of what is left to 1, against the lengths of both lists'
expect_rec 0 similar seed --format trec
cp out stored
expect_gain "$text_same" "$(score_of same)" 0.70710678
it 'a given name may be an initial, and the family name may stand first'
expect_gain "$text_initial" "$(score_of initial)" 1
expect_gain "$text_stranger" "$(score_of stranger)" 0.70710678
it 'another initial is another author, and a paper without authors shares none'
expect_equal "$text_namesake" "$(score_of namesake)"
expect_equal "$text_nobody" "$(score_of nobody)"

it 'a stored list, a computed one and a given set of candidates have the same scores'
expect_rec 0 similar seed --exact --format trec
expect_same_bytes stored out
printf '%s\n' same initial namesake nobody stranger >pool.txt
expect_rec 0 rank seed --candidates pool.txt --format trec
expect_same_bytes stored out
it 'each of them can leave authors out'
expect_rec 0 similar seed --no-authors --format trec
cp out texts
expect_rec 0 similar seed --no-authors --exact --format trec
expect_same_bytes texts out
expect_rec 0 rank seed --no-authors --candidates pool.txt --format trec
expect_same_bytes texts out

it 'so can a request of a batch, and a default holds for those that do not say'
printf '%s\n' '{"id":"seed","authors":false}' '{"id":"seed","authors":true}' seed >requests.jsonl
expect_rec 0 batch --format trec requests.jsonl
cat texts stored stored >expected
expect_same_bytes expected out
expect_rec 0 batch --no-authors --format trec requests.jsonl
cat texts stored texts >expected
expect_same_bytes expected out
printf '%s\n' '{"id":"seed","authors":3}' >requests.jsonl
expect_rec 6 batch requests.jsonl
expect_in out "member 'authors': expected true or false, not a number"

it 'a paper that is not stored has its authors, and a text has none'
cat >requests.jsonl <<'END'
{"paper":{"id":"new","title":"Where larvae go","abstract":"Larvae drift and settle on rubble.","authors":"Bo Stern and Ada Quill"}}
{"paper":{"id":"new","title":"Where larvae go","abstract":"Larvae drift and settle on rubble."}}
{"title":"Where larvae go","text":"Larvae drift and settle on rubble."}
END
expect_rec 0 batch --format trec requests.jsonl
cp out answers
sed -n 1,6p answers >out
with=$(score_of initial)
sed -n 7,12p answers >out
without=$(score_of initial)
expect_gain "$without" "$with" 1
sed -n 13,18p answers >out
expect_equal "$without" "$(score_of initial)"

it 'eval leaves them out where it is told to'
printf 'seed\tsame\t1\n' >qrels.tsv
expect_rec 0 eval --qrels qrels.tsv --no-authors --write-run eval.run
expect_same_bytes texts eval.run
expect_rec 0 eval --qrels qrels.tsv --write-run eval.run
expect_same_bytes stored eval.run

it 'a paper whose authors alone were corrected is like its new authors after an import'
printf '%s\n' '{"id":"namesake","title":"Settling on rubble","abstract":"Which rubble do larvae of coral prefer when they settle?","authors":["Bo Stern"]}' >corrected.jsonl
must import -q corrected.jsonl
expect_rec 0 similar seed --no-authors --format trec
text=$(score_of namesake)
expect_rec 0 similar seed --format trec
expect_gain "$text" "$(score_of namesake)" 0.70710678
finish
