/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/tell-reader.h"

#include <inttypes.h>
#include <string.h>

#include "base/block.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"

#define INDENT 4u
#define RANGES_SHOWN 24u
#define RANGES_CSV 1000u
#define RANGES_JSON 100000u

static const char *time_of(char *buf, uint64_t seconds)
{
    char *dot;

    if (!seconds)
        return "";
    dot = strchr(clock_text(buf, seconds * NS_PER_S), '.');
    if (dot)
        strcpy(dot, "Z");
    return buf;
}

/* ------------------------------------------------------------------ people */

void reader_ranges(const struct marks *m, size_t most, struct text *t)
{
    uint64_t first = 0, last, more = 0;

    for (size_t n = 0; marks_range(m, &first, &last); n++, first = last + 1) {
        if (n >= most)
            more++;
        else if (first == last)
            text_addf(t, "%s%" PRIu64, n ? " " : "", first);
        else
            text_addf(t, "%s%" PRIu64 "-%" PRIu64, n ? " " : "", first,
                      last);
    }
    if (more)
        text_addf(t, " and %" PRIu64 " ranges more", more);
}

static void add_got(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;
    uint64_t answers = r->calls[READING_GET] - r->failed[READING_GET];
    char volume[32], bytes[32], rate[32];

    if (!answers)
        text_add(&s, "no block");
    else
        text_addf(&s, "%" PRIu64 " blocks, %s of the volume; %" PRIu64
                  " answers, %s", r->blocks.count,
                  size_text(volume, r->blocks.count * BLOCK_SIZE), answers,
                  size_text(bytes, reader_bytes(r)));
    if (answers && reader_has_rate(r))
        text_addf(&s, ", %s a second", size_text(rate, reader_rate(r)));
    l->t.failed |= s.failed;
    lines_add(l, INDENT, "got", s.s ? s.s : "");
}

/* What it had is told only where it is known what there is. */
static void add_complete(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;

    if (!r->blocks.count)
        return;
    if (!r->stored_known)
        text_add(&s, "not known: CloudTrail does not tell which blocks the "
                     "snapshot stores");
    else if (r->stored_got == r->stored)
        text_addf(&s, "yes: each of the %" PRIu64 " stored blocks",
                  r->stored);
    else
        text_addf(&s, "no: %" PRIu64 " of %" PRIu64 " stored blocks",
                  r->stored_got, r->stored);
    l->t.failed |= s.failed;
    lines_add(l, INDENT, "complete", s.s ? s.s : "");
}

static void add_blocks(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;

    reader_ranges(&r->blocks, RANGES_SHOWN, &s);
    l->t.failed |= s.failed;
    lines_add(l, INDENT, "blocks", s.s ? s.s : "");
}

static void add_calls(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;

    for (int c = 0; c < READING_CALLS; c++) {
        if (!r->calls[c])
            continue;
        text_addf(&s, "%s%s %" PRIu64, s.len ? ", " : "",
                  reading_name((enum reading_call)c), r->calls[c]);
        if (r->failed[c])
            text_addf(&s, " (failed: %" PRIu64 ")", r->failed[c]);
    }
    if (r->shared)
        text_addf(&s, "; of %" PRIu64 " another account has a record, too",
                  r->shared);
    l->t.failed |= s.failed;
    lines_add(l, INDENT, "calls", s.s ? s.s : "");
}

static void add_when(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;
    char first[CLOCK_TEXT], last[CLOCK_TEXT];

    if (!r->first)
        text_add(&s, "not told");
    else if (r->first == r->last)
        text_add(&s, time_of(first, r->first));
    else
        text_addf(&s, "%s to %s", time_of(first, r->first),
                  time_of(last, r->last));
    l->t.failed |= s.failed;
    lines_add(l, INDENT, "when", s.s ? s.s : "");
}

static void add_few(const struct few *f, const char *label, struct lines *l)
{
    autotext struct text s = TEXT_INIT;

    for (size_t i = 0; i < f->n; i++)
        text_addf(&s, "%s%s (%" PRIu64 ")", i ? ", " : "", f->rows[i].text,
                  f->rows[i].count);
    if (f->others)
        text_addf(&s, ", others (%" PRIu64 ")", f->others);
    l->t.failed |= s.failed;
    lines_add(l, INDENT, label, s.s ? s.s : "");
}

static void add_who(const struct reader *r, struct lines *l)
{
    autotext struct text s = TEXT_INIT;

    text_add(&s, r->who[0] ? r->who : "a caller that is not told");
    if (r->type[0] && strcmp(r->type, r->who) != 0)
        text_addf(&s, " (%s%s%s)", r->type, r->account[0] ? " of " : "",
                  r->account);
    l->t.failed |= s.failed;
    lines_add(l, 2, "", s.s ? s.s : "");
}

void reader_lines(const struct reader *r, struct lines *l)
{
    add_who(r, l);
    add_got(r, l);
    add_complete(r, l);
    add_blocks(r, l);
    add_calls(r, l);
    add_when(r, l);
    add_few(&r->addresses, "from", l);
    if (r->addresses.others)
        add_few(&r->networks, "networks", l);
    add_few(&r->endpoints, "endpoint", l);
    add_few(&r->agents, "with", l);
    add_few(&r->keys, "keys", l);
    add_few(&r->regions, "region", l);
    add_few(&r->errors, "errors", l);
}

/* -------------------------------------------------------------------- JSON */

static void put_few(struct text *t, const char *name, const struct few *f)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < f->n; i++) {
        json_open(t, NULL, '{');
        json_put_text(t, "value", f->rows[i].text);
        json_put_u64(t, "records", f->rows[i].count);
        json_close(t, '}');
    }
    if (f->others) {
        json_open(t, NULL, '{');
        json_put_null(t, "value");
        json_put_u64(t, "records", f->others);
        json_close(t, '}');
    }
    json_close(t, ']');
}

static void put_ranges(struct text *t, const struct marks *m)
{
    uint64_t first = 0, last, more = 0;
    size_t n = 0;

    json_open(t, "ranges", '[');
    for (; marks_range(m, &first, &last); first = last + 1) {
        if (n++ >= RANGES_JSON) {
            more++;
            continue;
        }
        json_open(t, NULL, '[');
        json_put_u64(t, NULL, first);
        json_put_u64(t, NULL, last);
        json_close(t, ']');
    }
    json_close(t, ']');
    json_put_u64(t, "ranges_left_out", more);
}

static void put_calls(struct text *t, const struct reader *r)
{
    json_open(t, "calls", '{');
    for (int c = 0; c < READING_CALLS; c++) {
        json_open(t, reading_name((enum reading_call)c), '{');
        json_put_u64(t, "records", r->calls[c]);
        json_put_u64(t, "failed", r->failed[c]);
        json_close(t, '}');
    }
    json_close(t, '}');
}

static void put_told(struct text *t, const char *name, const char *value)
{
    json_put_text(t, name, *value ? value : NULL);
}

static void put_complete(struct text *t, const struct reader *r)
{
    if (!r->stored_known) {
        json_put_null(t, "complete");
        return;
    }
    json_put_bool(t, "complete", r->stored_got == r->stored);
    json_put_u64(t, "stored", r->stored);
    json_put_u64(t, "stored_got", r->stored_got);
}

void reader_json(const struct reader *r, struct text *t)
{
    char buf[CLOCK_TEXT];

    json_open(t, NULL, '{');
    put_told(t, "snapshot", r->thing);
    put_told(t, "principal", r->who);
    put_told(t, "type", r->type);
    put_told(t, "account", r->account);
    put_calls(t, r);
    json_put_u64(t, "shared_records", r->shared);
    json_put_u64(t, "blocks", r->blocks.count);
    json_put_u64(t, "blocks_left_out", r->blocks.left_out + r->odd);
    json_put_u64(t, "bytes", reader_bytes(r));
    if (reader_has_rate(r))
        json_put_u64(t, "bytes_per_second", reader_rate(r));
    else
        json_put_null(t, "bytes_per_second");
    put_complete(t, r);
    put_told(t, "first", time_of(buf, r->first));
    put_told(t, "last", time_of(buf, r->last));
    put_ranges(t, &r->blocks);
    put_few(t, "addresses", &r->addresses);
    put_few(t, "networks", &r->networks);
    put_few(t, "vpc_endpoints", &r->endpoints);
    put_few(t, "user_agents", &r->agents);
    put_few(t, "access_keys", &r->keys);
    put_few(t, "regions", &r->regions);
    put_few(t, "errors", &r->errors);
    json_close(t, '}');
}

/* --------------------------------------------------------------------- CSV */

void reader_csv_names(struct text *t)
{
    text_add(t, "snapshot,principal,type,account,gets,gets_failed,lists,"
                "lists_failed,changed,changed_failed,decrypts,"
                "decrypts_failed,blocks,bytes,bytes_per_second,complete,"
                "first,last,ranges,addresses,user_agents,access_keys,"
                "errors\r\n");
}

static void add_cell_few(struct text *t, const struct few *f)
{
    autotext struct text s = TEXT_INIT;

    for (size_t i = 0; i < f->n; i++)
        text_addf(&s, "%s%s (%" PRIu64 ")", i ? "; " : "", f->rows[i].text,
                  f->rows[i].count);
    if (f->others)
        text_addf(&s, "; others (%" PRIu64 ")", f->others);
    t->failed |= s.failed;
    csv_add(t, s.s ? s.s : "");
}

static void add_cell(struct text *t, const char *s)
{
    csv_add(t, s);
    text_add(t, ",");
}

static void add_cell_ranges(struct text *t, const struct marks *m)
{
    autotext struct text s = TEXT_INIT;

    reader_ranges(m, RANGES_CSV, &s);
    t->failed |= s.failed;
    add_cell(t, s.s ? s.s : "");
}

void reader_csv(const struct reader *r, struct text *t)
{
    const struct few *const lists[] = { &r->addresses, &r->agents, &r->keys,
                                        &r->errors };
    char buf[CLOCK_TEXT];

    add_cell(t, r->thing);
    add_cell(t, r->who);
    add_cell(t, r->type);
    add_cell(t, r->account);
    for (int c = 0; c < READING_CALLS; c++)
        text_addf(t, "%" PRIu64 ",%" PRIu64 ",", r->calls[c], r->failed[c]);
    text_addf(t, "%" PRIu64 ",%" PRIu64 ",", r->blocks.count,
              reader_bytes(r));
    if (reader_has_rate(r))
        text_addf(t, "%" PRIu64, reader_rate(r));
    text_add(t, ",");
    add_cell(t, !r->stored_known ? "unknown"
                : r->stored_got == r->stored ? "true" : "false");
    add_cell(t, time_of(buf, r->first));
    add_cell(t, time_of(buf, r->last));
    add_cell_ranges(t, &r->blocks);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        text_add(t, i ? "," : "");
        add_cell_few(t, lists[i]);
    }
    text_add(t, "\r\n");
}
