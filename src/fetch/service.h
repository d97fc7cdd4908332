/* SPDX-License-Identifier: Apache-2.0 */
/* The service as commands use it: its options, one way to open it, and
 * questions one after another. */
#ifndef EBSIMG_FETCH_SERVICE_H
#define EBSIMG_FETCH_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/log.h"
#include "aws/aws.h"
#include "base/err.h"

/* EBS allows 50 list calls a second. */
#define SERVICE_LIST_RATE 40

struct service_options {
    const char *region, *profile, *endpoint_url, *ca_bundle;
    const char *assume_role, *external_id, *mfa_serial;
    uint64_t role_duration;    /* seconds; 0: as the role has it */
    bool no_cache_write;
    const char *case_number;   /* for the name of a role's session; or NULL */
    uint64_t connections, rate, attempts, timeout, give_up;
    bool quiet, verbose;       /* for who shows something */
    struct quota *quota;       /* what several clients share, or NULL */
    const struct settings *like; /* NULL, or whose keys to use in `region' */
};

/* The rows of these options for a command whose values `type' hold them in
 * `member'. */
#define SERVICE_AT(type, member, field) offsetof(type, member.field)
#define IDENTITY_ROWS(type, member) \
    { OPTION_TEXT, 0, "assume-role", "ARN", \
      "assume this role with the keys that are found", \
      SERVICE_AT(type, member, assume_role) }, \
    { OPTION_TEXT, 0, "external-id", "ID", \
      "what the owner of that role wants to be told", \
      SERVICE_AT(type, member, external_id) }, \
    { OPTION_TEXT, 0, "mfa-serial", "ARN", \
      "the MFA device that the role wants; its code is asked for at the" \
      " terminal", SERVICE_AT(type, member, mfa_serial) }, \
    { OPTION_NUMBER, 0, "role-duration", "SECONDS", \
      "how long keys of that role live (default: an hour; they are renewed" \
      " in time)", SERVICE_AT(type, member, role_duration), .min = 900, \
      .max = 43200 }, \
    { OPTION_FLAG, 0, "no-cache-write", NULL, \
      "write no renewed login into the caches of AWS's tools", \
      SERVICE_AT(type, member, no_cache_write) }
#define SERVICE_ROWS(type, member) \
    { OPTION_GROUP, .help = "The service" }, \
    { OPTION_TEXT, 0, "region", "REGION", \
      "where the snapshots are (default: environment, profile; never" \
      " guessed)", SERVICE_AT(type, member, region) }, \
    { OPTION_TEXT, 0, "profile", "NAME", \
      "whose keys to use (default: environment, AWS_PROFILE, \"default\")", \
      SERVICE_AT(type, member, profile) }, \
    IDENTITY_ROWS(type, member), \
    { OPTION_TEXT, 0, "endpoint-url", "URL", \
      "send all calls there instead of to AWS", \
      SERVICE_AT(type, member, endpoint_url) }, \
    { OPTION_TEXT, 0, "ca-bundle", "FILE", \
      "certificates to trust, PEM (default: the system's)", \
      SERVICE_AT(type, member, ca_bundle) }, \
    { OPTION_NUMBER, 0, "attempts", "N", \
      "tries for one request (default 8)", \
      SERVICE_AT(type, member, attempts), .min = 1, .max = 100 }, \
    { OPTION_NUMBER, 0, "timeout", "SECONDS", \
      "try a request again when nothing has come for so long (default 20)", \
      SERVICE_AT(type, member, timeout), .min = 1, .max = 600 }, \
    { OPTION_NUMBER, 0, "give-up", "SECONDS", \
      "end when no request has succeeded for so long (default 300)", \
      SERVICE_AT(type, member, give_up), .min = 1, .max = 86400 }

void service_defaults(struct service_options *o);

struct service {
    struct settings settings;
    struct aws *aws;
    struct call *call;         /* for service_ask() */
};

/* Who hears of what happens on the way; any of them may be NULL. */
struct service_hooks {
    void (*event)(void *ctx, const struct aws_event *ev); /* an attempt that
                                                           * fails */
    void (*list)(void *ctx, const struct call *c); /* a list call that was
                                                    * answered */
    void (*keys)(void *ctx, const struct credentials *newer);
    void (*note)(void *ctx, const char *text); /* any thread, until
                                                * identity_stop() */
    void (*warning)(void *ctx, const char *text); /* of service_open(): what
                                                   * the settings leave out */
    void *ctx;
};

/* By these options, with keys and region from wherever AWS's tools take
 * theirs.  `s' must outlive what comes out; the caller frees both, `s' after
 * a failure too. */
struct aws *service_aws(const struct service_options *o, struct settings *s,
                        const struct service_hooks *h, struct err *e);

/* Gets the keys, for all that this process opens afterwards: who has to ask a
 * person does it once, and before several would.  Of the hooks, `note' and
 * `warning'. */
int service_sign_in(const struct service_options *o,
                    const struct service_hooks *h, struct err *e);

/* The same as service_aws() with a call for questions. */
int service_open(struct service *s, const struct service_options *o,
                 const struct service_hooks *h, struct err *e);
void service_close(struct service *s); /* also after service_open() failed */

/* Sends s->call, which was filled in, and hands its answer to `take', which
 * reads it; one that makes no sense (-1 with ERR_SERVICE) is asked for again.
 * An interrupt is ERR_INTERRUPTED. */
int service_ask(struct service *s,
                int (*take)(void *ctx, const struct call *c, struct err *e),
                void *ctx, struct err *e);

/* What its answers rest on, as the members of the event `credentials' in
 * doc/log-format.md from `partition' on. */
void service_record(const struct aws *a, const struct settings *s,
                    struct record *r);
/* The same as a JSON object: what is called "service" elsewhere. */
void service_add_json(const struct aws *a, const struct settings *s,
                      struct text *t);
/* What of it is not the usual (other endpoints than AWS's, a proxy, a file of
 * certificates), each with its name, as one line of text; nothing when all of
 * it is. */
void service_add_unusual(const struct aws *a, const struct settings *s,
                         struct text *t);

#endif
