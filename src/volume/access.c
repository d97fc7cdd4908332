/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/access.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "volume/volume.h"

struct access {
    struct log *log;
    _Atomic uint64_t blocks, lost;
    bool ended;
};

static void add_keys(struct record *r, const struct volume *v)
{
    const struct service *s = &v->service;

    record_str(r, "access_key_id", s->settings.credentials.access_key_id);
    service_record(s->aws, &s->settings, r);
}

static int say_what(struct access *a, const struct volume *v, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "tool", "ebsimg");
    record_str(&r, "version", PACKAGE_VERSION);
    record_str(&r, v->is_snapshot ? "snapshot" : "image", v->name);
    if (v->is_snapshot)
        add_keys(&r, v);
    return log_write(a->log, "access", &r, e);
}

struct access *access_open(const char *path, const struct volume *v,
                           struct err *e)
{
    struct access *a = calloc(1, sizeof(*a));
    struct err ignored = ERR_INIT;

    if (!a) {
        err_nomem(e);
        return NULL;
    }
    a->log = log_create(path, &clock_system, e);
    if (a->log && say_what(a, v, e) == 0)
        return a;
    log_close(a->log, &ignored);
    free(a);
    return NULL;
}

int access_source(struct access *a, const struct volume *v, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "volume_size", v->size);
    record_u64(&r, "block_size", BLOCK_SIZE);
    if (v->stored)
        record_u64(&r, "stored", blockset_count(v->stored));
    record_u64(&r, "list_calls", v->list_calls);
    return log_write(a->log, "source", &r, e);
}

int access_kept(struct access *a, const char *log,
                const unsigned char head[LOG_HASH], uint64_t blocks,
                struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "log", file_name(log));
    record_hex(&r, "log_head", head, LOG_HASH);
    record_u64(&r, "blocks", blocks);
    return log_write(a->log, "kept", &r, e);
}

int access_dropped(struct access *a, uint32_t index, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", index);
    return log_write(a->log, "dropped", &r, e);
}

int access_sample(struct access *a, uint64_t blocks, uint64_t seed,
                  struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    char hex[20];

    snprintf(hex, sizeof(hex), "%016" PRIx64, seed);
    record_u64(&r, "blocks", blocks);
    record_str(&r, "seed", hex);
    return log_write(a->log, "sample", &r, e);
}

int access_read(struct access *a, const struct slot *s, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_str(&r, "request_id", s->request_id);
    record_hex(&r, "sha256", s->sha256, sizeof(s->sha256));
    record_time(&r, "arrived", s->time);
    record_u64(&r, "attempts", s->attempts);
    a->blocks++;
    return log_write(a->log, "read", &r, e);
}

void access_lost(struct access *a, const struct slot *s,
                 const struct err *why)
{
    autorecord struct record r = RECORD_INIT;
    struct err kept = ERR_INIT; /* by the log */

    record_u64(&r, "block", slot_index(s));
    record_str(&r, "reason", why->msg);
    record_str(&r, "code", why->code);
    record_u64(&r, "http_status", (uint64_t)why->http_status);
    record_str(&r, "request_id", s->request_id);
    record_u64(&r, "attempts", s->attempts);
    a->lost++;
    log_write(a->log, "lost", &r, &kept);
}

int access_check(struct access *a, struct err *e)
{
    return log_failed(a->log, e) ? -1 : 0;
}

static int say_end(struct access *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "blocks", a->blocks);
    record_u64(&r, "lost", a->lost);
    a->ended = true;
    return log_write(a->log, "end", &r, e);
}

int access_end(struct access *a, struct access_sum *out, struct err *e)
{
    if (say_end(a, e) < 0)
        return -1;
    out->blocks = a->blocks;
    out->lost = a->lost;
    log_head(a->log, out->head);
    return 0;
}

int access_close(struct access *a, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r;

    if (!a)
        return 0;
    r = a->ended ? 0 : say_end(a, e);
    if (log_close(a->log, r < 0 ? &ignored : e) < 0)
        r = -1;
    free(a);
    return r;
}
