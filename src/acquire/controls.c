/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/controls.h"

#include <stdarg.h>
#include <stdio.h>

/* What follows when a control was not done, unless its stand-in was; and when
 * it does not agree.  OUTCOME_COMPLETE: it is told, and nothing else. */
struct row {
    const char *name;
    const char *compares;
    enum control stand_in;
    enum outcome absent;
    enum outcome differs;
};

static const struct row rows[CONTROLS] = {
    /* A list that leaves blocks out makes zeros of them.  Nothing stands in
     * for the second one: EC2's count is right, too, when one index stands in
     * the place of another. */
    [CONTROL_SECOND_LIST] = {
        "second-list", "the blocks of the image with those that the service "
        "lists when it is asked again after the last block",
        CONTROL_NONE, OUTCOME_UNCHECKED, OUTCOME_DOUBT },
    /* A second list proves what a count can, and more. */
    [CONTROL_EC2_COUNT] = {
        "ec2-count", "the number of blocks listed with the bytes that EC2 "
        "counts",
        CONTROL_SECOND_LIST, OUTCOME_UNCHECKED, OUTCOME_DOUBT },
    /* Two sizes that differ end the run; the second list has a size, too. */
    [CONTROL_VOLUME_SIZE] = {
        "volume-size", "the size of the volume in the list with EC2's",
        CONTROL_SECOND_LIST, OUTCOME_UNCHECKED, OUTCOME_DOUBT },
    /* So does another time.  A list has indices, and those of two disks can
     * be the same: of what stands in, only bytes do. */
    [CONTROL_SAME_SNAPSHOT] = {
        "same-snapshot", "the time of the snapshot with that which EC2 told "
        "when the run was begun",
        CONTROL_RECHECK, OUTCOME_UNPROVED, OUTCOME_DOUBT },
    /* A run goes back to where they are good. */
    [CONTROL_KEPT_BLOCKS] = {
        "kept-blocks", "what earlier sessions wrote with the manifest",
        CONTROL_NONE, OUTCOME_DOUBT, OUTCOME_DOUBT },
    /* Of these a sample; one that differs ends the run.  None of them to be
     * had (all are unreadable) is a reserve of its own already. */
    [CONTROL_RECHECK] = {
        "recheck", "blocks that earlier sessions wrote, chosen at random, "
        "with what the service gives now",
        CONTROL_NONE, OUTCOME_COMPLETE, OUTCOME_DOUBT },
    /* A block without a checksum is not accepted: what lacks one is zeros. */
    [CONTROL_CHECKSUMS] = {
        "block-checksums", "each block with the SHA-256 that the provider "
        "sent with it",
        CONTROL_NONE, OUTCOME_UNREADABLE, OUTCOME_DOUBT },
    /* Without lists that agree every block is fetched. */
    [CONTROL_CHANGES] = {
        "lists-of-changes", "the lists of stored blocks then and now with "
        "the list of changes",
        CONTROL_NONE, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
    [CONTROL_SAMPLE] = {
        "sample", "blocks that EBS does not list as changed, chosen at "
        "random, with those of the earlier image",
        CONTROL_NONE, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
    [CONTROL_CARRIED] = {
        "carried-blocks", "each block taken from the earlier image with the "
        "one that the service has now",
        CONTROL_NONE, OUTCOME_LISTED, OUTCOME_DOUBT },
    /* They are what later checks compare with. */
    [CONTROL_DIGESTS] = {
        "volume-digests", "the volume while it passed with later readings, "
        "by its digests",
        CONTROL_NONE, OUTCOME_DOUBT, OUTCOME_DOUBT },
    /* One that does not read back ends the run. */
    [CONTROL_READBACK] = {
        "e01-readback", "size, digests and end of the closed E01 with what "
        "was written",
        CONTROL_NONE, OUTCOME_DOUBT, OUTCOME_DOUBT },
    /* The times in the log are this machine's; no byte rests on them. */
    [CONTROL_CLOCK] = {
        "clock", "this machine's clock with the service's",
        CONTROL_NONE, OUTCOME_COMPLETE, OUTCOME_COMPLETE },
};

static const char *const results[] = {
    [CONTROL_NOT_HAD] = "not-had",
    [CONTROL_DONE] = "done",
    [CONTROL_DIFFERS] = "differs",
    [CONTROL_OFF] = "switched-off",
    [CONTROL_MOOT] = "does-not-apply",
};

const char *control_name(enum control which)
{
    return rows[which].name;
}

const char *control_compares(enum control which)
{
    return rows[which].compares;
}

const char *control_result_name(enum control_result r)
{
    return results[r];
}

void controls_set(struct controls *c, enum control which,
                  enum control_result result, const char *fmt, ...)
{
    struct control_state *s = &c->of[which];
    va_list ap;

    s->result = result;
    va_start(ap, fmt);
    vsnprintf(s->why, sizeof(s->why), fmt, ap);
    va_end(ap);
}

enum control controls_stand_in(const struct controls *c, enum control which)
{
    enum control other = rows[which].stand_in;

    if (c->of[which].result != CONTROL_NOT_HAD || other == CONTROL_NONE)
        return CONTROL_NONE;
    return c->of[other].result == CONTROL_DONE
            || c->of[other].result == CONTROL_DIFFERS
        ? other : CONTROL_NONE;
}

enum outcome controls_reserve(const struct controls *c, enum control which)
{
    switch (c->of[which].result) {
    case CONTROL_NOT_HAD:
        return controls_stand_in(c, which) == CONTROL_NONE
            ? rows[which].absent : OUTCOME_COMPLETE;
    case CONTROL_DIFFERS:
        return rows[which].differs;
    default:
        return OUTCOME_COMPLETE;
    }
}

unsigned controls_reserves(const struct controls *c)
{
    unsigned all = 0;

    for (int i = 0; i < CONTROLS; i++)
        all |= OUTCOME_BIT(controls_reserve(c, (enum control)i));
    return all & ~OUTCOME_BIT(OUTCOME_COMPLETE);
}

enum outcome controls_verdict(const struct controls *c)
{
    unsigned all = controls_reserves(c);
    int worst = OUTCOME_DOUBT;

    while (worst > OUTCOME_COMPLETE && !(all & OUTCOME_BIT(worst)))
        worst--;
    return (enum outcome)worst;
}
