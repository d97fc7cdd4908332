/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/log.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "audit/hash.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/thread.h"

/* Disk space held in advance, so that the log of a run that filled the disk
 * can still say so. */
#define RESERVE (256 * 1024)

/* ---- the members of one event */

void record_free(struct record *r)
{
    text_free(&r->json);
}

static bool is_name(const char *s)
{
    return *s && !s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-")];
}

static void add_key(struct record *r, const char *key)
{
    assert(is_name(key));
    text_addf(&r->json, ",\"%s\":", key);
}

void record_str(struct record *r, const char *key, const char *value)
{
    add_key(r, key);
    if (value)
        text_add_json(&r->json, value);
    else
        text_add(&r->json, "null");
}

void record_u64(struct record *r, const char *key, uint64_t value)
{
    add_key(r, key);
    text_addf(&r->json, "%" PRIu64, value);
}

void record_i64(struct record *r, const char *key, int64_t value)
{
    add_key(r, key);
    text_addf(&r->json, "%" PRId64, value);
}

void record_double(struct record *r, const char *key, double value)
{
    char buf[40];
    char *comma;

    add_key(r, key);
    if (!isfinite(value)) {
        text_add(&r->json, "null");
        return;
    }
    snprintf(buf, sizeof(buf), "%.12g", value);
    comma = strchr(buf, ','); /* some locales; JSON wants a point */
    if (comma)
        *comma = '.';
    text_add(&r->json, buf);
}

void record_bool(struct record *r, const char *key, bool value)
{
    add_key(r, key);
    text_add(&r->json, value ? "true" : "false");
}

void record_hex(struct record *r, const char *key, const void *data,
                size_t n)
{
    autofree char *hex = malloc(2 * n + 1);

    add_key(r, key);
    if (!hex) {
        r->json.failed = true;
        return;
    }
    hex_encode(hex, data, n);
    text_addf(&r->json, "\"%s\"", hex);
}

void record_time(struct record *r, const char *key, uint64_t wall_ns)
{
    char buf[CLOCK_TEXT];

    record_str(r, key, clock_text(buf, wall_ns));
}

void record_hashes(struct record *r, const struct hashes *h)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            record_hex(r, hash_names[k], h->value[k], hash_sizes[k]);
}

/* A line break between tokens is fine in JSON and fatal in a log of lines. */
void record_json(struct record *r, const char *key, const char *json)
{
    add_key(r, key);
    for (; *json; json++)
        text_addn(&r->json, (unsigned char)*json < 0x20 ? " " : json, 1);
}

/* ---- the file */

struct log {
    char *path;
    const struct clock *clock;
    pthread_mutex_t lock; /* for everything below */
    int fd;
    uint64_t seq;         /* of the last line */
    bool tells_clock;
    uint64_t time;        /* of the last line, wall ns; 0: not known */
    uint64_t size;        /* of the whole lines */
    uint64_t reserved;
    unsigned char head[LOG_HASH];
    struct text line;
    struct err failure;   /* kind ERR_NONE: none so far */
};

static void log_free(struct log *l)
{
    if (l->fd >= 0)
        close(l->fd);
    text_free(&l->line);
    pthread_mutex_destroy(&l->lock);
    free(l->path);
    free(l);
}

/* Not every file system can; then the log has what everybody has. */
static void reserve(struct log *l)
{
    if (l->size + RESERVE / 2 <= l->reserved)
        return;
    if (fallocate(l->fd, FALLOC_FL_KEEP_SIZE, (off_t)l->size, RESERVE) == 0)
        l->reserved = l->size + RESERVE;
}

static struct log *log_new(const char *path, const struct clock *clock,
                           struct err *e)
{
    struct log *l = calloc(1, sizeof(*l));

    if (!l) {
        err_nomem(e);
        return NULL;
    }
    l->fd = -1;
    l->clock = clock;
    pthread_mutex_init(&l->lock, NULL);
    l->path = strdup(path);
    if (l->path)
        return l;
    err_nomem(e);
    log_free(l);
    return NULL;
}

struct log *log_create(const char *path, const struct clock *clock,
                       struct err *e)
{
    struct log *l = log_new(path, clock, e);

    if (!l)
        return NULL;
    if (file_create(path, &l->fd, e) < 0) {
        log_free(l);
        return NULL;
    }
    reserve(l);
    return l;
}

static int go_behind(struct log *l, const struct log_place *at,
                     struct err *e)
{
    if (file_reopen(l->path, &l->fd, e) < 0)
        return -1;
    if (ftruncate(l->fd, (off_t)at->size) < 0
        || lseek(l->fd, 0, SEEK_END) != (off_t)at->size)
        return err_set(e, ERR_DEST, errno, "cannot cut %s", l->path);
    l->seq = at->events;
    l->size = at->size;
    memcpy(l->head, at->head, LOG_HASH);
    return 0;
}

struct log *log_reopen(const char *path, const struct clock *clock,
                       const struct log_place *at, struct err *e)
{
    struct log *l = log_new(path, clock, e);

    if (!l)
        return NULL;
    if (go_behind(l, at, e) < 0) {
        log_free(l);
        return NULL;
    }
    reserve(l);
    return l;
}

void log_tell_clock(struct log *l)
{
    AUTOLOCK(&l->lock);

    l->tells_clock = true;
}

/* Somebody has set the clock back, or a service that keeps it right. */
static void add_clock(struct log *l, uint64_t now)
{
    if (l->tells_clock && now < l->time)
        text_addf(&l->line, ",\"clock_back_ms\":%" PRIu64,
                  (uint64_t)((l->time - now + NS_PER_MS - 1) / NS_PER_MS));
    l->time = now;
}

static int make_line(struct log *l, const char *event,
                     const struct record *r, struct err *e)
{
    char when[CLOCK_TEXT];
    char prev[2 * LOG_HASH + 1];
    struct text *t = &l->line;
    uint64_t now = clock_wall(l->clock);

    assert(is_name(event));
    hex_encode(prev, l->head, LOG_HASH);
    text_clear(t);
    text_addf(t, "{\"seq\":%" PRIu64 ",\"time\":\"%s\",\"event\":\"%s\","
              "\"prev\":\"%s\"", l->seq + 1,
              clock_text(when, now), event, prev);
    if (r && r->json.len)
        text_addn(t, r->json.s, r->json.len);
    add_clock(l, now);
    text_add(t, "}\n");
    if (t->failed || (r && r->json.failed))
        return err_nomem(e);
    if (t->len > LOG_LINE_MAX)
        return err_set(e, ERR_INTERNAL, 0,
                       "event %s is too long for the log (%zu bytes)", event,
                       t->len);
    return 0;
}

/* Back to the last whole line: half a line would spoil the rest for every
 * reader.  Also gives back what reserve() took.  Best effort. */
static void trim(struct log *l)
{
    if (TEMP_FAILURE_RETRY(ftruncate(l->fd, (off_t)l->size)) == 0)
        l->reserved = l->size;
}

static int append(struct log *l, struct err *e)
{
    struct text *t = &l->line;

    if (file_write(l->fd, t->s, t->len, l->path, e) < 0) {
        trim(l);
        return -1;
    }
    hash_sha256(t->s, t->len, l->head);
    l->size += t->len;
    l->seq++;
    reserve(l);
    return 0;
}

/* Whatever failed first is what every later caller hears. */
static int failed(struct log *l, struct err *e)
{
    *e = l->failure;
    return -1;
}

int log_write(struct log *l, const char *event, const struct record *r,
              struct err *e)
{
    AUTOLOCK(&l->lock);

    if (l->failure.kind != ERR_NONE)
        return failed(l, e);
    if (make_line(l, event, r, &l->failure) < 0
        || append(l, &l->failure) < 0)
        return failed(l, e);
    return 0;
}

int log_sync(struct log *l, struct err *e)
{
    AUTOLOCK(&l->lock);

    if (l->failure.kind != ERR_NONE
        || file_sync(l->fd, l->path, &l->failure) < 0)
        return failed(l, e);
    return 0;
}

bool log_failed(struct log *l, struct err *e)
{
    AUTOLOCK(&l->lock);

    return l->failure.kind != ERR_NONE && failed(l, e) < 0;
}

void log_head(struct log *l, unsigned char head[LOG_HASH])
{
    AUTOLOCK(&l->lock);

    memcpy(head, l->head, LOG_HASH);
}

void log_place(struct log *l, struct log_place *out)
{
    AUTOLOCK(&l->lock);

    out->events = l->seq;
    out->size = l->size;
    memcpy(out->head, l->head, LOG_HASH);
}

int log_close(struct log *l, struct err *e)
{
    int r;

    if (!l)
        return 0;
    trim(l);
    r = log_sync(l, e);
    if (r == 0)
        r = file_close(&l->fd, l->path, e);
    log_free(l);
    return r;
}
