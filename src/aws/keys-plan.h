/* SPDX-License-Identifier: Apache-2.0 */
/* Whose keys sign: found out from the command line, the environment and
 * AWS's shared files, without asking anybody yet.
 *
 * A plan is a source of keys (the base) and the roles that are assumed with
 * them, one after another.  The order is that of the AWS CLI:
 *
 *   the environment, unless a profile was named on the command line
 *   a role of the profile (role_arn), with its source_profile, which may
 *       have a role itself, or its credential_source
 *   a web identity, of the environment or of the profile
 *   IAM Identity Center (sso_...)
 *   keys of the profile in the credentials file
 *   an `aws login' session (login_session)
 *   credential_process
 *   keys of the profile in the config file
 *   the container's endpoint, when the environment names one
 *   the instance's metadata service
 *
 * The source that comes first is the one: when it cannot be used no other is
 * tried, because that would be another identity. */
#ifndef EBSIMG_AWS_KEYS_PLAN_H
#define EBSIMG_AWS_KEYS_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/credentials.h"
#include "aws/shared.h"

enum keys_from {
    KEYS_FIXED,     /* of the environment or a profile: `fixed' */
    KEYS_WEB,       /* STS, for a token in a file */
    KEYS_SSO,
    KEYS_LOGIN,
    KEYS_PROCESS,
    KEYS_CONTAINER,
    KEYS_INSTANCE,
};

/* Texts are NULL when not set; all of them are the plan's. */
struct keys_role {
    char *arn;
    char *session_name;
    char *external_id;
    char *mfa_serial;
    char *seconds;         /* digits */
};

struct keys_base {
    enum keys_from from;
    char *profile;         /* NULL: not of one */
    struct credentials fixed;
    struct keys_role web;  /* arn and session_name */
    char *token_file;      /* of a web identity */
    char *sso_session;     /* NULL: the older form, without one */
    char *sso_start_url, *sso_region, *sso_account, *sso_role;
    char *login_session;
    char *command;
    char *metadata_url;    /* of the instance, when it is not the usual one */
};

/* More roles one behind the other are a mistake. */
#define KEYS_ROLES_MAX 16

struct keys_plan {
    struct keys_base base;
    struct keys_role roles[KEYS_ROLES_MAX]; /* in the order of assuming */
    size_t nroles;
};

/* What the command line adds: a role on top of whatever there is.  The texts
 * are the caller's. */
struct keys_wish {
    const char *arn;       /* NULL: none */
    const char *external_id, *mfa_serial;
    uint64_t seconds;      /* 0: as the role has it */
};

/* ERR_ACCESS says what is missing and where, ERR_USAGE which section of the
 * files makes no sense.  Free the plan in either case. */
int keys_plan_make(const struct shared *s, const struct keys_wish *wish,
                   struct keys_plan *out, struct err *e);
void keys_plan_free(struct keys_plan *p);

/* Keys of the environment sign, or a part of such keys is there. */
bool keys_in_environment(const struct shared *s);

/* Nobody has to be asked (for the code of an MFA device) to have keys anew. */
bool keys_plan_renews(const struct keys_plan *p);

#endif
