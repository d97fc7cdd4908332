/* SPDX-License-Identifier: Apache-2.0 */
/* What the options, the environment and AWS's shared files say about one
 * run: whose keys, which region, which endpoints, whose certificates. */
#ifndef EBSIMG_AWS_SETTINGS_H
#define EBSIMG_AWS_SETTINGS_H

#include <stdbool.h>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/identity.h"
#include "aws/shared.h"
#include "base/err.h"

/* The options of the command line, NULL when not given; they win over
 * everything else. */
struct settings_options {
    const char *profile, *region, *endpoint_url, *ca_bundle;
    struct keys_wish wish;     /* a role on top of whatever there is */
    const char *session_name;  /* of a role that has none in its profile */
    bool read_only;            /* caches of AWS's tools are not written to */
    const volatile int *stop;  /* not 0: give up; NULL: never */
    int (*ask_code)(const char *serial, char *code, size_t room,
                    struct err *e);
    void (*note)(void *ctx, const char *text); /* see keys_env */
    void *ctx;
};

struct settings {
    struct credentials credentials;   /* the first ones */
    struct identity *identity;        /* NULL: these are all */
    bool identity_lent;               /* it is that of other settings */
    char *region;
    char *endpoint_url[AWS_SERVICES]; /* a checked URL for each service; NULL
                                       * for those that give out keys and
                                       * are not asked for any */
    char *endpoint_region[AWS_SERVICES]; /* of each of these */
    char *sts_url;                    /* where roles are assumed: never that
                                       * of --endpoint-url */
    char *ca_bundle;                  /* or NULL: the system's */
    char *session_name;               /* for roles */
    struct err notes[SHARED_NOTES];   /* for the user; no failures */
    size_t nnotes;
};

/* Gets the first keys, too, which may take a while.
 * Errors: ERR_ACCESS without usable credentials or region, ERR_USAGE for a
 * profile that does not exist, a file that is needed and cannot be read or
 * understood (with file and line), or a region or URL that is none.  What `o'
 * points to must outlive the settings.  Free them in either case. */
int settings_load(const struct settings_options *o, struct settings *out,
                  struct err *e);
/* The same for another region, with the same keys, which stay those of `home':
 * it must outlive `out', and of both only one may be in use by an aws that
 * waits for new keys.  Free `out' in either case. */
int settings_in_region(const struct settings *home, const char *region,
                       struct settings *out, struct err *e);
void settings_free(struct settings *s);

#endif
