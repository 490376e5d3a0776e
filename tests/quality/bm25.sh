# BM25 as SQLite's full-text search computes it (FTS5: k1 1.2, b .75; Porter stems): each query is a paper's title and abstract, its words
# joined by OR; one that it repeats counts as often.
#   bm25.sh STORE QUERIES >RUN      QUERIES has the ids of the queries as the store writes them, one a line; RUN is in TREC's format
store=$1 queries=$2

# The statement for each query. A quoted word is one word for FTS5 too: it parts text at what is neither letter nor digit.
statements() {
    sqlite3 -batch -noheader -cmd '.mode list' -cmd '.separator "\t" "\n"' "$store" \
        "CREATE TEMP TABLE query(id TEXT PRIMARY KEY);" ".mode tabs" ".import '$queries' query" ".mode list" '.separator "\t" "\n"' \
        "SELECT doc, paper.id, replace(replace(coalesce(title, '') || ' ' || coalesce(abstract, ''), char(10), ' '), char(9), ' ')
           FROM query JOIN paper ON paper.id = query.id ORDER BY doc" |
        LC_ALL=C awk -F '\t' '{
            text = tolower($3)
            gsub(/[^a-z0-9\200-\377]+/, " ", text)
            count = split(text, words, " ")
            match_any = ""
            for (i = 1; i <= count; i++)
                match_any = match_any (match_any == "" ? "" : " OR ") "\"" words[i] "\""
            id = $2
            gsub(/\047/, "\047\047", id)
            printf "SELECT \047%s\047, \047Q0\047, id, row_number() OVER (), -score, \047bm25\047 FROM (SELECT paper.id, bm25(words) AS score FROM words" \
                " JOIN paper ON paper.doc = words.rowid WHERE words MATCH \047%s\047 AND paper.doc <> %d ORDER BY score, paper.doc LIMIT 2000);\n",
                id, match_any, $1
        }'
}

statements | sqlite3 -batch -noheader -separator ' ' "$store"
