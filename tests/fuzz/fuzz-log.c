/* SPDX-License-Identifier: Apache-2.0 */
/* A log.  The input is read as it is, which a broken chain soon ends; and
 * then with each of its lines made the rest of a line that begins as it
 * must, so that what is behind the chain is reached too:
 *
 *   NAME,"key":value ...
 *
 * Whatever the record has then, the rules and the summary must bear.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "audit/run-rules.h"
#include "audit/summary.h"
#include "base/scope.h"
#include "base/text.h"
#include "fuzz.h"

struct seen {
    uint64_t events;
};

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct seen *s = ctx;

    (void)e;
    s->events++;
    MUST(cJSON_IsObject(event));
    MUST(cJSON_GetObjectItemCaseSensitive(event, "seq")->valuedouble
         == (double)s->events);
    MUST(cJSON_GetObjectItemCaseSensitive(event, "event")->valuestring[0]);
    return 0;
}

/* What was taken for a whole log is a number of lines, and the head is the
 * digest of the last. */
static void check_whole(const char *data, size_t size,
                        const struct logcheck *c)
{
    uint64_t lines = 0;
    size_t last = 0;
    unsigned char head[32];

    MUST(size && data[size - 1] == '\n');
    for (size_t i = 0; i < size; i++) {
        lines += data[i] == '\n';
        if (data[i] == '\n' && i + 1 < size)
            last = i + 1;
    }
    hash_sha256(data + last, size - last, head);
    MUST(c->events == lines && memcmp(head, c->head, 32) == 0);
}

/* A line for people moves no cursor; the breaks between lines are ours. */
static void check_summary(const struct run_record *r)
{
    autotext struct text t = TEXT_INIT;

    summary_text(r, &t);
    for (char *line = strtok(t.s, "\n"); line; line = strtok(NULL, "\n"))
        MUST(fuzz_is_shown(line));
    text_clear(&t);
    summary_json(r, r->files, r->nfiles, &t);
    MUST(fuzz_is_utf8(t.s));
}

static void on_finding(void *ctx, const struct run_finding *f)
{
    const struct run_record *r = ctx;

    MUST(f->line <= r->check.events && f->text[0]);
}

static void read_record(const char *path, size_t size, bool whole)
{
    struct run_record r;
    struct err e = ERR_INIT;

    fuzz_count();
    MUST((run_record_read(path, &r, &e) == 0) == whole);
    fuzz_spent_at_most(LOG_LINE_MAX + 64 * 1024 + 256 * size);
    MUST(r.present == whole);
    run_rules_check(&r, &(struct run_judge){ on_finding, &r });
    check_summary(&r);
    run_record_free(&r);
}

static void read_log(const char *data, size_t size)
{
    const char *path = fuzz_file(0, data, size);
    struct logcheck c;
    struct seen seen = { 0 };
    struct err e = ERR_INIT;
    int r;

    fuzz_count();
    r = logcheck_run(path, on_event, &seen, &c, &e);
    fuzz_spent_at_most(LOG_LINE_MAX + 64 * 1024 + 128 * size);
    if (r == 0)
        check_whole(data, size, &c);
    else
        MUST(e.kind == ERR_VERIFY && fuzz_is_shown(e.msg));
    read_record(path, size, r == 0);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree char *text = fuzz_text(data, size);
    autotext struct text log = TEXT_INIT;

    read_log(text, size);
    fuzz_chain(text, size, &log);
    if (log.len)
        read_log(log.s, log.len);
    return 0;
}
