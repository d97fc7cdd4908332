/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a case: its case log (doc/log-format.md), read back: which
 * snapshots it has, and what became of the image of each.  What an image is,
 * its own record tells. */
#ifndef EBSIMG_AUDIT_CASE_RECORD_H
#define EBSIMG_AUDIT_CASE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/case-rules.h"
#include "audit/logcheck.h"
#include "base/err.h"
#include "base/notes.h"

/* More members than this are none that anybody made. */
#define CASE_MEMBERS_MAX 10000

/* Texts are never NULL. */
struct case_member_record {
    char *snapshot, *time;    /* the time that it shows */
    bool usable;              /* EC2 says that it can be read */
    bool told;                /* what became of its image: */
    char *since;              /* the prefix that it was built upon */
    char *verdict, *error;
    uint64_t status;          /* the exit status of its run */
    bool made;                /* and that is one of an image */
};

struct case_record {
    char *path;               /* of the case log */
    bool present;             /* all of it was read, and its chain is sound */
    char why[256];            /* if not */
    struct case_rules rules;  /* what is wrong with a sound one */
    struct logcheck check;
    char *began, *ended;      /* "": it did not end */
    bool all_listed;          /* EC2 listed all snapshots of the volume, and
                               * nothing that was asked for is left out */
    bool apart;               /* none is built upon another */
    struct notes warnings;    /* that its members came with */
    bool begun;               /* those are told */
    struct case_member_record *members;
    size_t count;
};

/* PREFIX.case.jsonl is there. */
bool case_record_exists(const char *prefix);

/* What of it is good.  -1 when it cannot be read, and when there is no memory
 * for it.  case_record_free() in every case. */
int case_record_read(const char *prefix, struct case_record *out,
                     struct err *e);
void case_record_free(struct case_record *r);

#endif
