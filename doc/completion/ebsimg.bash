# SPDX-License-Identifier: Apache-2.0
# Completion of ebsimg for bash.  It asks the program itself which commands,
# options and words there are, so that it cannot be out of date.

_ebsimg_words()
{
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_ebsimg_files()
{
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# The value of an option that takes words, e.g. --format e01,raw: the last
# word of the comma list.
_ebsimg_value()
{
    local words=$1 cur=$2 done=

    if [[ $cur == *,* ]]; then
        done=${cur%,*},
        cur=${cur##*,}
    fi
    mapfile -t COMPREPLY < <(compgen -P "$done" -W "$words" -- "$cur")
}

_ebsimg()
{
    local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]}
    local previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local words

    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _ebsimg_words "$("$program" --list-commands 2>/dev/null) help
            --help --version" "$cur"
        return
    fi
    # --format=raw comes as three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    case $previous in
    -f) previous=--format ;;
    -o) previous=--output ;;
    esac
    words=$("$program" "$command" --list-words "${previous#--}" 2>/dev/null)
    if [ -n "$words" ] && [[ $previous == --* ]]; then
        _ebsimg_value "$words" "$cur"
    elif [[ $cur == -* ]]; then
        _ebsimg_words "$("$program" "$command" --list-options 2>/dev/null)" \
            "$cur"
    elif [[ $command == policy || ( $command == preflight &&
        $previous != --output && $previous != --ca-bundle ) ]]; then
        [ "$COMP_CWORD" -ne 2 ] ||
            _ebsimg_words "$("$program" --list-commands 2>/dev/null)" "$cur"
    elif [[ $command == custody && $COMP_CWORD -eq 2 ]]; then
        _ebsimg_words 'add show' "$cur"
    elif [[ $previous == --output || $previous == --against ||
        $previous == --log || $previous == --ca-bundle ||
        $previous == --cloudtrail || $previous == --svg ||
        $previous == --dump || $previous == --since ||
        $previous == --resume ]] ||
        [[ $command != acquire && $command != chain && $command != list &&
        $command != plan && $command != readers && $command != snapshot ]]; then
        _ebsimg_files "$cur"
    fi
}

complete -F _ebsimg ebsimg
