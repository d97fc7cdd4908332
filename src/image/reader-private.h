/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of all formats share. */
#ifndef EBSIMG_IMAGE_READER_PRIVATE_H
#define EBSIMG_IMAGE_READER_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "flow/window.h"
#include "image/reader.h"

struct reader {
    struct source source;
    struct image_reader_config config;
    struct window *window;
    pthread_t thread;
    bool started;
    atomic_bool stopping;
    pthread_mutex_t telling;   /* held while config.damaged is called */
    /* The kind's own, on the reader's thread: makes the block at `offset'
     * ready in `s', its len set.  1: it is; 0: the block is nothing but
     * zeros and `s' was left alone; -1. */
    int (*fill)(struct reader *r, struct slot *s, uint64_t offset,
                struct err *e);
    void (*free)(struct reader *r);
};

/* Any thread.  A range that cannot be had, and why: told to config.damaged
 * (returns 0), or the end of the run. */
int reader_damaged(struct reader *r, uint64_t offset, uint64_t len,
                   const char *why, struct err *e);

/* Of a damaged block nothing is handed on. */
void reader_blank(struct slot *s);

struct reader *ewf_reader_new(const struct image_reader_config *c,
                              struct err *e);
/* Other tools write an E01 of data that are no whole number of sectors: its
 * head counts the whole ones, and its last chunk has up to 511 bytes more, of
 * which its digests are, too.  Adds them to image->size when that chunk is
 * sound; leaves it alone otherwise. */
void ewf_add_tail(struct image *image);
struct reader *raw_reader_new(const struct image_reader_config *c,
                              struct err *e);

#endif
