/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP(S) requests, many in flight, in one loop over libcurl's multi
 * interface.
 *
 * A `struct http' and its requests belong to one thread at a time: the one
 * that calls http_poll().  Only http_wake() may come from any thread.
 * Nothing here knows AWS: no signing, no retry; a request is tried once and
 * its `done' told how it went. */
#ifndef EBSIMG_NET_HTTP_H
#define EBSIMG_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

struct http;

struct http_config {
    const char *ca_bundle;     /* a PEM file; NULL: the system's */
    const char *user_agent;
    unsigned connections;      /* at most so many sockets to one host */
    unsigned connect_seconds;  /* for name, TCP and TLS together */
    unsigned stall_seconds;    /* nothing received for so long: give up; up
                                * to 5 s later, because libcurl averages */
    unsigned request_seconds;  /* one attempt as a whole */
};

/* How an attempt ended, apart from what the server said. */
enum http_fault {
    HTTP_ANSWERED,    /* a whole answer of any status is there */
    HTTP_NO_HOST,     /* the name is unknown */
    HTTP_NO_CONNECT,  /* refused, unreachable */
    HTTP_BAD_TLS,     /* certificate or handshake: somebody in between */
    HTTP_TIMEOUT,     /* connect, stall or request time is over */
    HTTP_BROKEN,      /* reset, short body, not HTTP */
    HTTP_TOO_LARGE,   /* the answer is larger than was allowed */
    HTTP_CANCELLED,
};

struct http_answer {
    enum http_fault fault;
    char fault_text[256];   /* libcurl's words, when not HTTP_ANSWERED */
    int status;             /* 0 when there was none */
    size_t len;             /* body bytes received */
    bool in_place;          /* the body is where `place' said, not in `body' */
    struct text body;
    struct text headers;    /* the lines of the last header block */
    char peer[64];          /* the server's address */
    char tls[16];           /* "TLSv1.3"; "": none, or not known (net/tls.h) */
    uint64_t began, ended;  /* monotonic ns */
};

/* What an answer may take: 16 KiB of header lines, also of those before a 100;
 * `limit' bytes of a 200 body; of any other body 64 KiB are kept and 1 MiB is
 * read, then the connection is closed and the answer counts by its status.
 * And it ends with request_seconds, however slowly it drips. */

/* One request at a time; make it once and use it again and again: memory
 * and libcurl's handle are kept.  Fill in the fields, http_send(), wait for
 * done().  No field may change until then. */
struct http_request {
    const char *method;            /* "GET", "POST", "PUT" */
    const char *url;               /* finished; sent exactly as it is */
    const char *proxy;             /* its URL; NULL: none.  The environment
                                    * is not asked, see net/proxy.h */
    const char *const *headers;    /* "Name: value", ends with NULL */
    const char *body;              /* NULL, or body_len bytes */
    size_t body_len;
    size_t limit;                  /* bytes of body at most */
    /* Where a 200 body goes, `limit' bytes: asked for when the first of them
     * come, from http_poll().  NULL: into answer.body. */
    unsigned char *(*place)(struct http_request *r);
    bool fresh;                    /* on a connection of its own, a new one */
    /* Called from http_poll(), once for each http_send() that returned 0.
     * May send this or another request, must not free this one. */
    void (*done)(struct http_request *r);
    void *owner;
    struct http_answer answer;
    struct http_transfer *transfer; /* private */
};

struct http *http_new(const struct http_config *config, struct err *e);
/* Every request must have been freed before. */
void http_free(struct http *h);

struct http_request *http_request_new(struct http *h, struct err *e);
/* Cancels it when it is under way; done() is not called then. */
void http_request_free(struct http_request *r);

int http_send(struct http *h, struct http_request *r, struct err *e);
void http_cancel(struct http_request *r); /* no done() follows */

/* Moves everything on and calls done() for what has ended; waits at most
 * `milliseconds' for something to happen.  -1: the loop itself is broken. */
int http_poll(struct http *h, int milliseconds, struct err *e);

/* Who vouches for servers: a file of certificates, and a folder when libcurl's
 * own default is used.  Either may be NULL. */
const char *http_ca_file(const struct http *h);
const char *http_ca_folder(const struct http *h);
/* False for a file that an option or a variable names, unless it is the one
 * that the system has for everybody. */
bool http_ca_is_usual(const struct http *h);

/* What the loop has done: ns that http_poll() has waited in, and bytes of
 * bodies that have come.  Any thread. */
uint64_t http_idle_ns(const struct http *h);
uint64_t http_bytes(const struct http *h);

/* Makes a waiting http_poll() return now.  Any thread. */
void http_wake(struct http *h);

/* The value of a header (any case), trimmed, in `buf'; NULL when it is
 * absent, too long for `room', or there more than once with different
 * values: an answer that contradicts itself says nothing. */
const char *http_header(const struct http_answer *a, const char *name,
                        char *buf, size_t room);

#endif
