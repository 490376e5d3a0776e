# The completions of bash, zsh and fish: made from the tables, completing what a user would type.
. "$SOURCE/tests/cli/lib.sh"

must --option-list
cp out list
run "$SOURCE/tools/completions/make-completions" list made
expect_status 0

# What bash proposes for a line whose last word, perhaps empty, is being typed; one a line, into `out`.
complete_in_bash() { # words
    run bash --norc -c '. made/bash/recommend
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _recommend 2>/dev/null
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
    expect_status 0
}

if has bash; then
    it 'bash completes a verb'
    complete_in_bash recommend sim
    expect_equal similar "$(cat out)"
    it 'bash proposes every verb'
    complete_in_bash recommend ''
    sort out >proposed
    awk -F '\t' '$1 == "verb" { print $2 }' list | sort >verbs
    expect_same_bytes verbs proposed
    it 'bash proposes the options of the verb and no other'
    while read -r verb; do
        complete_in_bash recommend "$verb" --
        sort -u out >proposed
        { awk -F '\t' -v verb="$verb" '$1 == "verb" { on = $2 == verb } on && $1 == "option" { print "--" $4 }' list
            echo --help && echo --version; } | sort -u >taken
        expect_same_bytes taken proposed
    done <verbs
    it 'bash completes the words that an option takes, behind a blank and behind ='
    complete_in_bash recommend similar x --min-band st
    expect_equal strong "$(cat out)"
    complete_in_bash recommend similar x --format = js
    expect_equal 'json jsonl jsonfeed' "$(tr '\n' ' ' <out | sed 's/ $//')"
    it 'bash completes files where a file is wanted, and nothing where a number is'
    : >some-papers.jsonl
    complete_in_bash recommend import some
    expect_equal some-papers.jsonl "$(cat out)"
    complete_in_bash recommend similar --exclude-file some
    expect_equal some-papers.jsonl "$(cat out)"
    complete_in_bash recommend similar --limit some
    expect_equal '' "$(cat out)"
    it 'bash finds the verb behind common options'
    complete_in_bash recommend --quiet serve --po
    expect_equal --port "$(cat out)"
else
    skip 'completing in bash: it is not there'
fi

it 'every word that is proposed for an option is one that the program takes'
must --db s.db import -q "$SAMPLE"
for band in $(sed -n 's/.*choices\["min-band"\] = "\(.*\)"/\1/p' "$SOURCE/tools/completions/choices.awk"); do
    rec --db s.db similar smp:0001 --min-band "$band"
    expect_number "$status" -ne 2
done
for how in $(sed -n 's/.*choices\["versions"\] = "\(.*\)"/\1/p' "$SOURCE/tools/completions/choices.awk"); do
    expect_rec 0 --db s.db similar smp:0001 --versions "$how"
done
for format in $(sed -n 's/.*choices\["format"\] = "\(.*\)"/\1/p' "$SOURCE/tools/completions/choices.awk"); do
    if [ "$format" = eml ]; then
        expect_rec 0 --db s.db digest --date 2025-03-14 --format eml
    else
        expect_rec 0 --db s.db similar smp:0001 --format "$format"
    fi
done
for window in $(sed -n 's/.*choices\["not-sent-within"\] = "\(.*\)"/\1/p' "$SOURCE/tools/completions/choices.awk"); do
    expect_rec 0 --db s.db digest --date 2025-03-14 --not-sent-within "$window"
done

if has zsh; then
    it 'zsh reads its completion without a fault'
    run zsh -f -n made/zsh/_recommend
    expect_status 0
    expect_empty err
    expect_in made/zsh/_recommend "'*--category=["
else
    skip 'the completion of zsh: it is not there'
fi
if has fish; then
    it 'fish reads its completion without a fault, and proposes options and verbs'
    run fish --no-config --no-execute made/fish/recommend.fish
    expect_status 0
    expect_empty err
    run fish --no-config -c 'source made/fish/recommend.fish; complete -C "recommend similar --lim"'
    expect_in out --limit
    run fish --no-config -c 'source made/fish/recommend.fish; complete -C "recommend ser"'
    expect_in out serve
else
    skip 'the completion of fish: it is not there'
fi

finish
