# The completion for bash, which needs nothing but bash.
$1 == "verb" { verb = $2; verbs = verbs " " verb; operand[verb] = operand_of($4); next }
$1 == "option" {
    options[verb] = options[verb] " --" $4 ($3 == "-" ? "" : " -" $3)
    if ($5 == "-")
        next
    if ($4 in choices)
        kind = "choice"
    else
        kind = takes_file($5) ? "file" : "value"
    names = "--" $4 ($3 == "-" ? "" : "|-" $3)
    if (index(known[kind], "|" names "|") == 0) # the same name has the same kind in every verb
        known[kind] = known[kind] "|" names "|"
}
function cases(kind,    text) {
    text = known[kind]
    gsub(/\|\|/, "|", text)
    return substr(text, 2, length(text) - 2)
}
END {
    print "# bash completion for recommend. Made by tools/completions/make-completions."
    print "_recommend()"
    print "{"
    print "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= word i words="
    print "    local verbs='" substr(verbs, 2) "'"
    print "    COMPREPLY=()"
    print "    # bash parts --format=json into three words."
    print "    if [[ $current == '=' ]]; then"
    print "        current="
    print "    elif [[ $previous == '=' && $COMP_CWORD -ge 2 ]]; then"
    print "        previous=${COMP_WORDS[COMP_CWORD-2]}"
    print "    fi"
    print "    for ((i = 1; i < COMP_CWORD; i++)); do"
    print "        word=${COMP_WORDS[i]}"
    print "        if [[ \" $verbs \" == *\" $word \"* ]]; then"
    print "            verb=$word"
    print "            break"
    print "        fi"
    print "    done"
    print "    case $previous in"
    for (i = 1; i <= chosen_count; i++)
        print "    --" chosen[i] ") COMPREPLY=($(compgen -W '" choices[chosen[i]] "' -- \"$current\")); return ;;"
    print "    " cases("file") ") compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$current\")); return ;;"
    print "    " cases("value") ") return ;;"
    print "    esac"
    print "    case $verb in"
    count = split(substr(verbs, 2), order, " ")
    for (i = 1; i <= count; i++)
        print "    " order[i] ") words='" substr(options[order[i]], 2) " --help --version' ;;"
    print "    esac"
    print "    if [[ $current == -* ]]; then"
    print "        COMPREPLY=($(compgen -W \"${words:---db --format --threads --verbose --quiet --help --version}\" -- \"$current\"))"
    print "        return"
    print "    fi"
    print "    case $verb in"
    for (i = 1; i <= count; i++) {
        if (operand[order[i]] == "file")
            print "    " order[i] ") compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- \"$current\")) ;;"
        else if (operand[order[i]] == "verb")
            print "    " order[i] ") COMPREPLY=($(compgen -W \"$verbs\" -- \"$current\")) ;;"
    }
    print "    '') COMPREPLY=($(compgen -W \"$verbs\" -- \"$current\")) ;;"
    print "    esac"
    print "}"
    print "complete -F _recommend recommend"
}
