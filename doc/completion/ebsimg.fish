# SPDX-License-Identifier: Apache-2.0
# Completion of ebsimg for fish.  It asks the program itself which commands,
# options and words there are, so that it cannot be out of date.

# What stands before the cursor, without the word that is being typed.
function __ebsimg_before
    commandline -opc
end

function __ebsimg_needs_command
    test (count (__ebsimg_before)) -eq 1
end

function __ebsimg_commands
    set -l before (__ebsimg_before)
    $before[1] --list-commands 2>/dev/null
end

function __ebsimg_options
    set -l before (__ebsimg_before)
    $before[1] $before[2] --list-options 2>/dev/null
end

# The words of an option, the last of a comma list, after = or a blank.
function __ebsimg_words
    set -l before (__ebsimg_before)
    set -l current (commandline -ct)
    set -l option $before[-1]
    set -l lead ''

    if string match -q -- '--*=*' $current
        set option (string replace -r '=.*' '' -- $current)
        set lead $option=
        set current (string replace -r '^[^=]*=' '' -- $current)
    end
    switch $option
        case -f
            set option --format
        case -o
            set option --output
    end
    string match -q -- '--*' $option; or return 1
    if string match -q -- '*,*' $current
        set lead $lead(string replace -r '[^,]*$' '' -- $current)
    end
    set -l words ($before[1] $before[2] --list-words (string sub -s 3 -- \
        $option) 2>/dev/null)
    test (count $words) -gt 0; or return 1
    printf '%s\n' $lead$words
end

function __ebsimg_has_words
    not __ebsimg_needs_command; and __ebsimg_words >/dev/null
end

function __ebsimg_wants_command
    set -l before (__ebsimg_before)
    test (count $before) -eq 2 -a "$before[2]" = policy
end

complete -c ebsimg -n __ebsimg_needs_command -f -a '(__ebsimg_commands) help'
complete -c ebsimg -n __ebsimg_needs_command -l help -l version
complete -c ebsimg -n __ebsimg_wants_command -f -a '(__ebsimg_commands)'
complete -c ebsimg -n __ebsimg_has_words -f -k -a '(__ebsimg_words)'
complete -c ebsimg -n 'not __ebsimg_needs_command; and not __ebsimg_has_words' \
    -a '(string match -q -- "-*" (commandline -ct); and __ebsimg_options)'
