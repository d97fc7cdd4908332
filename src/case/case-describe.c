/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg info' of a chain: its case log, and what each image is. */
#include <stdlib.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/scope.h"
#include "case/case-log.h"
#include "case/case-verify.h"
#include "case/standing.h"
#include "verify/describe.h"

static void put_warnings(struct facts *f, const struct notes *n)
{
    autotext struct text t = TEXT_INIT;

    for (size_t i = 0; i < n->count; i++) {
        text_add(&t, i ? "; " : "");
        text_add(&t, n->list[i]);
    }
    f->t.failed |= t.failed;
    facts_text(f, "warnings", t.s && !t.failed ? t.s : "");
}

static void put_case(struct facts *f, const struct case_log *c,
                     const struct logcheck *check)
{
    char head[2 * LOG_HASH + 1];
    size_t made = 0;

    for (size_t i = 0; i < c->count; i++)
        made += standing_is_made(&c->members[i]);
    hex_encode(head, check->head, LOG_HASH);
    facts_open(f, "case");
    facts_text(f, "case_log", file_name(c->path));
    facts_text(f, "ended", check->closed ? "yes" : "no: it can be gone on "
               "with");
    facts_number(f, "snapshots", c->count);
    facts_number(f, "images_made", made);
    facts_text(f, "all_listed", !c->partial ? "" : c->apart
               ? "no: not all that was asked for is here"
               : "no: there may be more");
    put_warnings(f, &c->notes);
    facts_text(f, "line_ends", check->line_ends
               ? "changed on the way; the lines are those of the chain" : "");
    facts_number(f, "log_events", check->events);
    facts_text(f, "log_head", head);
    facts_close(f);
}

static int put_files(struct facts *f, const char *prefix, struct err *e)
{
    struct evidence ev;
    struct err why = ERR_INIT;
    int r = 0;

    if (evidence_find(prefix, &ev, &why) == 0)
        r = describe_into(&ev, f, e);
    else
        facts_text(f, "files", "none is here");
    evidence_free(&ev);
    return r;
}

static int put_member(struct facts *f, const char *name,
                      const struct case_member *m, struct err *e)
{
    autofree char *prefix = standing_spelled(name, m, e);
    int r;

    if (!prefix)
        return -1;
    facts_open_item(f, "snapshot", m->snapshot);
    facts_text(f, "prefix", file_name(prefix));
    facts_text(f, "point_in_time", m->time ? m->time : "");
    facts_text(f, "case_log_says", m->status == CASE_NOT_ENDED
               ? "not begun" : outcome_name(m->outcome));
    r = put_files(f, prefix, e);
    facts_close(f);
    return r;
}

static int describe_case(struct case_log *c, const char *name, bool json,
                         struct facts *f, struct err *e)
{
    struct logcheck check;

    if (file_check_regular(c->path, e) < 0 || case_look(c, &check, e) < 0)
        return -1;
    facts_begin(f, json);
    put_case(f, c, &check);
    facts_open_list(f, "members");
    for (size_t i = 0; i < c->count; i++)
        if (put_member(f, name, &c->members[i], e) < 0)
            return -1;
    facts_close_list(f);
    facts_end(f);
    return f->t.failed ? err_nomem(e) : 0;
}

int case_describe(const char *name, const char *log_path, bool json,
                  struct text *out, struct err *e)
{
    struct case_log c;
    struct facts f = { .json = json };
    int r = case_look_init(&c, log_path, e);

    if (r == 0)
        r = describe_case(&c, name, json, &f, e);
    if (r == 0)
        text_addn(out, f.t.s, f.t.len);
    text_free(&f.t);
    case_free(&c);
    return r == 0 && out->failed ? err_nomem(e) : r;
}
