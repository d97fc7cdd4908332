/* The files that AWS's tools share (~/.aws/config and ~/.aws/credentials) and
 * the profile in them that this run uses. */
#ifndef EBSIMG_AWS_SHARED_H
#define EBSIMG_AWS_SHARED_H

#include <stdbool.h>

#include "aws/profile.h"
#include "base/err.h"

struct shared {
    struct profile *config, *credentials; /* empty when there is no file */
    char *config_path, *credentials_path;
    char *name;    /* of the profile */
    char *section; /* what it is called in the config file */
    bool asked;    /* it was named on the command line */
};

/* The profile is `option', or that of AWS_PROFILE or AWS_DEFAULT_PROFILE, or
 * "default".  ERR_USAGE when it was named and is in neither file, the two
 * variables name two, or a file cannot be understood.  Free the files in
 * either case. */
int shared_load(const char *option, struct shared *out, struct err *e);
void shared_free(struct shared *s);

/* A value of the profile; the credentials file comes first.  NULL when it is
 * absent or empty. */
const char *shared_get(const struct shared *s, const char *key);

/* "endpoint_url" for "ebs" from the services section that the profile names,
 * or NULL. */
const char *shared_service_get(const struct shared *s, const char *service,
                               const char *key);

/* An environment variable, NULL when it is not set or empty. */
const char *shared_env(const char *name);

#endif
