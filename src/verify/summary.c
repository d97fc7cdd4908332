/* SPDX-License-Identifier: Apache-2.0 */
/* PREFIX.txt, which no event of the log names: it is made again from the log
 * and compared. */
#include <inttypes.h>
#include <string.h>

#include "audit/line-ends.h"
#include "audit/run-rules.h"
#include "audit/summary.h"
#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "verify/verification.h"

/* The number of the first line in which they differ. */
static uint64_t first_other_line(const char *a, const char *b)
{
    uint64_t line = 1;

    for (; *a && *a == *b; a++, b++)
        line += *a == '\n';
    return line;
}

/* What is read is as long as what is made; more of it is another line. */
/* As it was written; true when that changed it. */
static bool undo_line_ends(struct text *t)
{
    size_t n = t->s ? line_ends_undo((unsigned char *)t->s, t->len, -1) : 0;
    bool any = t->s && n < t->len;

    if (any) {
        t->s[n] = '\0';
        t->len = n;
    }
    return any;
}

static int compare(struct verification *v, const char *path,
                   const char *made, struct err *e)
{
    autotext struct text now = TEXT_INIT;
    struct err bad = ERR_INIT;
    const char *name = file_name(path);

    v->summary_told = true;
    if (file_check_regular(path, &bad) < 0
        || file_slurp(path, 2 * strlen(made) + 1 * MIB, &now, &bad) < 0) {
        findings_blame(&v->found, FINDING_CHANGED, name, &bad);
        return 0;
    }
    if (now.failed)
        return err_nomem(e);
    if (undo_line_ends(&now))
        verify_tell_line_ends(&v->found, name);
    if (now.len == strlen(made) && memcmp(now.s, made, now.len) == 0) {
        findings_add(&v->found, FINDING_GOOD, name, "is what the log makes");
        v->summary_told = false; /* the checksum files may know it, too */
        return 0;
    }
    findings_add(&v->found, FINDING_CHANGED, name, "line %" PRIu64
                 " is not what the log makes",
                 first_other_line(made, now.s ? now.s : ""));
    return 0;
}

static void tell_other_form(struct verification *v, const char *name)
{
    const struct run_record *r = &v->ev.log;

    findings_add(&v->found, FINDING_NOTE, name, "was written by ebsimg %s, "
                 "in a form that this version cannot make again: no more "
                 "than the checksum files vouch for it, and whoever can "
                 "change it can change those", r->version);
}

int verify_read_summary(struct verification *v, struct err *e)
{
    const struct run_record *r = &v->ev.log;
    autotext struct text made = TEXT_INIT;
    const char *path = v->ev.summary_path;

    if (!r->present || !run_rules_good(r) || !path)
        return 0;
    if (!summary_form_is_known(r)) {
        tell_other_form(v, file_name(path));
        return 0;
    }
    summary_text(r, &made);
    return made.failed ? err_nomem(e) : compare(v, path, made.s, e);
}
