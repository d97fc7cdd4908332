/* SPDX-License-Identifier: Apache-2.0 */
#include "report/model.h"

#include <string.h>

#include "audit/outcome.h"
#include "audit/run-rules.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* What a process leaves that was killed while it wrote: part of a line, and
 * nothing behind it. */
static bool is_cut(const struct report *r)
{
    const struct evidence *ev = &r->papers.v.ev;
    struct err why = ERR_INIT, e = ERR_INIT;
    autoclose int fd = -1;
    uint64_t cut = 0;

    err_set(&why, ERR_VERIFY, 0, "more than part of a line");
    return r->papers.partial && file_open(ev->log_path, &fd, &e) == 0
        && logcheck_rest(fd, ev->log_path, r->log->check.size, &why, &cut, &e)
               == 0 && cut > 0;
}

static void judge(struct report *r)
{
    const struct run_record *l = r->log;

    r->cut = !l->present && is_cut(r);
    r->broken = !l->present && !r->cut;
    r->died = !l->check.closed || r->cut;
    r->failed = r->died || !run_rules_good(l);
}

/* Of a run that did not finish there is no disk to look at, and of papers
 * that are not sound none that anything is proved by. */
static int read_disk(struct report *r, struct err *e)
{
    if (!r->broken && !r->failed && !r->papers.no_image)
        return disk_read(&r->disk, r->name, e);
    r->disk.partitions.table = "";
    strcpy(r->disk.why_not, "there is no image of a run that finished");
    return 0;
}

int report_fill(struct report *r, const char *name, const char *head,
                struct err *e)
{
    const struct evidence *ev = &r->papers.v.ev;

    memset(r, 0, sizeof(*r));
    r->name = name;
    r->made = clock_wall(&clock_system);
    r->log = &ev->log;
    if (papers_read(&r->papers, name, head, e) < 0)
        return -1;
    hex_encode(r->head, r->log->check.head, LOG_HASH);
    judge(r);
    return story_read(&r->story, r->log, ev->log_path, e) < 0
        || map_read(&r->map, ev, e) < 0 || read_disk(r, e) < 0 ? -1 : 0;
}

void report_free(struct report *r)
{
    story_free(&r->story);
    papers_free(&r->papers);
}

int report_status(const struct report *r)
{
    return r->papers.status;
}

static const char *outcome_of(const struct run_record *l)
{
    enum outcome o;

    return outcome_parse(l->verdict, &o) == 0 ? outcome_headline(o)
        : "THE LOG HAS A VERDICT THAT THERE IS NOT";
}

/* The worst thing that is known; what a run says of itself counts only when
 * its papers can be believed. */
const char *report_headline(const struct report *r)
{
    const size_t *found = r->papers.v.found.of;

    if (r->broken)
        return "THE LOG IS NOT SOUND";
    if (r->died)
        return "THE RUN DIED: THERE IS NO IMAGE";
    if (r->failed)
        return outcome_of(r->log);
    if (found[FINDING_BAD])
        return "THE IMAGE IS NOT AS IT WAS WRITTEN";
    if (found[FINDING_CHANGED])
        return "THE PAPERS WERE CHANGED, OR CONTRADICT EACH OTHER";
    if (found[FINDING_MISSING])
        return "SOMETHING IS MISSING";
    if (found[FINDING_RESERVE] && strcmp(r->log->verdict,
                                         outcome_name(OUTCOME_COMPLETE)) == 0)
        return "SOMETHING STANDS AGAINST THE SEAL";
    return outcome_of(r->log);
}

int report_alarm(const struct report *r)
{
    return r->papers.status > 1 ? 2 : r->papers.status;
}
