/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the summary of a finished run again from its files:
 *
 *   summary-of LOG          PREFIX.txt, of the log alone
 *   summary-of LOG json     what acquire --json printed: the log and the
 *                           summary are files of it, too, with the digests
 *                           that there are checksum files of
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/evidence.h"
#include "audit/hash-file.h"
#include "audit/summary.h"
#include "base/file.h"
#include "base/scope.h"

static unsigned kinds_of(const struct evidence *ev)
{
    unsigned kinds = 0;

    for (int k = 0; k < HASH_KINDS; k++)
        if (ev->sums_paths[k])
            kinds |= HASH_BIT(k);
    return kinds;
}

static int read_paper(const struct evidence *ev, const char *path,
                      struct run_file *out, struct err *e)
{
    uint64_t allocated;

    *out = (struct run_file){ .name = strdup(file_name(path)) };
    if (!out->name)
        return err_nomem(e);
    if (file_usage(path, &allocated, &out->size, e) < 0)
        return -1;
    return hash_file(path, kinds_of(ev), &out->hashes, e);
}

static int make_json(const struct evidence *ev, struct text *t,
                     struct err *e)
{
    autotext struct text summary = TEXT_INIT;
    struct run_file papers[2] = { { 0 }, { 0 } };
    int r;

    text_add(&summary, ev->prefix);
    text_add(&summary, SUMMARY_SUFFIX);
    r = read_paper(ev, ev->log_path, &papers[0], e);
    if (r == 0)
        r = read_paper(ev, summary.s, &papers[1], e);
    if (r == 0)
        summary_json(&ev->log, papers, 2, t);
    text_add(t, "}\n");
    free(papers[0].name);
    free(papers[1].name);
    return r;
}

static int make(const char *log, bool json, struct text *t, struct err *e)
{
    autofree char *prefix = strndup(log, strlen(log) - strlen(LOG_SUFFIX));
    struct evidence ev;
    int r = evidence_find(prefix, &ev, e);

    if (r == 0)
        r = evidence_read_log(&ev, e);
    if (r == 0 && json)
        r = make_json(&ev, t, e);
    else if (r == 0)
        summary_text(&ev.log, t);
    evidence_free(&ev);
    return r;
}

int main(int argc, char **argv)
{
    struct text t = TEXT_INIT;
    struct err e = ERR_INIT;

    if (argc < 2 || !text_ends_with(argv[1], LOG_SUFFIX)) {
        fprintf(stderr, "usage: summary-of PREFIX" LOG_SUFFIX " [json]\n");
        return 2;
    }
    if (make(argv[1], argc > 2, &t, &e) < 0) {
        fprintf(stderr, "summary-of: %s\n", e.msg);
        return 1;
    }
    fputs(t.s, stdout);
    text_free(&t);
    return 0;
}
