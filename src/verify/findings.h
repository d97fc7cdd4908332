/* SPDX-License-Identifier: Apache-2.0 */
/* What a verification found, and its one verdict. */
#ifndef EBSIMG_VERIFY_FINDINGS_H
#define EBSIMG_VERIFY_FINDINGS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* Which of them a finding is decides what the verdict may say of the image
 * and of its record. */
enum finding_kind {
    FINDING_GOOD,
    FINDING_NOTE,
    FINDING_LINE_ENDS, /* changed on the way, and nothing but them */
    FINDING_RESERVE, /* all bytes are what they were, but something stands
                      * against what vouches for them */
    FINDING_MISSING, /* a part of the record is not there: `about' names it */
    FINDING_UNTRUSTED, /* a seal that holds, of nobody who is trusted */
    FINDING_CHANGED, /* the record: not as it was, or it contradicts itself */
    FINDING_BAD,     /* the image: bytes differ, or cannot be read */
    FINDING_KINDS,
};

struct finding {
    enum finding_kind kind;
    char *about;
    char *text;
};

struct findings {
    pthread_mutex_t lock;
    struct finding *list;
    size_t count;
    size_t of[FINDING_KINDS]; /* all of them, also those that are not kept */
    size_t dropped[FINDING_KINDS]; /* those of them */
    size_t kept;       /* that are neither good nor notes nor reserves */
    size_t keep;       /* so many of these */
    bool no_memory;
    struct err broken; /* why the verification itself failed, if it did */
};

void findings_init(struct findings *f, size_t keep);
void findings_free(struct findings *f);

/* Any thread. */
void findings_add(struct findings *f, enum finding_kind kind,
                  const char *about, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What could not be read or makes no sense is a finding of this kind; that
 * there was no memory for it, or no time, says nothing about the evidence and
 * is kept for findings_broken().  Any thread. */
void findings_blame(struct findings *f, enum finding_kind kind,
                    const char *about, const struct err *e);

/* -1, with the reason, when the verification itself has failed. */
int findings_broken(struct findings *f, struct err *e);

/* Moves all of `from' behind what is there. */
void findings_append(struct findings *f, struct findings *from);

/* A line for each; and as JSON the members that count them and `findings'. */
void findings_text(const struct findings *f, struct text *t);
void findings_json(const struct findings *f, struct text *t);

/* How many are neither good nor notes. */
size_t findings_bad(struct findings *f);

/* How many of them are counted, and not kept. */
size_t findings_dropped(const struct findings *f);

#endif
