/* SPDX-License-Identifier: Apache-2.0 */
/* The EBS direct calls as requests, and what a block's answer must have.
 * Pure.  Facts: EBS direct API 2019-11-02; tokens are opaque and go back
 * percent-encoded; the query parameter that takes NextToken is pageToken. */
#ifndef EBSIMG_EBS_REQUESTS_H
#define EBSIMG_EBS_REQUESTS_H

#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"
#include "base/number.h"

/* Bytes of a page of the list at most: 10000 entries with tokens of 256
 * characters and their JSON fit well. */
#define LIST_ANSWER_MAX (4 * MIB)

/* A page of the list: by page token when it is not "", else from `first'
 * on.  10000 entries, the most a page can have. */
void request_list(struct call *c, const char *snapshot,
                  const char *page_token, uint32_t first);
/* The same with at most so many entries, 100 or more (EBS takes no less). */
void request_list_of(struct call *c, const char *snapshot,
                     const char *page_token, uint32_t first, unsigned most);

/* A page of what differs between two snapshots: by page token when it is not
 * "", else from `from' on. */
void request_changed(struct call *c, const char *first, const char *second,
                     const char *page_token, uint32_t from);

void request_block(struct call *c, const char *snapshot, uint32_t index,
                   const char *token);

/* Reads the checksum out of a block's answer.  -1 says what is wrong with
 * it: length, algorithm, no checksum; such an answer proves nothing. */
int block_answer(const struct http_answer *a, unsigned char sha256[32],
                 struct err *e);

#endif
