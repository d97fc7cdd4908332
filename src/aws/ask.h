/* SPDX-License-Identifier: Apache-2.0 */
/* One question to a service that gives out keys: the same calls, retries and
 * verdicts as everywhere, on a loop of its own, so that it can be asked while
 * blocks are fetched. */
#ifndef EBSIMG_AWS_ASK_H
#define EBSIMG_AWS_ASK_H

#include "aws/aws.h"
#include "aws/keys.h"

struct ask {
    struct settings settings;
    struct aws *aws;
    struct call *call;       /* the answer is in it */
    bool bare;
    const volatile int *stop;
};

/* To `service' at `url'.  `signer' signs, for `region'; NULL: nobody does,
 * and the calls are bare.  Nothing is sent yet.  Close it in either case. */
int ask_open(struct ask *a, const struct keys_env *env,
             enum aws_service service, const char *url, const char *region,
             const struct credentials *signer, struct err *e);
/* Begins another question to the same service; path, query, body, type and
 * extra headers are to be filled in. */
void ask_begin(struct ask *a, const char *method);
/* Whose answer holds a token in the place of one that is good once: it is
 * waited for even when the run ends meanwhile, for half a minute at most and
 * one try long while the thread that renews will try again.  Without it the
 * user's own tools would be logged out. */
void ask_to_the_end(struct ask *a, bool is_first);
/* 0: answered with 200.  Else the reason; call->answer->status and body are
 * those of the last answer, when there was one. */
int ask_send(struct ask *a, struct err *e);
/* How long it is until `expires' (wall ns of the service), by its clock as its
 * answer tells it. */
uint64_t ask_life(const struct ask *a, uint64_t expires);
void ask_close(struct ask *a);

#endif
