/* SPDX-License-Identifier: Apache-2.0 */
/* What a disk holds, as the rules of a scan see it, and as a file of rules:
 * nothing is found outside of it, texts of two bytes a character lie where they
 * are said to, and what is no rule is refused. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "scan/scan.h"
#include "scan/wide.h"

static struct engine_lane *lane;
static struct rules rules;

/* Once; it is never freed, which a pointer from here makes no leak. */
static void start(void)
{
    static const struct scan_options opt;
    static struct engine *engine;
    struct yara *yara;
    unsigned char sha256[32];
    struct err e = ERR_INIT;

    if (engine || strcmp(engine_versions(), "none") == 0)
        return;
    MUST(scan_read_rules(&opt, &rules, &yara, sha256, &e) == 0);
    MUST((engine = engine_new(&rules, &e)));
    MUST((lane = engine_lane_new(engine, &e)));
}

static int take(void *ctx, const struct found *f, struct err *e)
{
    size_t n = *(const size_t *)ctx;

    (void)e;
    MUST(f->rule < rules.count);
    MUST(f->start < f->end && f->end <= n);
    MUST(f->end - f->start <= ENGINE_MATCH_MAX);
    MUST(f->secret_len && f->secret <= n && f->secret_len <= n - f->secret);
    MUST(f->subject <= n && f->subject_len <= n - f->subject);
    return 0;
}

static void scan(const unsigned char *bytes, size_t n)
{
    struct err e = ERR_INIT;

    if (lane)
        MUST(engine_scan(lane, bytes, n, take, &n, &e) == 0);
}

static void check_narrow(const uint8_t *data, size_t at,
                         const unsigned char *narrow, size_t len)
{
    for (size_t i = 0; i < len; i++)
        MUST(narrow[i] && data[at + 2 * i] == narrow[i]
             && data[at + 2 * i + 1] == 0);
}

static void scan_wide(const uint8_t *data, size_t size,
                      unsigned char *narrow)
{
    size_t at = 0;
    size_t end = 0;
    size_t len;

    while (wide_next(data, size, &at, narrow, &len)) {
        MUST(at >= end && len >= WIDE_SHORTEST && len <= (size - at) / 2);
        check_narrow(data, at, narrow, len);
        scan(narrow, len);
        at += 2 * len;
        end = at;
    }
}

static void scan_lines(const uint8_t *data, size_t size,
                       unsigned char *text)
{
    wide_end_lines(text, data, size);
    for (size_t i = 0; i < size; i++)
        MUST(data[i] ? text[i] == data[i] : !text[i] || text[i] == '\n');
    scan(text, size);
}

static void read_rules(const uint8_t *data, size_t size)
{
    struct rules r = { 0 };
    struct err e = ERR_INIT;

    if (rules_read(&r, (const char *)data, size, "fuzz", &e) < 0)
        MUST(e.kind == ERR_USAGE && fuzz_is_shown(e.msg));
    for (size_t i = 0; e.kind == ERR_NONE && i < r.count; i++)
        MUST(r.list[i].pattern && r.list[i].title && r.list[i].entropy >= 0);
    rules_free(&r);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    unsigned char *room = malloc(size + 1);

    start();
    scan_wide(data, size, room);
    scan_lines(data, size, room);
    read_rules(data, size);
    free(room);
    return 0;
}
