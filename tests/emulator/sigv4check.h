/* SPDX-License-Identifier: Apache-2.0 */
/* Judges the AWS Signature Version 4 of a request, from the published
 * description and nothing else: it shares no code with any client. */
#ifndef EMULATOR_SIGV4CHECK_H
#define EMULATOR_SIGV4CHECK_H

#include <stdbool.h>

struct request;

/* Fills r->key_id and r->region with what the request claims to be signed
 * with and for, unproven. */
void sigv4check_claim(struct request *r);

/* True when the signature is good, or the operation needs none; r->key is
 * the proven key then.  Else r->answer says what is wrong. */
bool sigv4check(struct request *r);

#endif
