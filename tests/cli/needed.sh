# What the program loads: a look-up stands on SQLite and Jansson alone, and everything dearer comes in a module when a question needs it.
. "$SOURCE/tests/cli/lib.sh"
export RECOMMEND_DB=papers.db

dear='/(faiss|input)\.so|libfaiss|blas|lapack|libgomp|libgfortran|libzstd|libz\.so|libexpat'

it 'the executable needs libc, libm, SQLite and Jansson'
if has readelf; then
    run readelf -d "$RECOMMEND"
    expect_status 0
    sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' out >needed
    if grep -q 'lib[a-z]*san\.so' needed; then
        skip 'what the executable needs: this one is built with sanitizers, which bring libraries of their own'
    else
        expect_lines_like needed '^(libc|libm|libsqlite3|libjansson)\.so\.[0-9]+$|^ld-linux'
    fi
else
    skip 'what the executable needs: there is no readelf'
fi

# The dynamic linker itself tells what it loads.
loads() { # arguments
    ran="LD_DEBUG=files recommend $*"
    LD_DEBUG=files "$RECOMMEND" "$@" >out 2>err
    status=$?
    expect_status 0
    sed -n 's/.*calling init: //p' err >loaded
}

must import -q "$SAMPLE"
loads similar smp:0001
if [ -s loaded ]; then
    it 'neither FAISS, nor its BLAS, nor a decompressor is loaded for papers like a stored one or a text, a search or a paper'
    echo 'Corals bleach in warm summers.' >text.txt
    expect_in loaded libsqlite3
    for verb in 'similar smp:0001' smp:0001 'similar smp:0001 --exclude smp:0034 --min-band fair --format json' 'search coral' \
        'similar --text text.txt' 'similar smp:0001 --exact' \
        'show smp:0001' info; do
        # shellcheck disable=SC2086 # the words are arguments
        loads $verb
        grep -E "$dear" loaded >dear_ones
        expect_empty dear_ones
    done

    it 'FAISS and its BLAS are loaded to build'
    loads build -q --refit
    expect_in loaded /faiss.so
    expect_in loaded blas

    it 'no decompressor is loaded for input that is plain'
    loads import --no-build -q "$SAMPLE"
    expect_not_in loaded /input.so

    it 'the decompressors are loaded for input that is compressed'
    gzip -c "$SAMPLE" >papers.jsonl.gz
    loads import --no-build -q papers.jsonl.gz
    expect_in loaded /input.so

    it 'and so is the parser of XML for input that is XML'
    loads import --no-build -q "$SOURCE/tests/data/oai_dc.xml"
    expect_in loaded libexpat
else
    skip 'what a question loads: this dynamic linker does not tell'
fi

finish
