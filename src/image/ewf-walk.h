/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of an E01 segment, one after the other, as libewf goes through
 * them: one head of 76 bytes at a time, whatever the file claims.
 *
 * Memory: none but the structures below.  Time: WALK_SECTIONS_MAX heads. */
#ifndef EBSIMG_IMAGE_EWF_WALK_H
#define EBSIMG_IMAGE_EWF_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A set holds fewer than 2^27 chunks (libewf).  In tables of 16,375 chunks,
 * the shortest that are usual, each with a section for its chunks and one for
 * its copy, that makes 24,600 sections for all segments together. */
#define WALK_SECTIONS_MAX 100000u

struct ewf_walk {
    int fd;
    const char *path;
    uint64_t size;        /* of the file */
    bool partial;         /* a head that makes no sense is its end */
    uint64_t at;          /* the next head; 0 behind the last */
    unsigned sections;
};

struct ewf_part {
    char type[17];        /* as it is in the file: it may be anything */
    uint64_t start;       /* of its head */
    uint64_t data;        /* its first byte behind the head ... */
    uint64_t bytes;       /* ... and how many there are, all in the file */
};

/* `path' must outlive it.  ERR_USAGE when it is no file that can be read. */
int ewf_walk_open(struct ewf_walk *w, const char *path, bool partial,
                  struct err *e);
void ewf_walk_close(struct ewf_walk *w);

/* 1: the next section; 0: there are no more, or the file ends; -1:
 * ERR_VERIFY when a head is damaged or leads out of the file, or there are
 * too many. */
int ewf_walk_next(struct ewf_walk *w, struct ewf_part *p, struct err *e);

/* Reads `n' bytes at `at'; *got are fewer where the file ends. */
int ewf_walk_read(const struct ewf_walk *w, uint64_t at, void *buf, size_t n,
                  size_t *got, struct err *e);

/* A number of the format: little-endian, of so many bytes. */
uint64_t ewf_number(const unsigned char *at, unsigned bytes);

#endif
