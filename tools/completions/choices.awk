# What the completions of all shells share: the words that an option takes, by its name, and whether it takes the name of a file. The test
# cli/completions asks the program for each of these words.
BEGIN {
    choices["format"] = "text json jsonl tsv trec markdown html atom jsonfeed eml"
    choices["min-band"] = "none weak fair strong"
    choices["versions"] = "collapse keep"
    choices["not-sent-within"] = "7d 30d ever"
    chosen_count = split("format min-band versions not-sent-within", chosen, " ")
}
function takes_file(argument) {
    return argument == "FILE" || argument == "SOCKET"
}
# Verbs whose operands are files, or verbs; those of the others are ids and words, which no table has.
function operand_of(synopsis) {
    if (synopsis ~ /[ [](FILE)/ && synopsis !~ /--[a-z]+ FILE/)
        return "file"
    return synopsis ~ /\[VERB\]/ ? "verb" : "none"
}
