/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the negotiation share. */
#ifndef EBSIMG_SERVE_NEGOTIATION_PRIVATE_H
#define EBSIMG_SERVE_NEGOTIATION_PRIVATE_H

#include "serve/nbd.h"
#include "serve/negotiation.h"
#include "serve/wire.h"

enum step {
    STEP_ON,                 /* the next option */
    STEP_DONE,               /* the client reads now */
    STEP_END,                /* the connection ends */
};

struct negotiation {
    struct wire *wire;
    const struct exports *all;
    bool no_zeroes;
    bool structured;
    struct export *context_of; /* base:allocation was chosen for it */
    struct export *chosen;
    /* The option that is being answered: */
    uint32_t option;
    unsigned char *data;     /* NEGOTIATION_OPTION bytes of room */
    uint32_t len;
};

enum step negotiation_reply(struct negotiation *n, uint32_t type,
                            const void *data, uint32_t len);

/* negotiation-go.c: OPT_INFO, OPT_GO and OPT_EXPORT_NAME. */
enum step negotiation_go(struct negotiation *n);
enum step negotiation_export_name(struct negotiation *n);

/* negotiation-meta.c: the two options about meta contexts. */
enum step negotiation_meta(struct negotiation *n);

/* What an option's data is read by: fewer bytes than are asked for are
 * NULL. */
struct cut {
    const unsigned char *at;
    size_t left;
};

const unsigned char *cut_take(struct cut *c, size_t n);
/* A length in 32 bits, and so many bytes. */
const unsigned char *cut_string(struct cut *c, size_t *n);

#endif
