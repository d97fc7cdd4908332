/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a stream of JSON into objects that are small enough to be parsed one
 * by one: the top-level values, the elements of lists at the top, and those
 * of the lists that certain members hold ({"Records":[...]}).  Flat memory,
 * whatever comes: an object of more than SPLITTER_MAX bytes is left out.
 *
 * Values may follow each other with blanks or commas between them.  Behind a
 * place that is no JSON it goes on with the next line. */
#ifndef EBSIMG_TRAIL_SPLITTER_H
#define EBSIMG_TRAIL_SPLITTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* CloudTrail: an event has at most 256 KiB. */
#define SPLITTER_MAX ((size_t)1024 * 1024)

struct splitter;

struct splitter_config {
    /* Members whose list is gone into, and (objects) whose members are
     * looked at in turn; end with NULL. */
    const char *const *lists;
    const char *const *holders;
    /* An object, terminated; no JSON for sure until it was parsed.  -1 ends
     * all. */
    int (*take)(void *ctx, const char *json, size_t n, struct err *e);
    /* One of these lists begins. */
    void (*list)(void *ctx);
    /* A value that is no object; an object that is too large; a place (the
     * first of several in a row) that is no JSON. */
    void (*scalar)(void *ctx);
    void (*large)(void *ctx);
    void (*broken)(void *ctx, uint64_t offset);
    void *ctx;
};

struct splitter *splitter_new(const struct splitter_config *c,
                              struct err *e);
void splitter_free(struct splitter *s);

/* The next bytes.  -1 when take() says so, or there is no memory. */
int splitter_feed(struct splitter *s, const char *data, size_t n,
                  struct err *e);

/* There are no more. */
void splitter_end(struct splitter *s);

#endif
