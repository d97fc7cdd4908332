/* SPDX-License-Identifier: Apache-2.0 */
/* What went wrong, in one sentence, for the person at the terminal.
 *
 * A function that can fail takes a `struct err *` and returns -1 (or NULL)
 * after writing the reason there.  The place that knows writes it with
 * err_set(); callers that know where it happened put that in front with
 * err_in().  Only main prints.  The kind decides the exit status. */
#ifndef EBSIMG_BASE_ERR_H
#define EBSIMG_BASE_ERR_H

enum err_kind {
    ERR_NONE,
    ERR_USAGE,       /* the command line, or a file named on it */
    ERR_ACCESS,      /* credentials, rights, KMS */
    ERR_SOURCE,      /* the snapshot cannot be read: pending, archived ... */
    ERR_DEST,        /* the output: no room, exists, write error */
    ERR_SERVICE,     /* the service or the network gave up */
    ERR_VERIFY,      /* evidence does not agree with its record */
    ERR_INTERRUPTED, /* Ctrl-C, SIGTERM */
    ERR_INTERNAL,    /* this machine or this program: no memory, a bug */
};

struct err {
    enum err_kind kind;
    int os_errno;    /* 0, or the errno that caused it */
    int http_status; /* 0, or the status of the answer that caused it */
    char code[64];   /* "", or the service's name for the error */
    int meaning;     /* 0, or what that says (aws/verdict.h) */
    char msg[1024];
};

#define ERR_INIT { 0 }

/* All three return -1, so that callers can `return err_set(...)'.  A text
 * for `os_errno' is added when it is not 0; with ENOMEM the kind becomes
 * ERR_INTERNAL, whatever was tried.  `e' must not be NULL.
 * Parts of the finished message may come from the network: control characters
 * in it, also those that reorder a line, and what is no UTF-8 become '?'. */
int err_set(struct err *e, enum err_kind kind, int os_errno,
            const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Puts "WHERE: " in front of the message that is already there. */
int err_in(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Out of memory, always the same words. */
int err_nomem(struct err *e);

/* The name of a kind for logs ("access", "source" ...), and the exit status
 * that it stands for. */
const char *err_kind_name(enum err_kind kind);
int err_exit_status(enum err_kind kind);

#endif
