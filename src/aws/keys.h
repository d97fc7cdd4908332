/* SPDX-License-Identifier: Apache-2.0 */
/* Keys by a plan: asks whoever gives them out.  May take seconds, and may be
 * done again and again while the program runs, from one thread at a time. */
#ifndef EBSIMG_AWS_KEYS_H
#define EBSIMG_AWS_KEYS_H

#include <stdbool.h>

#include "aws/endpoint.h"
#include "aws/keys-plan.h"

/* What getting keys needs to know besides; all of it the caller's. */
struct keys_env {
    const char *region;       /* of the run */
    const char *url[AWS_SERVICES]; /* where it is asked; NULL: not needed */
    const char *ca_bundle;    /* or NULL: the system's */
    const char *session_name; /* of a role that has none in its profile */
    bool read_only;           /* caches of AWS's tools are not written to */
    bool first;               /* nothing was had from there before */
    bool anew;                /* the service refuses the keys that are there:
                               * those of a cache do not do */
    const char *refused;      /* the id of those; or NULL */
    const volatile int *stop; /* not 0: give up */
    /* The code that the MFA device `serial' shows now: asks the person at the
     * terminal.  ERR_ACCESS when there is none. */
    int (*ask_code)(const char *serial, char *code, size_t room,
                    struct err *e);
    /* What was done to this machine's files, and the like, in one sentence:
     * for the log.  From the thread that gets keys. */
    void (*note)(void *ctx, const char *text);
    void *ctx;
};

/* ERR_ACCESS when there are none to be had any more, with what to do;
 * ERR_SERVICE when it may work later.  Free the credentials in either case. */
int keys_get(const struct keys_plan *p, const struct keys_env *env,
             struct credentials *out, struct err *e);

/* One for each kind of base; `out' has its source text already. */
int keys_from_process(const struct keys_base *b, const struct keys_env *env,
                      struct credentials *out, struct err *e);
int keys_from_web(const struct keys_base *b, const struct keys_env *env,
                  struct credentials *out, struct err *e);
int keys_from_sso(const struct keys_base *b, const struct keys_env *env,
                  struct credentials *out, struct err *e);
int keys_from_login(const struct keys_base *b, const struct keys_env *env,
                    struct credentials *out, struct err *e);
int keys_from_container(const struct keys_base *b,
                        const struct keys_env *env, struct credentials *out,
                        struct err *e);
int keys_from_instance(const struct keys_base *b, const struct keys_env *env,
                       struct credentials *out, struct err *e);

/* keys-sts.c: those of a role, for somebody else's. */
int keys_of_role(const struct keys_role *r, const struct keys_env *env,
                 const struct credentials *whose, struct credentials *out,
                 struct err *e);

#endif
