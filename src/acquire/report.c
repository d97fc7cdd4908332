/* The summary of a run, for its files and for the terminal: what the log
 * says, which is read back for that. */
#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "audit/artefacts.h"
#include "audit/summary.h"
#include "base/file.h"
#include "base/scope.h"

/* What was closed a moment ago is what is there; anything else is the fault
 * of the disk, not of the command line. */
static int read_log(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, LOG_SUFFIX);
    struct run_record *r = &a->record;

    if (!path)
        return err_nomem(e);
    run_record_free(r);
    if (run_record_read(path, r, e) < 0) {
        if (e->kind == ERR_USAGE || e->kind == ERR_VERIFY)
            e->kind = ERR_DEST;
        return -1;
    }
    if (memcmp(r->check.head, a->log_end.head, LOG_HASH) == 0)
        return 0;
    return err_set(e, ERR_DEST, 0, "%s does not read back as it was written",
                   path);
}

int report_write(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, SUMMARY_SUFFIX);
    autotext struct text t = TEXT_INIT;
    autoclose int fd = -1;

    if (read_log(a, e) < 0)
        return -1;
    summary_text(&a->record, &t);
    if (!path || t.failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, t.s, t.len, path, e) < 0
        || file_sync(fd, path, e) < 0)
        return -1;
    return file_close(&fd, path, e);
}

/* The log and the summary, which no event names. */
static void add_json(const struct acquisition *a, struct text *t)
{
    struct run_file papers[2];
    size_t n = 0;

    for (size_t i = a->record.nfiles; i < a->nfiles && n < 2; i++)
        papers[n++] = (struct run_file){ .name = a->files[i].name,
                                         .size = a->files[i].size,
                                         .hashes = a->files[i].hashes };
    summary_json(&a->record, papers, n, t);
    if (a->opt->stats) {
        text_add(t, ",\"stats\":");
        stats_json(&a->stats, t);
    }
    text_add(t, "}\n");
}

int report_show(struct acquisition *a, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    a->stats.after = clock_monotonic(a->clock) - a->pulled;
    if (a->opt->json)
        add_json(a, &t);
    else
        summary_text(&a->record, &t);
    if (a->opt->stats && !a->opt->json)
        stats_text(&a->stats, &t);
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output; "
                       "the image is complete");
    return 0;
}
