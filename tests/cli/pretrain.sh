# A table trained on one's own papers: the same file however it is made, used where --model says so, and refused where it is none.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

# Papers in an invented language, of 12 topics and 20 authors.
invent_papers() { # how many
    awk -v count="$1" "$INVENTED_LANGUAGE"'
        BEGIN {
            for (i = 1; i <= count; i++)
                printf "{\"id\":\"p-%05d\",\"title\":\"%s\",\"abstract\":\"%s. %s.\",\"authors\":[\"Ada %s\"]}\n",
                    i, words(6, i % 12), words(20, i % 12), words(20, i % 12), syllable[i % 17 + 1]
        }'
}

train() { # options
    expect_rec 0 pretrain --passes 2 --batch 32 -q "$@"
    expect_empty out
    expect_empty err
}

expect_other_bytes() { # one, other
    checks=$((checks + 1))
    ! cmp -s "$1" "$2" || fail "$2 with other bytes than $1" 'the same'
}

table_of() { # store
    rec --db "$1" info --format json
    sed -n 's/.*"table":{\([^}]*\)}.*/\1/p' out
}

invent_papers 90 >invented.jsonl
must import -q --no-build "$SAMPLE" invented.jsonl

it 'a store that was never built is trained on, and left as it was'
cp papers.db papers.before
train --threads 1 --output one.table
expect_same_bytes papers.before papers.db
expect_equal '' "$(find . -name '*.tmp')"

it 'neither threads, nor another run, nor what is under the name already change a byte of the table'
for threads in 2 3; do
    cp "$SAMPLE" again.table
    train --threads "$threads" --output again.table
    expect_same_bytes one.table again.table
done

it 'every setting has a part in the table'
for setting in '--passes 3' '--batch 20' '--temperature 0.2' '--rate 0.3' \
    '--title-share 1 --author-share 0' '--author-share 0.5' '--seed 8'; do
    # shellcheck disable=SC2086 # the words are arguments
    train $setting --output other.table
    expect_other_bytes one.table other.table
done

it 'the words say what was done'
expect_rec 0 pretrain --passes 2 --batch 32 --output named.table
expect_lines_like err "^recommend: trained on 162 of 162 papers in 10 steps; wrote 'named.table', fingerprint [0-9a-f]{32}\$"
fingerprint=$(sed -n 's/.*fingerprint //p' err)

it 'fewer than 100 papers to train on are exit status 1, and nothing is written'
must --db few.db import -q --no-build "$SAMPLE"
expect_rec 1 --db few.db pretrain --output few.table
expect_in err '72 papers'
expect_in err 'at least 100'
expect_equal '' "$(find . -name 'few.table*')"

it 'settings that make no sense are exit status 2'
for setting in '--passes 0' '--batch 1' '--batch 100000' '--temperature 0' '--temperature 0.001' '--rate 0' \
    '--rate -1' '--title-share 0.8 --author-share 0.3' \
    '--title-share -0.1' '--seed x' 'papers.jsonl'; do
    # shellcheck disable=SC2086
    expect_rec 2 pretrain --output bad.table $setting
done
expect_rec 2 pretrain
expect_in err '--output'
expect_equal '' "$(find . -name 'bad.table*')"

it 'an output that cannot be written is told before the training'
expect_rec 1 pretrain --output no/such/folder/x.table
expect_in err "'no/such/folder/x.table'"
mkdir folder
expect_rec 1 pretrain --output folder
expect_rec 2 pretrain --output papers.db
expect_in err 'that is the store'
expect_same_bytes papers.before papers.db

it 'a store has the shipped table until it is given another'
must --db used.db import -q "$SAMPLE"
shipped=$(table_of used.db)
expect_lines_like out '"shipped":true'
rec --db used.db similar smp:0001 --format trec
cp out shipped.trec

it 'build --model fits the model again with the table, which is the store'\''s own from then on'
expect_rec 0 --db used.db build --model one.table
expect_in err 'fitted the model again, as asked'
expect_equal "\"fingerprint\":\"$fingerprint\",\"shipped\":false" "$(table_of used.db)"
expect_same_bytes one.table used.db-table
expect_rec 0 --db used.db info
expect_lines_like out '^(store|papers|indexed|fingerprint|generation|newest|neighbours): |^table: [0-9a-f]{32} \(the store.s own\)$'
rec --db used.db similar smp:0001 --format trec
cp out own.trec
expect_other_bytes shipped.trec own.trec
expect_rec 0 --db used.db check

it 'a later refit takes the store'\''s own table without being told'
rm one.table
rec --db used.db info --format json
model=$(sed -n 's/.*,"fingerprint":"\([0-9a-f]*\)","generation.*/\1/p' out)
expect_rec 0 --db used.db build -q --refit
rec --db used.db info --format json
expect_in out "\"fingerprint\":\"$model\",\"generation\""
expect_rec 0 --db used.db similar smp:0001 --format trec
expect_same_bytes own.trec out

it 'import --model is the same as importing and then build --model'
expect_rec 0 --db direct.db import -q --model again.table "$SAMPLE"
expect_rec 0 --db direct.db similar smp:0001 --format trec
expect_same_bytes own.trec out
expect_same_bytes again.table direct.db-table

it 'import --model fits the model again although nothing came'
expect_rec 0 --db direct.db import --model shipped "$SAMPLE"
expect_in err 'fitted the model again, as asked'
expect_equal "$shipped" "$(table_of direct.db)"

it '--model shipped goes back to the shipped table'
expect_rec 0 --db used.db build -q --model shipped
expect_equal "$shipped" "$(table_of used.db)"
expect_equal '' "$(find . -name 'used.db-table*')"
rec --db used.db similar smp:0001 --format trec
expect_same_bytes shipped.trec out

it 'a table that is damaged, foreign or not there is refused by name before anything is changed'
head -c 100000 again.table >cut.table
{ head -c 5000000 again.table; printf X; tail -c +5000002 again.table; } >damaged.table
cp used.db used.before
for table in cut.table damaged.table "$(side_file used.db model)" "$SAMPLE"; do
    expect_rec 5 --db used.db build --model "$table"
    expect_in err "'$table'"
    expect_rec 5 --db used.db import --model "$table" invented.jsonl
    expect_in err "'$table'"
    expect_rec 5 --db new.db import --model "$table" "$SAMPLE"
done
expect_rec 1 --db used.db build --model nowhere.table
expect_in err "'nowhere.table'"
expect_rec 1 --db new.db import --model nowhere.table "$SAMPLE"
expect_rec 2 --db used.db import --no-build --model again.table invented.jsonl
expect_same_bytes used.before used.db
expect_equal '' "$(find . -name 'new.db*' -o -name 'used.db-table*')"

it 'a damaged table of the store is told by check and refused by a refit, and another one mends it'
must --db direct.db build -q --model again.table
cp damaged.table direct.db-table
expect_rec 5 --db direct.db check
expect_in err "'direct.db-table'"
expect_in err 'recommend build --model'
expect_rec 0 --db direct.db info
expect_in out 'table: missing or damaged'
expect_rec 5 --db direct.db build --refit
expect_in err "'direct.db-table'"
expect_rec 0 --db direct.db similar smp:0001 --format trec
expect_same_bytes own.trec out
expect_rec 0 --db direct.db build -q --model again.table
expect_rec 0 --db direct.db check

it 'a table that was being written when the power failed is cleared away, a whole one is not'
cp damaged.table direct.db-table.tmp
expect_rec 0 --db direct.db build -q --refit
expect_equal ./direct.db-table "$(find . -name 'direct.db-table*')"

finish
