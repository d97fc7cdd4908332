/* What the options, the environment and AWS's shared files say about one
 * run: whose keys, which region, which endpoints, whose certificates. */
#ifndef EBSIMG_AWS_SETTINGS_H
#define EBSIMG_AWS_SETTINGS_H

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "base/err.h"

struct settings {
    struct credentials credentials;
    char *region;
    char *endpoint_url[AWS_SERVICES]; /* a checked URL for each service */
    char *ca_bundle;                  /* or NULL: the system's */
    struct err notes[SHARED_NOTES];   /* for the user; no failures */
    size_t nnotes;
};

/* `profile', `region', `endpoint_url' and `ca_bundle' are the options of the
 * command line, NULL when not given; they win over everything else.
 * Errors: ERR_ACCESS without usable credentials or region, ERR_USAGE for a
 * profile that does not exist, a file that is needed and cannot be read or
 * understood (with file and line), or a region or URL that is none.  Free the
 * settings in either case. */
int settings_load(const char *profile, const char *region,
                  const char *endpoint_url, const char *ca_bundle,
                  struct settings *out, struct err *e);
void settings_free(struct settings *s);

#endif
