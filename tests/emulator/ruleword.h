/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a rule, as a table, and the rule that they make. */
#ifndef EMULATOR_RULEWORD_H
#define EMULATOR_RULEWORD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "effect.h"
#include "fail.h"

struct rule {
    const char *text;
    /* where */
    uint64_t ops; /* bits; 0: all */
    bool has_block;
    int64_t block_first;
    int64_t block_last;
    char snapshot[65];
    char key[130];
    char region[64];
    /* what */
    const struct fault *fault; /* NULL: the effect */
    enum effect effect;
    char against[65]; /* of FX_AGAINST */
    int64_t value;
    enum dialect dialect;
    enum fault_body body;
    bool decided; /* it has a what */
    /* when */
    uint64_t times; /* 0: no limit */
    uint64_t after;
    uint64_t every;
    double from;   /* seconds since the start */
    double until;  /* 0: no limit */
    double chance; /* 0: certain */
    double over;   /* per second; 0: no rate */
    /* counters, under the lock of the rules */
    uint64_t random;
    uint64_t seen;
    uint64_t fired;
    double bucket;
    int64_t bucket_at;
};

int ruleword_parse(struct rule *rule, const char *text, struct fail *f);
void ruleword_help(FILE *out);

#endif
