/* SPDX-License-Identifier: Apache-2.0 */
/* The result on standard output: a table, CSV, or a JSON object a line.
 * Nothing in it is a whole secret. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "base/text.h"
#include "scan/cost.h"
#include "scan/limits.h"
#include "scan/scan.h"

/* How one thing is written; all into `t'. */
struct format {
    void (*begin)(const struct scan *s, struct text *t);
    void (*hit)(const struct scan *s, const struct hit *h, struct text *t);
    void (*end)(const struct scan *s, const struct notes *limits,
                struct text *t);
};

static const char *const encodings[] = {
    [HIT_ASCII] = "ascii", [HIT_UTF16LE] = "utf-16le", [HIT_BYTES] = "bytes",
};

static char letter(unsigned side)
{
    return (char)('A' + side);
}

/* What of a secret may be seen. */
static const char *redacted(const struct hit *h, char buf[64])
{
    snprintf(buf, 64, "%s...(%" PRIu32 "%s)", h->shown, h->characters,
             h->cut ? "+" : "");
    return buf;
}

static bool is_told(const struct scan *s, const struct hit *h)
{
    return !h->hidden && (h->state != HIT_UNCHANGED || s->opt->all);
}

/* ------------------------------------------------------------------ table */

static void table_begin(const struct scan *s, struct text *t)
{
    for (unsigned i = 0; i < s->nsides; i++) {
        text_addf(t, "%c  ", (int)letter(i));
        text_add_shown(t, s->sides[i].volume->name);
        text_addf(t, "  %" PRIu64 " bytes\n", s->sides[i].volume->size);
    }
    text_addf(t, "\n%-9s %-4s %16s %8s  %-8s %-28s %-16s %s\n", "state",
              "side", "offset", "block", "encoding", "rule", "secret",
              "of / SHA-256 of the secret");
}

static void table_hit(const struct scan *s, const struct hit *h,
                      struct text *t)
{
    char hex[65];
    char buf[64];

    hex_encode(hex, h->sha256, sizeof(h->sha256));
    text_addf(t, "%-9s %-4c %16" PRIu64 " %8" PRIu64 "  %-8s ",
              hit_state_names[h->state], (int)letter(h->side), h->offset,
              h->offset / BLOCK_SIZE, encodings[h->encoding]);
    text_addf(t, "%-28s %-16s ", scan_rule_id(s, h->rule),
              redacted(h, buf));
    if (h->subject)
        text_addf(t, "%s  ", h->subject);
    text_addf(t, "%s", hex);
    if (h->state == HIT_MOVED)
        text_addf(t, "  from %" PRIu64, h->other);
    text_add(t, "\n");
}

static void add_cost(const struct scan *s, struct text *t)
{
    struct cost c = cost_of(s);
    char size[32];

    if (!c.service)
        return;
    text_addf(t, "Fetched %" PRIu64 " blocks (%s), each checked, with %"
              PRIu64 " requests: at most %.4f USD.\n", c.blocks,
              size_text(size, c.blocks * BLOCK_SIZE), c.requests, c.usd);
}

static void add_summary(const struct scan *s, const struct notes *limits,
                        struct text *t)
{
    char size[32];
    char hex[65];
    uint64_t told = 0;

    for (int i = 0; i < HIT_STATES; i++)
        told += i == HIT_UNCHANGED ? 0 : s->hits.states[i];
    text_addf(t, "%" PRIu64 " hit%s", told, told == 1 ? "" : "s");
    for (int i = 0; i < HIT_STATES; i++)
        if (s->hits.states[i] && s->nsides == 2)
            text_addf(t, ", %s %" PRIu64, hit_state_names[i],
                      s->hits.states[i]);
    text_addf(t, " in %" PRIu64 " blocks (%s scanned) by %zu rules.\n",
              blockset_count(s->core), size_text(size, s->scanned),
              s->rules.count + yara_rules(s->yara));
    hex_encode(hex, s->rules_sha256, sizeof(s->rules_sha256));
    text_addf(t, "SHA-256 of the rules: %s; %s%s%s.\n", hex,
              engine_versions(), s->yara ? ", " : "",
              s->yara ? yara_version() : "");
    add_cost(s, t);
    text_add(t, told ? "A scan does not see everything:\n"
                     : "That nothing was found does not mean that nothing is "
                       "there:\n");
    for (size_t i = 0; i < limits->count; i++) {
        text_add(t, " - ");
        text_add_shown(t, limits->list[i]);
        text_add(t, ".\n");
    }
}

static void table_end(const struct scan *s, const struct notes *limits,
                      struct text *t)
{
    text_add(t, "\n");
    add_summary(s, limits, t);
}

/* -------------------------------------------------------------------- CSV */

/* A spreadsheet would take some of these for a formula. */
static void csv_field(struct text *t, const char *s)
{
    text_add(t, ",\"");
    if (*s && strchr("=+-@", *s))
        text_add(t, "'");
    for (; *s; s++)
        text_addn(t, *s == '"' ? "\"\"" : s, *s == '"' ? 2 : 1);
    text_add(t, "\"");
}

static void csv_begin(const struct scan *s, struct text *t)
{
    (void)s;
    text_add(t, "state,side,offset,length,block,from,encoding,rule,subject,"
             "secret,sha256\n");
}

static void csv_hit(const struct scan *s, const struct hit *h,
                    struct text *t)
{
    char hex[65];
    char buf[64];

    text_addf(t, "%s,%c,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",",
              hit_state_names[h->state], (int)letter(h->side), h->offset,
              h->length, h->offset / BLOCK_SIZE);
    if (h->state == HIT_MOVED)
        text_addf(t, "%" PRIu64, h->other);
    text_addf(t, ",%s", encodings[h->encoding]);
    csv_field(t, scan_rule_id(s, h->rule));
    csv_field(t, h->subject ? h->subject : "");
    csv_field(t, redacted(h, buf));
    hex_encode(hex, h->sha256, sizeof(h->sha256));
    text_addf(t, ",%s\n", hex);
}

/* Standard output has nothing but rows. */
static void csv_end(const struct scan *s, const struct notes *limits,
                    struct text *t)
{
    autotext struct text words = TEXT_INIT;

    (void)t;
    add_summary(s, limits, &words);
    fputs(words.failed ? "what was not scanned is not told: out of memory\n"
                       : words.s, stderr);
}

/* ------------------------------------------------------------------- JSON */

static void put_hex(struct text *t, const char *name,
                    const unsigned char sha256[32])
{
    char hex[65];

    hex_encode(hex, sha256, 32);
    json_put_text(t, name, hex);
}

static void json_begin(const struct scan *s, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "sides");
    for (unsigned i = 0; i < s->nsides; i++) {
        const struct volume *v = s->sides[i].volume;
        const char name[] = { letter(i), 0 };

        json_open(t, name, '{');
        json_put_text(t, "name", v->name);
        json_put_text(t, "type", v->is_snapshot ? "snapshot" : "image");
        json_put_u64(t, "size", v->size);
        json_put_text(t, "rests_on", diff_basis_name(&s->diff.sides[i]));
        json_close(t, '}');
    }
    json_put_bool(t, "listed", s->diff.listed);
    json_put_u64(t, "rules", s->rules.count);
    put_hex(t, "rules_sha256", s->rules_sha256);
    json_put_text(t, "engine", engine_versions());
    json_close(t, '}');
    text_add(t, "\n");
}

static void json_hit(const struct scan *s, const struct hit *h,
                     struct text *t)
{
    const char side[] = { letter(h->side), 0 };

    json_open(t, NULL, '{');
    json_put_text(t, "what", "hit");
    json_put_text(t, "state", hit_state_names[h->state]);
    json_put_text(t, "side", side);
    json_put_u64(t, "offset", h->offset);
    json_put_u64(t, "length", h->length);
    json_put_u64(t, "block", h->offset / BLOCK_SIZE);
    if (h->state == HIT_MOVED)
        json_put_u64(t, "from", h->other);
    json_put_text(t, "encoding", encodings[h->encoding]);
    json_put_text(t, "rule", scan_rule_id(s, h->rule));
    json_put_text(t, "title", scan_rule_title(s, h->rule));
    if (h->subject)
        json_put_text(t, "subject", h->subject);
    json_put_text(t, "begins", h->shown);
    json_put_u64(t, "characters", h->characters);
    if (h->cut)
        json_put_bool(t, "cut", true);
    put_hex(t, "sha256", h->sha256);
    json_close(t, '}');
    text_add(t, "\n");
}

static void json_counts(const struct scan *s, struct text *t)
{
    struct cost c = cost_of(s);

    json_put_u64(t, "blocks", blockset_count(s->core));
    json_put_u64(t, "equal_blocks", s->equal);
    json_put_u64(t, "unreadable_blocks", scan_lost_blocks(s));
    json_put_u64(t, "scanned_bytes", s->scanned);
    json_put_seconds(t, "cpu_seconds", s->cpu_ns);
    if (!c.service)
        return;
    json_put_u64(t, "fetched_blocks", c.blocks);
    json_put_u64(t, "fetched_bytes", c.blocks * BLOCK_SIZE);
    json_put_u64(t, "requests", c.requests);
    json_put_u64(t, "micro_usd", (uint64_t)(c.usd * 1e6 + 0.999));
}

static void json_end(const struct scan *s, const struct notes *limits,
                     struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "summary");
    json_open(t, "hits", '{');
    for (int i = 0; i < HIT_STATES; i++)
        if ((i == HIT_FOUND) == (s->nsides == 1))
            json_put_u64(t, hit_state_names[i], s->hits.states[i]);
    json_close(t, '}');
    json_counts(s, t);
    json_open(t, "not_looked_into", '[');
    for (size_t i = 0; i < limits->count; i++)
        json_put_text(t, NULL, limits->list[i]);
    json_close(t, ']');
    json_put_bool(t, "complete", true);
    json_close(t, '}');
    text_add(t, "\n");
}

/* --------------------------------------------------------------------- all */

static const struct format formats[] = {
    { table_begin, table_hit, table_end },
    { csv_begin, csv_hit, csv_end },
    { json_begin, json_hit, json_end },
};

static int flush(struct text *t, struct err *e)
{
    if (t->failed)
        return err_nomem(e);
    if (t->len)
        fwrite(t->s, 1, t->len, stdout);
    text_clear(t);
    if (ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int show_all(const struct scan *s, const struct notes *limits,
                    struct err *e)
{
    const struct format *f = &formats[s->opt->csv ? 1 : s->opt->json ? 2 : 0];
    autotext struct text t = TEXT_INIT;

    f->begin(s, &t);
    for (size_t i = 0; i < s->hits.count; i++) {
        if (!is_told(s, &s->hits.list[i]))
            continue;
        f->hit(s, &s->hits.list[i], &t);
        if (flush(&t, e) < 0)
            return -1;
    }
    f->end(s, limits, &t);
    return flush(&t, e);
}

int scan_show(const struct scan *s, struct err *e)
{
    struct notes limits = { 0 };
    int r = limits_add(s, &limits, e);

    if (r == 0)
        r = show_all(s, &limits, e);
    notes_free(&limits);
    return r;
}
