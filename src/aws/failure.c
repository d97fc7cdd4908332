/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/failure.h"

#include "aws/verdict.h"

enum failure {
    STOPPED,     /* by a signal */
    MACHINE,     /* no memory; a bug */
    KEYS,        /* for every question alike */
    REFUSED,     /* this question, whatever it is about */
    THIS_ONE,    /* cannot be read, by these keys or by any */
    SERVICE,     /* is not reached, or has trouble */
    OUTPUT,      /* what is written */
    EVIDENCE,    /* what is read: papers, images, answers that disagree */
    FAILURES
};

enum { NOTE, ENDS };

static const unsigned char table[QUESTIONS][FAILURES] = {
    /* STOPPED MACHINE KEYS  REFUSED THIS_ONE SERVICE OUTPUT EVIDENCE */
    [ASKED_AS_NEEDED] =
        { ENDS, ENDS,  ENDS, ENDS,   ENDS,    ENDS,   ENDS,  ENDS },
    [ASKED_OF_THE_TARGET] =
        { ENDS, ENDS,  ENDS, NOTE,   ENDS,    NOTE,   ENDS,  ENDS },
    [ASKED_AS_USEFUL] =
        { ENDS, ENDS,  ENDS, NOTE,   NOTE,    NOTE,   ENDS,  NOTE },
    /* A service that is gone is gone for the others, too. */
    [ASKED_FOR_ONE_OF_MANY] =
        { ENDS, ENDS,  ENDS, NOTE,   NOTE,    ENDS,   ENDS,  ENDS },
    /* Nothing else is asked after it, and the reserve names the keys. */
    [ASKED_AS_A_CONTROL] =
        { ENDS, ENDS,  NOTE, NOTE,   NOTE,    NOTE,   ENDS,  ENDS },
};

/* Access is refused by what the service says; where it has said nothing, it
 * is keys that were not to be had. */
static enum failure refusal(const struct err *e)
{
    switch ((enum meaning)e->meaning) {
    case MEANS_NO_RIGHT:
    case MEANS_FORBIDDEN:
        return REFUSED;
    case MEANS_NOT_THIS_ONE:
        return THIS_ONE;
    default:
        return KEYS;
    }
}

static enum failure failure_of(const struct err *e)
{
    switch (e->kind) {
    case ERR_INTERRUPTED:
        return STOPPED;
    case ERR_ACCESS:
        return refusal(e);
    case ERR_SOURCE:
        return THIS_ONE;
    case ERR_SERVICE:
        return SERVICE;
    case ERR_DEST:
        return OUTPUT;
    case ERR_USAGE:
    case ERR_VERIFY:
        return EVIDENCE;
    default:
        return MACHINE;
    }
}

bool failure_ends(enum question why, const struct err *e)
{
    return table[why][failure_of(e)] == ENDS;
}

bool failure_of_block_ends(const struct err *e)
{
    return e->kind == ERR_ACCESS || failure_ends(ASKED_FOR_ONE_OF_MANY, e);
}

bool failure_of_blocks_ends(_Atomic unsigned *strikes,
                            const struct err *e)
{
    return e->kind == ERR_SERVICE ? ++*strikes >= BLOCK_STRIKES
        : failure_of_block_ends(e);
}
