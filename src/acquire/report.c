/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/report.h"

#include <stdio.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/summary.h"
#include "base/file.h"
#include "base/scope.h"

/* What was closed a moment ago is what is there; anything else is the fault
 * of the disk, not of the command line. */
static int read_log(struct run_record *r, const struct stage *stage,
                    const struct log_place *end, struct err *e)
{
    autofree char *path = stage_path(stage, LOG_SUFFIX);

    if (!path)
        return err_nomem(e);
    run_record_free(r);
    if (run_record_read(path, r, e) < 0) {
        if (e->kind == ERR_USAGE || e->kind == ERR_VERIFY)
            e->kind = ERR_DEST;
        return -1;
    }
    if (memcmp(r->check.head, end->head, LOG_HASH) == 0)
        return 0;
    return err_set(e, ERR_DEST, 0, "%s does not read back as it was written",
                   path);
}

int report_write(struct run_record *r, const struct stage *stage,
                 const struct log_place *end, struct err *e)
{
    autofree char *path = stage_path(stage, SUMMARY_SUFFIX);
    autotext struct text t = TEXT_INIT;
    autoclose int fd = -1;

    if (read_log(r, stage, end, e) < 0)
        return -1;
    summary_text(r, &t);
    if (!path || t.failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, t.s, t.len, path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

/* The log and the summary, which no event names. */
static void add_json(const struct run_record *r, const struct outputs *o,
                     const struct stats *stats, struct text *t)
{
    struct run_file papers[2];
    size_t n = 0;

    for (size_t i = r->nfiles; i < o->nfiles && n < 2; i++)
        papers[n++] = (struct run_file){ .name = o->files[i].name,
                                         .size = o->files[i].size,
                                         .hashes = o->files[i].hashes };
    summary_json(r, papers, n, t);
    if (stats) {
        text_add(t, ",\"stats\":");
        stats_json(stats, t);
    }
    text_add(t, "}\n");
}

int report_show(const struct run_record *r, const struct outputs *o,
                const struct stats *stats, bool json, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (json)
        add_json(r, o, stats, &t);
    else
        summary_text(r, &t);
    if (stats && !json)
        stats_text(stats, &t);
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output; "
                       "the image is complete");
    return 0;
}
