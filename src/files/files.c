/* SPDX-License-Identifier: Apache-2.0 */
#include "files/files.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "files/words.h"
#include "show/tell.h"

/* -------------------------------------------------------------------- told */

/* Swap has no files. */
static bool is_left_out(const struct part_info *i)
{
    return !i->is_read
        && (i->is_lost || (*i->kind && strcmp(i->kind, "swap") != 0));
}

void files_tell_part(const struct part_info *i, struct files_totals *sum)
{
    autotext struct text t = TEXT_INIT;

    sum->parts++;
    sum->part = *i;
    if (i->is_read)
        return;
    sum->left_out += is_left_out(i);
    part_text(i, &t);
    text_addf(&t, ": %s%s%s", i->kind, *i->kind ? ", " : "", i->why);
    if (t.failed)
        return;
    if (is_left_out(i))
        tell_always("warning: %s", t.s);
    else
        tell_note("%s", t.s);
}

/* In front of what is about one of several parts. */
static const char *where(const struct files_totals *sum, struct text *t)
{
    if (!sum->part.number && !*sum->part.volume)
        return "";
    part_text(&sum->part, t);
    text_add(t, ": ");
    return t->failed ? "" : t->s;
}

/* A damaged disk has more to say than anybody reads. */
#define TOLD_MAX 100u

void files_tell_note(void *ctx, const char *text)
{
    struct files_totals *sum = ctx;
    autotext struct text t = TEXT_INIT;

    sum->left_out++;
    if (sum->left_out < TOLD_MAX)
        tell_always("warning: %s%s", where(sum, &t), text);
    else if (sum->left_out == TOLD_MAX)
        tell_always("warning: there is more, which is counted but not told");
}

void files_tell_remark(void *ctx, const char *text)
{
    autotext struct text t = TEXT_INIT;

    tell_note("%s%s", where(ctx, &t), text);
}

/* EBS, us-east-1, 2026: 0.003 USD for a thousand blocks. */
char *files_usd(char *buf, uint64_t blocks)
{
    snprintf(buf, 32, "%" PRIu64 ".%06" PRIu64, blocks * 3 / 1000000,
             blocks * 3 % 1000000);
    return buf;
}

void files_tell_cost(const struct session *s, const struct files_totals *sum)
{
    char usd[32], size[32];

    if (s->volume.is_snapshot)
        tell_note("%s: %" PRIu64 " blocks were fetched, %s, for %s USD",
                  s->volume.name, sum->blocks,
                  size_text(size, sum->blocks * BLOCK_SIZE),
                  files_usd(usd, sum->blocks));
}

/* --------------------------------------------------------------------- run */

int files_job(const struct files_options *o, struct wire_job *job,
              struct err *e)
{
    uint64_t n = 0;

    memset(job, 0, sizeof(*job));
    if (!o->partition)
        return 0;
    if (number_parse(o->partition, &n) < 0 || n > 10000)
        return err_set(e, ERR_USAGE, 0, "--partition: %s is no number of a "
                       "partition", o->partition);
    job->whole = true;
    job->partition = (unsigned)n;
    return 0;
}

int files_check_parts(const struct wire_job *job,
                      const struct files_totals *t, const char *name,
                      struct err *e)
{
    if (!job->whole || t->parts)
        return 0;
    if (!job->partition)
        return err_set(e, ERR_SOURCE, 0, "%s has partitions, and no file "
                       "system beside them (--partition 0)", name);
    return err_set(e, ERR_SOURCE, 0, "%s has no partition %u", name,
                   job->partition);
}

int files_status(const struct files_totals *t, struct err *e)
{
    (void)e;
    return t->left_out ? 1 : 0;
}

static int one(struct session *s, const struct files_options *o,
               const char *name, const char *path, struct err *e)
{
    struct files_totals sum = { 0 };

    if (session_open(s, name, &o->service, o->access_log, e) < 0
        || session_read_from(s, o->cache, e) < 0)
        return -1;
    if ((o->output ? files_get(s, o, &sum, e)
                   : files_list(s, o, path, &sum, e)) < 0)
        return -1;
    files_tell_cost(s, &sum);
    return files_status(&sum, e);
}

static int run_one(const struct files_options *o, const char *name,
                   const char *path, struct err *e)
{
    struct session s;
    struct err ignored = ERR_INIT;
    int r;

    session_init(&s);
    r = session_start(&s, e);
    if (r == 0)
        r = one(&s, o, name, path, e);
    return session_close(&s, r < 0 ? &ignored : e) < 0 ? -1 : r;
}

int files_run(const struct files_options *o, char **names, int n,
              struct err *e)
{
    bool two = n == 3 || (n == 2 && names[1][0] != '/');

    if (n == 3 && names[2][0] != '/')
        return err_set(e, ERR_USAGE, 0, "%s is no path in a file system: it "
                       "does not begin with a slash", names[2]);
    if (!two && (o->blocks || o->hash))
        return err_set(e, ERR_USAGE, 0, "%s is for two snapshots or images",
                       o->blocks ? "--blocks" : "--hash");
    if (!two)
        return run_one(o, names[0], n > 1 ? names[1] : "/", e);
    if (o->blocks && o->partition)
        return err_set(e, ERR_USAGE, 0, "--blocks is for the whole volume, "
                       "without --partition");
    if (o->bodyfile || o->output || o->access_log)
        return err_set(e, ERR_USAGE, 0, "%s is for one snapshot or image",
                       o->bodyfile ? "--bodyfile" : o->output ? "--get"
                       : "--access-log");
    if (o->blocks && (n == 3 && names[2][1]))
        return err_set(e, ERR_USAGE, 0, "--blocks is for all files: whose "
                       "bytes are whose is not known of those below a path "
                       "alone");
    return files_compare(o, names, n == 3 ? names[2] : "/", e);
}
