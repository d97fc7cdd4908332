/* SPDX-License-Identifier: Apache-2.0 */
/* The acquisition log: one event a line, each line a JSON object, chained by
 * hashes, readable and checkable without this program (see
 * doc/log-format.md).
 *
 * Every line begins with the same keys in the same order:
 *   {"seq":N,"time":"...Z","event":"NAME","prev":"HEX", ...}\n
 * and `prev' is the SHA-256 of the whole line before it, its newline
 * included (64 zeros in the first line); N is the number of the line, from 1.
 * So `sha256sum' of a line is what the next one must quote, and the hash of
 * the last line, the head, commits to the whole log.
 *
 * Writing is safe from every thread.  A write that fails is kept: from then
 * on log_write() fails and log_failed() tells; a log that cannot be written
 * must stop the run. */
#ifndef EBSIMG_AUDIT_LOG_H
#define EBSIMG_AUDIT_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"

/* The members of an event beyond the four, in the order added.  Strings may
 * come from anywhere: they are escaped.  Secrets must never be added. */
struct record {
    struct text json; /* ,"key":value,"key":value */
};

#define RECORD_INIT { TEXT_INIT }
#define autorecord __attribute__((cleanup(record_free)))

void record_free(struct record *r);
/* A NULL is written as null. */
void record_str(struct record *r, const char *key, const char *value);
void record_u64(struct record *r, const char *key, uint64_t value);
void record_i64(struct record *r, const char *key, int64_t value);
void record_double(struct record *r, const char *key, double value);
void record_bool(struct record *r, const char *key, bool value);
void record_hex(struct record *r, const char *key, const void *data,
                size_t n);
void record_time(struct record *r, const char *key, uint64_t wall_ns);
/* Each digest that is there, under its name. */
void record_hashes(struct record *r, const struct hashes *h);
/* `json' is finished JSON made by us (an array, an object); line breaks in
 * it become spaces. */
void record_json(struct record *r, const char *key, const char *json);

struct log;

#define LOG_HASH 32

/* Bytes of one line at most, its newline included; a longer event is an
 * error, because no reader would take it. */
#define LOG_LINE_MAX (1024 * 1024)

/* Creates `path' (it must not exist). */
struct log *log_create(const char *path, const struct clock *clock,
                       struct err *e);

/* From now on a line whose time is before that of the line before says by how
 * much: its last member is then clock_back_ms. */
void log_tell_clock(struct log *l);

/* Appends one event; `r' may be NULL.  Reaches the operating system before
 * it returns, the disk with log_sync() only. */
int log_write(struct log *l, const char *event, const struct record *r,
              struct err *e);
int log_sync(struct log *l, struct err *e);
bool log_failed(struct log *l, struct err *e);

/* SHA-256 of the last line so far; zeros before the first. */
void log_head(struct log *l, unsigned char head[LOG_HASH]);

/* Where a log stands: enough to prove later that it begins as it did then,
 * and to go on with it. */
struct log_place {
    uint64_t events;
    uint64_t size;                /* bytes of these lines */
    unsigned char head[LOG_HASH]; /* of the last one */
};

void log_place(struct log *l, struct log_place *out);

/* Goes on with a log behind its line at->events, as logcheck_run() found it;
 * what stands behind that line is cut off. */
struct log *log_reopen(const char *path, const struct clock *clock,
                       const struct log_place *at, struct err *e);

/* Syncs and closes; frees in every case.  NULL is fine. */
int log_close(struct log *l, struct err *e);

#endif
