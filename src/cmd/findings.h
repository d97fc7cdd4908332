/* What a verification found, and its one verdict. */
#ifndef EBSIMG_CMD_FINDINGS_H
#define EBSIMG_CMD_FINDINGS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/stats.h"

enum finding_kind { FINDING_GOOD, FINDING_BAD, FINDING_NOTE };

struct finding {
    enum finding_kind kind;
    char *about;
    char *text;
};

struct findings {
    pthread_mutex_t lock;
    struct finding *list;
    size_t count;
    size_t bad;        /* all of them, also those that are not kept */
    size_t kept_bad;
    size_t keep;       /* so many bad ones are kept */
    bool no_log;       /* so a good verdict says less; set by the owner */
    bool no_memory;
    struct err broken; /* why the verification itself failed, if it did */
};

void findings_init(struct findings *f, size_t keep);
void findings_free(struct findings *f);

/* Any thread. */
void findings_add(struct findings *f, enum finding_kind kind,
                  const char *about, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* What could not be read or makes no sense is a bad finding; that there was no
 * memory for it, or no time, says nothing about the evidence and is kept for
 * findings_broken().  Any thread. */
void findings_blame(struct findings *f, const char *about,
                    const struct err *e);

/* -1, with the reason, when the verification itself has failed. */
int findings_broken(struct findings *f, struct err *e);

/* Moves all of `from' behind what is there. */
void findings_append(struct findings *f, struct findings *from);

size_t findings_bad(struct findings *f);

/* All of it and the verdict, to standard output; `stats' too, when it is not
 * NULL. */
int findings_show(struct findings *f, const char *name,
                  const struct stats *stats, bool json, bool quiet,
                  struct err *e);

#endif
