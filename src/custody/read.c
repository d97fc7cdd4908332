/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/custody.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/event.h"
#include "audit/line-ends.h"
#include "audit/run-record.h"
#include "base/json.h"
#include "base/scope.h"
#include "custody/format.h"
#include "custody/proof.h"
#include "seal/read.h"

const char *const custody_words[] = {
    "transfer", "storage", "copy", "verification", NULL,
};

char *custody_path(const struct beside *set)
{
    char *path = beside_path(set, CUSTODY_SUFFIX);
    struct text t = TEXT_INIT;

    if (path)
        return path;
    text_add(&t, set->prefix);
    text_add(&t, CUSTODY_SUFFIX);
    if (t.failed)
        text_free(&t);
    return t.s;
}

/* -------------------------------------------------------------- the lines */

struct reading {
    struct custody *c;
    const char *path;
};

static int bad(const struct reading *r, size_t line, const char *why,
               struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "%s: line %zu: %s", r->path, line, why);
}

/* One more, zeroed; their number has grown by one. */
static void *more(void *list, size_t *n, size_t size, struct err *e)
{
    void **at = list;
    char *bigger = realloc(*at, (*n + 1) * size);

    if (!bigger) {
        err_nomem(e);
        return NULL;
    }
    *at = bigger;
    return memset(bigger + (*n)++ * size, 0, size);
}

/* As the file was when it was taken into memory: it may grow meanwhile. */
static int take_bytes(const struct reading *r, struct custody_line *line,
                      struct err *e)
{
    const struct custody *c = r->c;
    const char *from = c->bytes.s + c->check.size;
    const char *end = c->check.size < c->bytes.len
        ? memchr(from, '\n', c->bytes.len - c->check.size) : NULL;

    if (!end)
        return bad(r, c->nlines, "the file changed while it was read", e);
    line->begin = c->check.size;
    line->end = (size_t)(end + 1 - c->bytes.s);
    return 0;
}

/* --------------------------------------------------------------- what it is */

static int take_begin(struct reading *r, const cJSON *event, struct err *e)
{
    struct custody *c = r->c;
    const char *snapshot = event_text(event, "snapshot");
    uint64_t format;

    if (strcmp(event_name(event), CUSTODY_BEGIN) != 0)
        return bad(r, 1, "is not the beginning of a custody log", e);
    if (!event_number(event, "format", &format) || format != CUSTODY_FORMAT)
        return bad(r, 1, "is of a format that this program does not know",
                   e);
    if (!snapshot || strlen(snapshot) >= sizeof(c->snapshot)
        || !event_number(event, "log_events", &c->log_events)
        || !json_hex(event, "log_head", c->log_head, LOG_HASH))
        return bad(r, 1, "does not say to which acquisition it belongs", e);
    strcpy(c->snapshot, snapshot);
    c->manifest_known = json_hex(event, "manifest_sha256",
                                 c->manifest_sha256, MANIFEST_HASH);
    return 0;
}

static int kind_of(const char *name)
{
    for (int k = 0; k < CUSTODY_KINDS; k++)
        if (strcmp(custody_words[k], name) == 0)
            return k;
    return -1;
}

static int take_entry(struct reading *r, int kind, const cJSON *event,
                      struct err *e)
{
    struct custody *c = r->c;
    const cJSON *is_signed = json_member(event, "signed");
    struct custody_entry *x;
    uint64_t stamps;

    if (!cJSON_IsBool(is_signed) || !event_number(event, "stamps", &stamps)
        || stamps > CUSTODY_STAMPS_MAX)
        return bad(r, c->nlines, "does not say whether it was to be signed",
                   e);
    x = more(&c->entries, &c->nentries, sizeof(*x), e);
    if (!x)
        return -1;
    x->kind = (enum custody_kind)kind;
    x->line = c->nlines;
    x->to_sign = cJSON_IsTrue(is_signed);
    x->stamps_wanted = stamps;
    return 0;
}

/* The entry that a proof in the last line can belong to. */
static struct custody_entry *last_entry(struct custody *c)
{
    return c->nentries ? &c->entries[c->nentries - 1] : NULL;
}

static int take_signature(struct reading *r, struct err *e)
{
    struct custody_entry *x = last_entry(r->c);
    size_t line = r->c->nlines;

    if (!x || !x->to_sign || x->line + 1 != line)
        return bad(r, line, "is a signature that belongs to no entry", e);
    x->signature = line;
    return 0;
}

static int take_stamp(struct reading *r, struct err *e)
{
    struct custody_entry *x = last_entry(r->c);
    size_t line = r->c->nlines;

    if (!x || !x->signature || x->signature + x->nstamps + 1 != line
        || x->nstamps == x->stamps_wanted)
        return bad(r, line, "is a time stamp that belongs to no signature",
                   e);
    if (!x->nstamps)
        x->stamp = line;
    x->nstamps++;
    return 0;
}

static int take(struct reading *r, const cJSON *event, struct err *e)
{
    const char *name = event_name(event);
    int kind = kind_of(name);

    if (r->c->nlines == 1)
        return take_begin(r, event, e);
    if (kind >= 0)
        return take_entry(r, kind, event, e);
    if (strcmp(name, CUSTODY_SIGNATURE) == 0)
        return take_signature(r, e);
    if (strcmp(name, CUSTODY_STAMP) == 0)
        return take_stamp(r, e);
    return bad(r, r->c->nlines, "is an event that no custody log has", e);
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct reading *r = ctx;
    struct custody *c = r->c;
    struct custody_line *line = more(&c->lines, &c->nlines, sizeof(*line), e);

    if (!line)
        return -1;
    line->event = cJSON_Duplicate(event, true);
    if (!line->event)
        return err_nomem(e);
    if (take_bytes(r, line, e) < 0)
        return -1;
    return take(r, event, e);
}

/* ------------------------------------------------------------------- all */

/* The bytes that were kept are those whose chain was checked. */
static int check_bytes(const struct reading *r, struct err *e)
{
    const struct custody *c = r->c;
    unsigned char head[LOG_HASH];
    size_t n;
    const char *last = custody_bytes(c, c->nlines, &n);

    hash_sha256(last, n, head);
    if (c->check.size != c->bytes.len
        || memcmp(head, c->check.head, LOG_HASH) != 0)
        return bad(r, c->nlines, "the file changed while it was read", e);
    return 0;
}

int custody_read(const char *path, struct custody *out, struct err *e)
{
    struct reading r = { out, path };

    memset(out, 0, sizeof(*out));
    if (seal_slurp(path, CUSTODY_LIMIT, &out->bytes, e) < 0)
        return err_in(e, "%s", path);
    if (out->bytes.s)
        out->bytes.len = line_ends_undo((unsigned char *)out->bytes.s,
                                        out->bytes.len, -1);
    if (logcheck_read(path, on_event, &r, &out->check, e) < 0)
        return -1;
    return check_bytes(&r, e);
}

void custody_free(struct custody *c)
{
    for (size_t i = 0; i < c->nlines; i++)
        cJSON_Delete(c->lines[i].event);
    free(c->lines);
    free(c->entries);
    text_free(&c->bytes);
    memset(c, 0, sizeof(*c));
}

const char *custody_text(const struct custody *c, size_t line,
                         const char *key)
{
    return event_text(c->lines[line - 1].event, key);
}

const char *custody_bytes(const struct custody *c, size_t line, size_t *n)
{
    const struct custody_line *l = &c->lines[line - 1];

    *n = l->end - l->begin;
    return c->bytes.s + l->begin;
}

int custody_check_origin(const struct custody *c, const struct run_record *r,
                         struct err *e)
{
    char head[2 * LOG_HASH + 1];

    hex_encode(head, c->log_head, LOG_HASH);
    if (memcmp(c->log_head, r->check.head, LOG_HASH) != 0
        || c->log_events != r->check.events
        || strcmp(c->snapshot, r->snapshot) != 0)
        return err_set(e, ERR_VERIFY, 0, "line 1: belongs to another "
                       "acquisition: of %s, whose log has the head %s after "
                       "%" PRIu64 " events", c->snapshot, head,
                       c->log_events);
    if (c->manifest_known != r->manifest_known
        || (c->manifest_known
            && memcmp(c->manifest_sha256, r->manifest_sha256,
                      MANIFEST_HASH) != 0))
        return err_set(e, ERR_VERIFY, 0, "line 1: names another manifest "
                       "than the log");
    return 0;
}
