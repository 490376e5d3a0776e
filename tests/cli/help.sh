# --help names every verb and every option, fits a page's width, and goes to standard output.
. "$SOURCE/tests/cli/lib.sh"

it 'the program lists its verbs'
expect_rec 0 --help
expect_empty err
cp out help
expect_rec 0
expect_same_bytes help out
expect_rec 0 help
expect_same_bytes help out
sed -n 's/^    { "\([a-z]*\)", cmd_.*/\1/p' "$SOURCE/tools/verbs.c" >verbs
expect_number "$(wc -l <verbs)" -ge 8
while read -r verb; do
    checks=$((checks + 1))
    grep -q "^  $verb  *[a-z0-9]" help || fail "a line about the verb '$verb'" "$(cat help)"
done <verbs
awk 'length($0) > 100' help >wide
expect_empty wide

# The names in the tables of options: rows of the verb's own file, and those of the shared pieces that it puts into its table.
rows_of() { # file
    sed -n 's/.*{ OPT_[A-Z]*, \(.\{1,3\}\), "\([a-z-]*\)".*/\2 \1/p' "$1"
}
options_of() { # file
    rows_of "$1"
    grep -o 'OPT_[A-Z_]*(' "$1" | while read -r piece; do
        sed -n "/^#define $piece/,/[^\\\\]\$/p" "$SOURCE"/tools/*.h >piece
        rows_of piece
    done
}

while read -r verb; do
    it "'$verb --help' names every option that it takes"
    expect_rec 0 "$verb" --help
    expect_empty err
    cp out help
    expect_in help "Usage: recommend $verb"
    expect_in help 'Example:'
    { options_of "$SOURCE/tools/cmd_$verb.c" && echo help 0 && echo version 0; } >options
    expect_number "$(wc -l <options)" -ge 7
    while read -r option letter; do
        checks=$((checks + 1))
        case $letter in
        0) line="^      --$option " ;;
        *) line="^  $(echo "$letter" | sed "s/'\(.\)'/-\1/"), --$option " ;;
        esac
        grep -q -e "$line" help || fail "a line like '$line'" "$(cat help)"
    done <options
    it "'$verb --help' names no option that it does not take"
    sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z-]*\) .*/\2/p' help | sort >named
    cut -d ' ' -f 1 options | sort >taken
    expect_same_bytes taken named
    it "'$verb --help' fits into 100 columns"
    awk 'length($0) > 100' help >wide
    expect_empty wide
    it "'$verb --help' wins over what stands before it"
    expect_rec 0 "$verb" --db nowhere.db --help
    expect_same_bytes help out
done <verbs

it 'the version is a name and three numbers'
expect_rec 0 --version
expect_lines_like out '^recommend [0-9]+\.[0-9]+\.[0-9]+$'
expect_equal "recommend $(sed -n 's/^ *VERSION \([0-9.]*\)$/\1/p' "$SOURCE/CMakeLists.txt")" "$(cat out)"

it 'nothing was made on the way'
expect_equal '' "$(find . -name '*.db*')"

finish
