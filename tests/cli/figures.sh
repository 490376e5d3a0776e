# The figures of the documents: drawn from tables, whose numbers stand in the documents.
. "$SOURCE/tests/cli/lib.sh"

if has python3; then
    for table in "$SOURCE"/docs/figures/*.tsv; do
        name=$(basename "$table" .tsv)
        it "docs/figures/$name.svg is what its table gives: python3 docs/figures/draw.py docs/figures/$name.tsv"
        run python3 "$SOURCE/docs/figures/draw.py" "$table"
        expect_status 0
        expect_same_bytes "$SOURCE/docs/figures/$name.svg" out
    done
else
    skip 'drawing the figures: there is no python3'
fi

it 'every number of a table stands in the document that its first line names'
for table in "$SOURCE"/docs/figures/*.tsv; do
    document=$(sed -n '1s/.*(\(docs\/[a-z-]*\.md\),.*/\1/p' "$table")
    sed '1,2d' "$table" | cut -f 2- | tr '\t' '\n' >numbers
    expect_number "$(wc -l <numbers)" -ge 9
    while read -r number; do
        expect_in "$SOURCE/${document:?}" "$number"
    done <numbers
done

it 'every figure is shown by a document'
for figure in "$SOURCE"/docs/figures/*.svg; do
    cat "$SOURCE"/docs/*.md >documents
    expect_in documents "](figures/$(basename "$figure"))"
done

finish
