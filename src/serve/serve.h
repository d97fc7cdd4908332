/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg serve': volumes are opened and listed, clients are let
 * in, and a signal ends it.
 *
 * The server is ours and not a plugin of nbdkit: the keys, their renewal, the
 * question for an MFA code, signals and the access log belong to one process,
 * which hands no key to another program. */
#ifndef EBSIMG_SERVE_SERVE_H
#define EBSIMG_SERVE_SERVE_H

#include "fetch/service.h"

struct serve_options {
    struct service_options service;
    const char *socket, *listen, *mount;
    const char *tls;           /* a folder of certificates, or NULL */
    const char *tls_psk;       /* a file of names and keys, or NULL */
    const char *overlay;       /* a qcow2 to be made over the only export */
    const char *log;           /* the folder of the access logs */
    const char *cache;         /* the folder of kept blocks, and then of the
                                * logs; or NULL */
    uint64_t cache_size;       /* bytes of blocks kept there, of each
                                * snapshot; 0: any number */
    uint64_t memory;           /* bytes of blocks kept, of each volume */
};

/* Until a signal comes: the exit status, or -1. */
int serve_run(const struct serve_options *o, char **names, int n,
              struct err *e);

#endif
