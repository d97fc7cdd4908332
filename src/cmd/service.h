/* The service as commands use it: its options, one way to open it, and
 * questions one after another. */
#ifndef EBSIMG_CMD_SERVICE_H
#define EBSIMG_CMD_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"

struct service_options {
    const char *region, *profile, *endpoint_url, *ca_bundle;
    uint64_t connections, rate, attempts, timeout, give_up;
    bool quiet, verbose;
};

/* The rows of these options for a command whose values `type' hold them in
 * `member'. */
#define SERVICE_AT(type, member, field) offsetof(type, member.field)
#define SERVICE_ROWS(type, member) \
    { OPTION_GROUP, .help = "The service" }, \
    { OPTION_TEXT, 0, "region", "REGION", \
      "where the snapshots are (default: environment, profile; never" \
      " guessed)", SERVICE_AT(type, member, region) }, \
    { OPTION_TEXT, 0, "profile", "NAME", \
      "whose keys to use (default: environment, AWS_PROFILE, \"default\")", \
      SERVICE_AT(type, member, profile) }, \
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
    const struct service_options *options;
    struct settings settings;
    struct aws *aws;
    struct call *call;         /* for service_ask() */
};

/* By these options, with keys and region from wherever AWS's tools take
 * theirs.  `s' must outlive what comes out; the caller frees both, `s' after
 * a failure too.  `event' hears of each attempt that fails. */
struct aws *service_aws(const struct service_options *o, struct settings *s,
                        void (*event)(void *ctx, const struct aws_event *ev),
                        void *ctx, struct err *e);

/* The same with a call for questions; what fails is told on standard error
 * when o->verbose. */
int service_open(struct service *s, const struct service_options *o,
                 struct err *e);
void service_close(struct service *s); /* also after service_open() failed */

/* Sends s->call, which was filled in, and hands its answer to `take', which
 * reads it; one that makes no sense (-1 with ERR_SERVICE) is asked for again.
 * An interrupt is ERR_INTERRUPTED. */
int service_ask(struct service *s,
                int (*take)(void *ctx, const struct call *c, struct err *e),
                void *ctx, struct err *e);

/* The keys are good and the right to ask is missing.  (A refusal without a
 * code is not AWS's: a firewall lets only EBS through.) */
bool service_refused(const struct err *e);

#endif
