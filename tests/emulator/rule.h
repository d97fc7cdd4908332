/* SPDX-License-Identifier: Apache-2.0 */
/* The fault switches.  A rule says which requests, what happens to them,
 * and when:
 *
 *     [WHERE ...:] WHAT [WHEN ...]
 *
 *     block 17: 500 times 3
 *     get: throttle over 500
 *     list: volume-size 9 after 1
 *     503 body html chance 0.05 seed 7
 *
 * Words are separated by blanks or '='.  Without WHERE it applies to every
 * request.  All rules that match a request apply together; of several
 * errors the first one wins.  rule_help() prints every word. */
#ifndef EMULATOR_RULE_H
#define EMULATOR_RULE_H

#include <stdint.h>
#include <stdio.h>

#include "effect.h"
#include "fail.h"
#include "op.h"

struct rules;

/* What a rule can look at. */
struct rule_request {
    enum op_id op;
    const char *snapshot; /* "" when there is none */
    const char *first;    /* ListChangedBlocks: the other one, or "" */
    const char *key;      /* access key id, or "" */
    const char *region;   /* that it is signed for, or "" */
    int64_t block;        /* -1: none */
};

struct rules *rules_new(void);
void rules_free(struct rules *r);

/* Adds the rule of the command line.  The text must outlive the rules. */
int rules_add(struct rules *r, const char *text, struct fail *f);

/* Counts the request and collects what applies to it.  Any thread. */
void rules_apply(struct rules *r, const struct rule_request *q,
                 struct effects *out);

void rule_help(FILE *out);

#endif
