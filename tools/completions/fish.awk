# The completion for fish.
function quote(text) {
    gsub(/\\/, "\\\\", text)
    gsub(/'/, "\\'", text)
    return "'" text "'"
}
BEGIN {
    print "# fish completion for recommend. Made by tools/completions/make-completions."
    print "complete -c recommend -f"
}
$1 == "verb" {
    verb = $2
    verbs = verbs (verbs == "" ? "" : " ") verb
    print "complete -c recommend -n __fish_use_subcommand -a " verb " -d " quote($3)
    if (operand_of($4) == "file")
        print "complete -c recommend -n '__fish_seen_subcommand_from " verb "' -F"
    if (operand_of($4) == "verb")
        for_verbs = verb
    print "complete -c recommend -n '__fish_seen_subcommand_from " verb "' -l help -d 'tell about the verb'"
    next
}
$1 == "option" {
    line = "complete -c recommend -n '__fish_seen_subcommand_from " verb "' -l " $4
    if ($3 != "-")
        line = line " -s " $3
    if ($4 in choices)
        line = line " -x -a " quote(choices[$4])
    else if ($5 != "-")
        line = line (takes_file($5) ? " -r -F" : " -x")
    print line " -d " quote($6)
}
END {
    if (for_verbs != "")
        print "complete -c recommend -n '__fish_seen_subcommand_from " for_verbs "' -a " quote(verbs)
    print "complete -c recommend -n __fish_use_subcommand -l db -r -F -d 'the store'"
    print "complete -c recommend -n __fish_use_subcommand -l help -d 'tell about the program'"
    print "complete -c recommend -n __fish_use_subcommand -l version -d 'print the version'"
}
