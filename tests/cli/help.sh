# --help names every verb and every option, fits a screen, has an example that runs, and goes to standard output.
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

# A screen: 80 columns and 40 lines.
expect_fits_screen() { # file
    awk 'length($0) > 80' "$1" >wide
    expect_empty wide
    expect_number "$(wc -l <"$1")" -le 40
}
expect_fits_screen help

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

sed -n '/^#define OPT_COMMON(/,/[^\\]$/p' "$SOURCE/tools/opt.h" >piece
{ rows_of piece && echo help 0 && echo version 0; } | sort >common
expect_number "$(wc -l <common)" -ge 7

# Whether a file has a line about each option of a list.
expect_lines_about() { # options, file
    while read -r option letter; do
        checks=$((checks + 1))
        case $letter in
        0) line="^      --$option " ;;
        *) line="^  $(echo "$letter" | sed "s/'\(.\)'/-\1/"), --$option " ;;
        esac
        grep -q -e "$line" "$2" || fail "a line like '$line'" "$(cat "$2")"
    done <"$1"
}
it 'the program tells about the options that all verbs have'
expect_lines_about common help

while read -r verb; do
    it "'$verb --help' tells about every option that it takes, and names the common ones"
    expect_rec 0 "$verb" --help
    expect_empty err
    cp out help
    expect_in help "Usage: recommend $verb"
    options_of "$SOURCE/tools/cmd_$verb.c" | sort >options
    comm -23 options common >own
    expect_lines_about own help
    it "'$verb --help' names no option that it does not take"
    { sed -n 's/^ *\(-[a-z], \)\{0,1\}--\([a-z-]*\) .*/\2/p' help
        sed -n 's/^Common options: //p' help | tr ' ' '\n' | sed 's/^--//'; } | sort >named
    sort -u common options | cut -d ' ' -f 1 >taken
    expect_same_bytes taken named
    it "'$verb --help' fits a screen and has an example of the verb"
    expect_fits_screen help
    sed '1,/^Example:$/d' help >example
    expect_lines_like example "^  recommend $verb"
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
