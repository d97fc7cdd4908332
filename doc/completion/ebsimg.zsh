#compdef ebsimg
# SPDX-License-Identifier: Apache-2.0
# Completion of ebsimg for zsh.  It asks the program itself which commands,
# options and words there are, so that it cannot be out of date.

# _ebsimg_options PROGRAM COMMAND: `--option:what it is for' a line.  --help
# has the words; what --list-options does not have is not offered.
_ebsimg_options()
{
    $1 $2 --help 2>/dev/null | awk -v known="$($1 $2 --list-options)" '
        BEGIN { n = split(known, k, /[ \n]+/); for (i in k) ok[k[i]] = 1 }
        /^ +(-[A-Za-z], )?--[a-z]/ && match($0, /--[a-z0-9-]+/) {
            name = substr($0, RSTART, RLENGTH)
            text = substr($0, RSTART + RLENGTH)
            sub(/^ ?[^ ]*  +/, "", text)
            if (name in ok) { print name ":" text; delete ok[name] }
        }
        END { for (name in ok) if (name != "") print name }'
}

_ebsimg()
{
    local program=$words[1] command=$words[2] previous=$words[CURRENT-1]
    local -a list

    if (( CURRENT == 2 )); then
        list=(${(f)"$($program --list-commands 2>/dev/null)"} help
            --help --version)
        compadd -a list
        return
    fi
    if [[ $words[CURRENT] == --*=* ]]; then
        previous=${words[CURRENT]%%=*}
        compset -P '--*='
    fi
    case $previous in
    -f) previous=--format ;;
    -o) previous=--output ;;
    esac
    [[ $previous != --* ]] ||
        list=(${(f)"$($program $command --list-words ${previous#--} \
            2>/dev/null)"})
    if (( $#list )); then
        compset -P '*,'
        compadd -a list
    elif [[ $words[CURRENT] == -* && $previous != --*=* ]]; then
        list=(${(f)"$(_ebsimg_options $program $command)"})
        _describe option list
    elif [[ $command == policy && $CURRENT == 3 ]]; then
        list=(${(f)"$($program --list-commands 2>/dev/null)"})
        compadd -a list
    else
        _files
    fi
}

_ebsimg "$@"
