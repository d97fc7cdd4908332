/* SPDX-License-Identifier: Apache-2.0 */
/* Where clients come in: a socket in the file system, which only its owner
 * can open, or a port of this machine's own address.  NBD itself has neither a
 * password nor a cipher: for that there is TLS. */
#ifndef EBSIMG_SERVE_LISTENER_H
#define EBSIMG_SERVE_LISTENER_H

#include "base/err.h"
#include "base/text.h"
#include "serve/tls.h"

struct listener {
    int fd;
    struct tls *tls; /* that clients must begin with; NULL: none */
    char *path;     /* of the socket; NULL: TCP */
    char *folder;   /* made for it, to be removed with it; or NULL */
    char *address;  /* "127.0.0.1:10809" */
};

#define LISTENER_INIT { .fd = -1 }

/* At most one of the two; neither: a socket in a new private folder.
 * `address' is 127.x.y.z:PORT or [::1]:PORT, and port 0 any that is free;
 * another one is ERR_USAGE.  `path' must not exist.  Nobody is let in yet.
 * Close it in every case. */
int listener_open(struct listener *l, const char *path, const char *address,
                  struct err *e);
/* From here on clients can connect. */
int listener_start(struct listener *l, struct err *e);
void listener_close(struct listener *l);

/* The next client, at most `ms' milliseconds later; -1: nobody. */
int listener_next(const struct listener *l, int ms);

/* How clients are told to find an export. */
void listener_add_uri(const struct listener *l, const char *name,
                      struct text *t);

#endif
