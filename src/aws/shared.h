/* SPDX-License-Identifier: Apache-2.0 */
/* The files that AWS's tools share (~/.aws/config and ~/.aws/credentials) and
 * the profile in them that this run uses. */
#ifndef EBSIMG_AWS_SHARED_H
#define EBSIMG_AWS_SHARED_H

#include <stdbool.h>

#include "aws/profile.h"
#include "base/err.h"

/* A missing file, or one that cannot be read, of each kind. */
#define SHARED_NOTES 4

struct shared {
    struct profile *config, *credentials; /* empty when there is no file */
    char *config_path, *credentials_path;
    char *name;    /* of the profile */
    char *section; /* what it is called in the config file */
    bool asked;    /* it was named on the command line */
    struct err notes[SHARED_NOTES]; /* what the user should know, and what
                                     * does not stop the run */
    size_t nnotes;
};

/* The profile is `option', or that of AWS_PROFILE or AWS_DEFAULT_PROFILE, or
 * "default".  ERR_USAGE when it was named and is in neither file, or the two
 * variables name two.  Free the files in either case. */
int shared_load(const char *option, struct shared *out, struct err *e);
void shared_free(struct shared *s);

/* Can the files be read, and does what they say of this profile make sense?
 * To be asked before anything is taken from them that the run needs. */
int shared_check(const struct shared *s, struct err *e);
int shared_check_of(const struct shared *s, const char *profile,
                    struct err *e);
/* The run needs nothing of them: a file that cannot be read or understood is
 * taken for an empty one, with a note. */
int shared_pass_over(struct shared *s, struct err *e);

/* A value of the profile; the credentials file comes first.  NULL when it is
 * absent or empty. */
const char *shared_get(const struct shared *s, const char *key);

/* What a profile is called in the config file: the default one may be written
 * in two ways.  The caller frees it; NULL without memory. */
char *shared_section(const struct shared *s, const char *profile);

/* The same of a profile by its name, and of a section [sso-session NAME]. */
bool shared_has(const struct shared *s, const char *profile);
const char *shared_get_of(const struct shared *s, const char *profile,
                          const char *key);
const char *shared_session_get(const struct shared *s, const char *session,
                               const char *key);

/* "endpoint_url" for "ebs" from the services section that the profile names,
 * or NULL. */
const char *shared_service_get(const struct shared *s, const char *service,
                               const char *key);

/* An environment variable, NULL when it is not set or empty. */
const char *shared_env(const char *name);

#endif
