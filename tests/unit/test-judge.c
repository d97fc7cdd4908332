/* SPDX-License-Identifier: Apache-2.0 */
/* What a run that is whole can be held against, from what it knows at its
 * end: each fact that is missing or does not fit alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "acquire/judge.h"

/* A run in one session: three blocks of 1 GiB, listed twice, counted by EC2,
 * into an E01. */
struct run {
    struct acquire_options opt;
    struct recipe kept;
    struct acquisition a;
    const int64_t *clock;
};

static const int64_t exact = 0;
static char moment[] = "2026-08-01T00:00:00Z";

static struct blockmap *map_of_three(const char *size)
{
    char page[400];
    struct listing l;
    struct err e = ERR_INIT;
    struct blockmap *m = blockmap_new(1, &e);

    snprintf(page, sizeof(page), "{\"Blocks\":["
             "{\"BlockIndex\":0,\"BlockToken\":\"a\"},"
             "{\"BlockIndex\":1,\"BlockToken\":\"b\"},"
             "{\"BlockIndex\":9,\"BlockToken\":\"c\"}],"
             "\"BlockSize\":524288,\"VolumeSize\":%s}", size);
    assert_non_null(m);
    assert_int_equal(listing_parse(page, strlen(page), &l, &e), 0);
    assert_int_equal(blockmap_add(m, &l, &e), 0);
    return m;
}

static void begin(struct run *r)
{
    struct acquisition *a = &r->a;

    memset(r, 0, sizeof(*r));
    r->opt = (struct acquire_options){
        .formats = 1u << FORMAT_E01, .hashes = HASH_ALL, .audit = 64,
        .recheck = 64,
    };
    r->clock = &exact;
    a->opt = &r->opt;
    a->origin.map = map_of_three("1");
    a->origin.facts_known = true;
    a->origin.facts.full_size = (struct xml_count){ true, 3 * BLOCK_SIZE };
    a->origin.facts.start_time = moment;
    a->outputs.ledger.counts.stored = 3;
    controls_set(&a->result.controls, CONTROL_SECOND_LIST, CONTROL_DONE,
                 "%s", "");
}

/* It has kept two blocks of an earlier session. */
static void go_on(struct run *r)
{
    r->a.resume = (struct resuming){
        .on = true, .kept = &r->kept, .at = { .offset = 2 * BLOCK_SIZE },
        .rows = 2, .rechecked = 2,
    };
    r->kept.origin.start_time = moment;
}

/* It has taken two blocks from an earlier image. */
static void build_upon(struct run *r)
{
    r->opt.since = "earlier";
    r->a.since.used = true;
    r->a.since.carried = 2;
    r->a.outputs.ledger.counts.carried = 2;
}

static enum outcome judge(struct run *r)
{
    judge_controls(&r->a, r->clock);
    blockmap_free(r->a.origin.map);
    r->a.origin.map = NULL;
    return r->a.result.outcome;
}

static enum control_result of(const struct run *r, enum control which)
{
    return r->a.result.controls.of[which].result;
}

static const char *why(const struct run *r, enum control which)
{
    return r->a.result.controls.of[which].why;
}

static void nothing_is_held_against_a_good_run(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_EC2_COUNT), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_VOLUME_SIZE), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_CHECKSUMS), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_DIGESTS), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_READBACK), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_CLOCK), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_SAME_SNAPSHOT), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_KEPT_BLOCKS), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_RECHECK), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_CHANGES), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_CARRIED), CONTROL_MOOT);
}

/* One block more, one block less, half a block. */
static void another_count_of_ec2_is_a_doubt(void **state)
{
    static const uint64_t counts[] = {
        4 * (uint64_t)BLOCK_SIZE, 2 * BLOCK_SIZE, 3 * BLOCK_SIZE + 1, 0,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct run r;

        begin(&r);
        r.a.origin.facts.full_size.value = counts[i];
        assert_int_equal(judge(&r), OUTCOME_DOUBT);
        assert_int_equal(of(&r, CONTROL_EC2_COUNT), CONTROL_DIFFERS);
        assert_non_null(strstr(why(&r, CONTROL_EC2_COUNT), "3 blocks are"));
    }
}

static void without_ec2_the_second_list_stands_in(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    r.a.origin.facts_known = false;
    r.a.origin.facts = (struct ec2_snapshot){ 0 };
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_EC2_COUNT), CONTROL_NOT_HAD);
    assert_int_equal(of(&r, CONTROL_VOLUME_SIZE), CONTROL_NOT_HAD);
    begin(&r);
    controls_set(&r.a.result.controls, CONTROL_SECOND_LIST, CONTROL_NOT_HAD,
                 "%s", "no");
    assert_int_equal(judge(&r), OUTCOME_UNCHECKED);
}

static void a_list_that_tells_no_size_is_no_control_of_it(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    blockmap_free(r.a.origin.map);
    r.a.origin.map = map_of_three("null");
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_VOLUME_SIZE), CONTROL_NOT_HAD);
}

static void unreadable_blocks_are_told(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    r.a.outputs.ledger.counts.unreadable = 1;
    assert_int_equal(judge(&r), OUTCOME_UNREADABLE);
    assert_string_equal(why(&r, CONTROL_CHECKSUMS),
                        "1 blocks could not be read");
}

static void a_run_that_was_gone_on_with_is_as_good(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    go_on(&r);
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_SAME_SNAPSHOT), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_KEPT_BLOCKS), CONTROL_DONE);
    assert_int_equal(of(&r, CONTROL_RECHECK), CONTROL_DONE);
    assert_string_equal(why(&r, CONTROL_RECHECK), "2 of 2 blocks");
}

/* Then or now; a sample of what is kept stands in, and nothing else does. */
static void sessions_that_may_be_of_two_disks_are_told(void **state)
{
    (void)state;
    for (int then = 0; then < 2; then++) {
        struct run r;

        begin(&r);
        go_on(&r);
        if (then)
            r.kept.origin.start_time = NULL;
        else
            r.a.origin.facts.start_time = NULL;
        assert_int_equal(judge(&r), OUTCOME_COMPLETE);
        assert_int_equal(of(&r, CONTROL_SAME_SNAPSHOT), CONTROL_NOT_HAD);
        begin(&r);
        go_on(&r);
        r.kept.origin.start_time = NULL;
        r.opt.recheck = 0;
        r.a.resume.rechecked = 0;
        assert_int_equal(judge(&r), OUTCOME_UNPROVED);
        assert_int_equal(of(&r, CONTROL_RECHECK), CONTROL_OFF);
    }
}

/* Blocks that are kept, and none of them could be compared. */
static void a_sample_of_nothing_is_none(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    go_on(&r);
    r.kept.origin.start_time = NULL;
    r.a.resume.rechecked = 0;
    assert_int_equal(judge(&r), OUTCOME_UNPROVED);
    assert_int_equal(of(&r, CONTROL_RECHECK), CONTROL_NOT_HAD);
}

/* The run began anew: another session has left nothing in the image. */
static void a_session_that_kept_nothing_need_not_be_the_same(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    go_on(&r);
    r.kept.origin.start_time = NULL;
    r.a.resume.rows = r.a.resume.rechecked = 0;
    r.a.resume.at.offset = 0;
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_SAME_SNAPSHOT), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_KEPT_BLOCKS), CONTROL_MOOT);
    assert_int_equal(of(&r, CONTROL_RECHECK), CONTROL_MOOT);
}

static void what_is_carried_rests_on_a_list(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    build_upon(&r);
    r.a.since.audited = 1;
    assert_int_equal(judge(&r), OUTCOME_LISTED);
    assert_int_equal(of(&r, CONTROL_CHANGES), CONTROL_DONE);
    assert_string_equal(why(&r, CONTROL_SAMPLE), "1 of 2 blocks");
}

static void what_was_fetched_as_well_does_not(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    build_upon(&r);
    r.a.since.audited = 2;
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_CARRIED), CONTROL_DONE);
}

/* Of what an earlier session carried, nobody knows which were fetched too. */
static void an_earlier_session_proves_nothing_of_it(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    go_on(&r);
    build_upon(&r);
    r.a.since.audited = 2;
    r.a.resume.carried = 1;
    assert_int_equal(judge(&r), OUTCOME_LISTED);
    begin(&r);
    go_on(&r);
    build_upon(&r);
    r.a.since.used = false; /* and now the earlier image is not there */
    assert_int_equal(judge(&r), OUTCOME_LISTED);
    assert_int_equal(of(&r, CONTROL_CHANGES), CONTROL_NOT_HAD);
}

static void what_the_operator_switched_off_is_told(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    build_upon(&r);
    r.opt.audit = 0;
    r.opt.hashes = 0;
    r.opt.formats = 1u << FORMAT_RAW;
    judge(&r);
    assert_string_equal(why(&r, CONTROL_SAMPLE), "--audit 0");
    assert_string_equal(why(&r, CONTROL_DIGESTS), "--hash none");
    assert_int_equal(of(&r, CONTROL_DIGESTS), CONTROL_OFF);
    assert_int_equal(of(&r, CONTROL_READBACK), CONTROL_MOOT);
}

/* From five minutes on AWS refuses a signature; no byte rests on a clock. */
static void a_clock_that_is_far_off_is_told_and_no_more(void **state)
{
    static const struct {
        int64_t offset;
        enum control_result want;
        const char *why;
    } rows[] = {
        { 299, CONTROL_DONE, "+299 s" },
        { 300, CONTROL_DIFFERS, "+300 s" },
        { -299, CONTROL_DONE, "-299 s" },
        { -300, CONTROL_DIFFERS, "-300 s" },
    };
    struct run r;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin(&r);
        r.clock = &rows[i].offset;
        assert_int_equal(judge(&r), OUTCOME_COMPLETE);
        assert_int_equal(of(&r, CONTROL_CLOCK), rows[i].want);
        assert_string_equal(why(&r, CONTROL_CLOCK), rows[i].why);
    }
    begin(&r);
    r.clock = NULL;
    assert_int_equal(judge(&r), OUTCOME_COMPLETE);
    assert_int_equal(of(&r, CONTROL_CLOCK), CONTROL_NOT_HAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_held_against_a_good_run),
        cmocka_unit_test(another_count_of_ec2_is_a_doubt),
        cmocka_unit_test(without_ec2_the_second_list_stands_in),
        cmocka_unit_test(a_list_that_tells_no_size_is_no_control_of_it),
        cmocka_unit_test(unreadable_blocks_are_told),
        cmocka_unit_test(a_run_that_was_gone_on_with_is_as_good),
        cmocka_unit_test(sessions_that_may_be_of_two_disks_are_told),
        cmocka_unit_test(a_sample_of_nothing_is_none),
        cmocka_unit_test(a_session_that_kept_nothing_need_not_be_the_same),
        cmocka_unit_test(what_is_carried_rests_on_a_list),
        cmocka_unit_test(what_was_fetched_as_well_does_not),
        cmocka_unit_test(an_earlier_session_proves_nothing_of_it),
        cmocka_unit_test(what_the_operator_switched_off_is_told),
        cmocka_unit_test(a_clock_that_is_far_off_is_told_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
