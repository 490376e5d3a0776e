# The completion for zsh.
function quote(text) { # for the inside of '...' in a description
    gsub(/'/, "'\\''", text)
    gsub(/\\/, "\\\\", text)
    gsub(/\[/, "\\[", text)
    gsub(/\]/, "\\]", text)
    gsub(/:/, "\\:", text)
    return text
}
function action(name, argument) {
    if (name in choices)
        return ":" argument ":(" choices[name] ")"
    return ":" argument ":" (takes_file(argument) ? "_files" : "")
}
$1 == "verb" {
    verb = $2
    order[++count] = verb
    purpose[verb] = $3
    operand[verb] = operand_of($4)
    next
}
$1 == "option" {
    text = quote($6)
    many = $2 == "list" ? "*" : ""
    value = $5 == "-" ? "" : action($4, $5)
    specs[verb] = specs[verb] " \\\n        '" many "--" $4 (value == "" ? "" : "=") "[" text "]" value "'"
    if ($3 != "-")
        specs[verb] = specs[verb] " \\\n        '-" $3 (value == "" ? "" : "+") "[" text "]" value "'"
}
END {
    print "#compdef recommend"
    print "# zsh completion for recommend. Made by tools/completions/make-completions."
    print "_recommend() {"
    print "    local context state state_descr line"
    print "    typeset -A opt_args"
    print "    local -a verbs"
    print "    verbs=("
    for (i = 1; i <= count; i++)
        print "        '" order[i] ":" quote(purpose[order[i]]) "'"
    print "    )"
    print "    _arguments -C \\"
    print "        '--db=[the store]:FILE:_files' '--format=" "[how to print]:FORMAT:(" choices["format"] ")' \\"
    print "        '--threads=[threads]:N:' '(-v --verbose)'{-v,--verbose}'[say more]' '(-q --quiet)'{-q,--quiet}'[say only what went wrong]' \\"
    print "        '--help[tell about the program]' '--version[print the version]' \\"
    print "        '1:verb:->verb' '*::argument:->argument'"
    print "    case $state in"
    print "    verb) _describe verb verbs ;;"
    print "    argument)"
    print "        case $line[1] in"
    for (i = 1; i <= count; i++) {
        verb = order[i]
        rest = operand[verb] == "file" ? "'*:FILE:_files'" : operand[verb] == "verb" ? "'1:VERB:(" join() ")'" : "'*: :'"
        print "        " verb ") _arguments -s" specs[verb] " \\\n        '--help[tell about the verb]' '--version[print the version]' " rest " ;;"
    }
    print "        esac ;;"
    print "    esac"
    print "}"
    print "_recommend \"$@\""
}
function join(    j, text) {
    for (j = 1; j <= count; j++)
        text = text (j > 1 ? " " : "") order[j]
    return text
}
