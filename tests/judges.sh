# SPDX-License-Identifier: Apache-2.0
# Judges that `scripts/install-deps --judges' brings; whoever cannot be asked
# is skipped, visibly.  After lib.sh.
#
# shellcheck shell=bash disable=SC2154

JUDGES=${EBSIMG_JUDGES:-$abs_top_srcdir/build-check/judges}

# A Python that knows the module.
python_with() {
    local python
    for python in "$JUDGES/python/bin/python" python3; do
        "$python" -c "import $1" 2>/dev/null && echo "$python" && return
    done
    return 1
}

# by_judge NAME MODULE COMMAND...: ok() with the Python that has the module in
# $python, or a skip.
by_judge() {
    local name=$1 module=$2
    shift 2
    if python=$(python_with "$module"); then
        ok "$name" "$@"
    else
        skip "$name" "no $module: scripts/install-deps --judges"
    fi
}

# parliament FILE...: it finds nothing in these policies.  Its command would
# write a log into /tmp.
parliament() {
    "$python" -W ignore -c 'import sys, parliament
found = [(name, finding) for name in sys.argv[1:] for finding in
         parliament.analyze_policy_string(
             open(name).read(), include_community_auditors=True).findings]
for name, finding in found:
    print(f"{name}: {finding}")
sys.exit(bool(found))' "$@"
}

# accepted FILE CALL=SERVICE...
accepted() {
    local file=$1
    shift
    "$python" "$abs_top_srcdir/tests/judges/accepts-parameters" "$@" <"$file"
}

# rule_matches PATTERN EVENTS: "yes" or "no" for each event; fails when the
# engine cannot be had.
rule_matches() {
    compgen -G "$JUDGES/java/event-ruler-*.jar" >/dev/null &&
        java -cp "$JUDGES/java/*" \
            "$abs_top_srcdir/tests/judges/RuleMatches.java" "$@"
}
