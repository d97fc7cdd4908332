/* SPDX-License-Identifier: Apache-2.0 */
/* A volume at one moment, whatever holds it: a snapshot, or an image (E01 or
 * raw) with or without its log and manifest.
 *
 *   volume_open    finds out what the name is; asks nobody for blocks
 *   volume_learn   its size, and which of its blocks are what
 *   pass.h         its blocks in order, through a pipeline
 *   read.h         any of its bytes, at any offset
 *   volume_close
 *
 * One thread, but for what read.h says. */
#ifndef EBSIMG_VOLUME_VOLUME_H
#define EBSIMG_VOLUME_VOLUME_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/evidence.h"
#include "base/err.h"
#include "fetch/service.h"
#include "fetch/survey.h"
#include "flow/blockset.h"
#include "image/reader.h"
#include "volume/rows.h"

struct access;
struct kept;

struct volume {
    const char *name;          /* as it was typed */
    bool is_snapshot;
    uint64_t size;             /* bytes; an image's may end inside a block */
    /* Which blocks are what; NULL: not known. */
    struct blockset *stored;   /* by the service; NULL: an image alone.  The
                                * holder may take it, and then it is NULL */
    /* A snapshot: */
    struct service service;    /* its own: a fetch has its own thread */
    bool is_read;              /* a reader has it, and its service */
    const struct service_options *options;
    uint64_t list_calls;
    _Atomic uint64_t fetched;  /* good blocks that have come; any thread */
    struct access *access;     /* NULL: nobody wants a log */
    struct kept *kept;         /* blocks that were fetched before; NULL, or
                                * set by who opened it, from kept_open() */
    /* An image: */
    struct evidence evidence;
    struct image image;
    struct rows rows;          /* of its manifest: `zero', `unread' and
                                * `unproved' are here; without one all NULL,
                                * but `unread' where the image lists some */
};

/* `name' is the id of a snapshot, an image file or a prefix.  (A file may be
 * called like a snapshot: ./snap-...)  `o' must outlive the volume, `hooks'
 * need not.  `access', which may be NULL, is the path of the access log that
 * is then made: see access.h.  Close it in every case. */
int volume_open(struct volume *v, const char *name,
                const struct service_options *o,
                const struct service_hooks *hooks, const char *access,
                struct err *e);

/* Lists a snapshot's blocks; reads an image's log and manifest, which must
 * agree with each other and with the image (ERR_VERIFY).  Without a manifest
 * a block is unreadable when the image lists any of its sectors as that.
 * `twice': nothing else vouches for the list, and a block that is left out
 * would be taken for zeros, so it is asked for twice. */
int volume_learn(struct volume *v, bool twice, struct err *e);

/* For other questions about a snapshot with list calls; not while it has a
 * reader, whose thread speaks with the service. */
struct survey volume_survey(struct volume *v);

/* -1 when the access log could not be written to its end. */
int volume_close(struct volume *v, struct err *e);

#endif
