/* SPDX-License-Identifier: Apache-2.0 */
/* Facts go in, links come out: never more than the facts prove. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lineage/lineage.h"

#define A "snap-0000000000000000a"
#define B "snap-0000000000000000b"
#define C "snap-0000000000000000c"
#define D "snap-0000000000000000d"
#define VOL "vol-00000000000000001"
#define OLD "vol-00000000000000002"

static char *text(const char *s)
{
    union { const char *in; char *out; } u = { s };

    return u.out; /* the lineage only reads it */
}

static void add(struct lineage *l, const char *id, const char *volume,
                const char *time, const char *description)
{
    struct ec2_snapshot s = {
        .id = text(id), .volume_id = text(volume),
        .status = text("completed"), .start_time = text(time),
        .description = text(description), .volume_gib = 1,
    };

    lineage_add_snapshot(l, &s);
}

static void add_volume(struct lineage *l, const char *id, const char *from)
{
    struct ec2_volume v = { .id = text(id), .snapshot_id = text(from) };

    lineage_add_volume(l, &v);
}

static const struct lineage_link *find(const struct lineage *l,
                                       const char *from,
                                       enum lineage_relation relation,
                                       const char *to)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].relation == relation
            && strcmp(l->nodes[l->links[i].from].id, from) == 0
            && strcmp(l->nodes[l->links[i].to].id, to) == 0)
            return &l->links[i];
    return NULL;
}

static void finish(struct lineage *l)
{
    struct err e = ERR_INIT;

    assert_int_equal(lineage_finish(l, &e), 0);
}

static const char *next(const struct lineage *l)
{
    size_t n = lineage_next(l);

    return n == LINEAGE_NONE ? "" : l->nodes[n].id;
}

static void snapshots_of_a_volume_are_in_order_of_time(void **state)
{
    const struct lineage_link *k;
    struct lineage l;

    (void)state;
    lineage_init(&l, B, "eu-west-1");
    assert_string_equal(next(&l), B);
    add(&l, B, VOL, "2026-01-02T00:00:00.000Z", NULL);
    assert_string_equal(next(&l), VOL);
    add(&l, C, VOL, "2026-01-03T00:00:00.000Z", NULL);
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add_volume(&l, VOL, "");
    assert_string_equal(next(&l), "");
    finish(&l);
    k = find(&l, B, LINEAGE_FOLLOWS, A);
    assert_non_null(k);
    assert_int_equal(lineage_link_grade(k), GRADE_RECORDED);
    assert_null(k->detail);
    assert_non_null(find(&l, C, LINEAGE_FOLLOWS, B));
    assert_null(find(&l, C, LINEAGE_FOLLOWS, A));
    lineage_free(&l);
}

static void add_copies(struct lineage *l, const char *const *times)
{
    static const char *const ids[] = { A, B, C, D };

    for (size_t i = 0; i < 4; i++)
        add(l, ids[i], VOL, times[i], NULL);
    add_volume(l, VOL, "");
    finish(l);
}

/* Which was first nobody has recorded. */
static void equal_times_give_no_order(void **state)
{
    static const char *const times[] = {
        "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z",
        "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z",
    };
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    add_copies(&l, times);
    assert_null(find(&l, C, LINEAGE_FOLLOWS, B));
    assert_null(find(&l, B, LINEAGE_FOLLOWS, C));
    assert_non_null(find(&l, B, LINEAGE_FOLLOWS, A));
    assert_non_null(find(&l, C, LINEAGE_FOLLOWS, A));
    assert_non_null(find(&l, D, LINEAGE_FOLLOWS, B));
    assert_non_null(find(&l, D, LINEAGE_FOLLOWS, C));
    assert_null(find(&l, D, LINEAGE_FOLLOWS, A));
    lineage_free(&l);
}

static void the_volume_id_of_a_copy_is_never_used(void **state)
{
    static const char *const ids[] = {
        "vol-ffffffff", "vol-ffff", "vol-fffffffffffffffff", "", "vol-",
        "nonsense", NULL,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        struct lineage l;

        lineage_init(&l, A, "eu-west-1");
        add(&l, A, ids[i], "2026-01-01T00:00:00.000Z", NULL);
        add(&l, B, ids[i], "2026-01-02T00:00:00.000Z", NULL);
        finish(&l);
        if (l.nlinks)
            fail_msg("a link by %s", ids[i] ? ids[i] : "nothing");
        assert_string_equal(next(&l), "");
        lineage_free(&l);
    }
}

static void the_line_goes_on_through_the_origin(void **state)
{
    struct lineage_pair *pairs;
    struct lineage l;
    size_t n;

    (void)state;
    lineage_init(&l, B, "eu-west-1");
    add(&l, B, VOL, "2026-01-02T00:00:00.000Z", NULL);
    add_volume(&l, VOL, A);
    assert_string_equal(next(&l), A);
    add(&l, A, OLD, "2026-01-01T00:00:00.000Z", NULL);
    assert_string_equal(next(&l), OLD);
    lineage_set_state(&l, OLD, LINEAGE_GONE);
    assert_string_equal(next(&l), "");
    finish(&l);
    assert_non_null(find(&l, VOL, LINEAGE_MADE_FROM, A));
    pairs = lineage_pairs(&l, &n);
    assert_int_equal(n, 1);
    assert_string_equal(l.nodes[pairs[0].first].id, A);
    assert_string_equal(l.nodes[pairs[0].second].id, B);
    free(pairs);
    lineage_free(&l);
}

static void an_answer_proves_a_relation_and_no_direction(void **state)
{
    const struct lineage_link *k;
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    add(&l, A, NULL, NULL, NULL);
    add(&l, B, NULL, NULL, NULL);
    lineage_add_answer(&l, lineage_find(&l, A), lineage_find(&l, B),
                       ANSWER_COMPARABLE, 7, true);
    k = find(&l, B, LINEAGE_COMPARABLE, A);
    assert_non_null(k);
    assert_int_equal(lineage_link_grade(k), GRADE_RELATED);
    assert_string_equal(k->detail, "at least 7 blocks listed as changed");
    lineage_add_answer(&l, lineage_find(&l, A), lineage_find(&l, B),
                       ANSWER_UNRELATED, 0, false);
    assert_non_null(find(&l, B, LINEAGE_UNRELATED, A));
    lineage_free(&l);
}

static void texts_are_hints(void **state)
{
    static const struct {
        const char *text;
        enum lineage_relation relation;
        const char *to;
        bool asked;
        enum lineage_state state;
    } rows[] = {
        { "[Copied " B " from eu-west-1] x", LINEAGE_COPY_OF, B, true,
          LINEAGE_NAMED },
        { "[Copied " B " from us-east-1] x", LINEAGE_COPY_OF, B, false,
          LINEAGE_ELSEWHERE },
        { "Copied for DestinationAmi ami-0123456789abcdef0 from SourceAmi "
          "ami-0fedcba9876543210 for SourceSnapshot " B ". Task created on "
          "1,566,308,778,174.", LINEAGE_COPY_OF, B, true, LINEAGE_NAMED },
        { "Created by CreateImage(i-0123456789abcdef0) for "
          "ami-0123456789abcdef0 from " VOL, LINEAGE_MADE_FOR,
          "ami-0123456789abcdef0", false, LINEAGE_NAMED },
        { "see " B, LINEAGE_NAMES, B, false, LINEAGE_NAMED },
        { "taken of " VOL, LINEAGE_NAMES, VOL, false, LINEAGE_NAMED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct lineage_link *k;
        struct lineage l;

        lineage_init(&l, A, "eu-west-1");
        add(&l, A, NULL, NULL, rows[i].text);
        k = find(&l, A, rows[i].relation, rows[i].to);
        if (!k)
            fail_msg("row %zu: no link", i);
        assert_int_equal(lineage_link_grade(k), GRADE_HINT);
        assert_string_equal(next(&l), rows[i].asked ? rows[i].to : "");
        assert_int_equal(l.nodes[k->to].state, rows[i].state);
        lineage_free(&l);
    }
}

static void texts_cannot_flood_the_graph(void **state)
{
    char flood[200 * 24];
    struct lineage l;

    (void)state;
    flood[0] = '\0';
    for (int i = 0; i < 200; i++)
        sprintf(flood + strlen(flood), "snap-%017x ", (unsigned)i + 1);
    lineage_init(&l, A, "");
    add(&l, A, NULL, NULL, flood);
    assert_true(l.nnodes <= 17);
    lineage_free(&l);
    lineage_init(&l, A, "");
    add(&l, A, NULL, NULL, "snap- snap-xyz vol-ffffffff xsnap-12345678 "
        "snap-12345678x \xff\xfe");
    assert_int_equal(l.nnodes, 1);
    lineage_free(&l);
}

static void a_log_names_what_was_deleted(void **state)
{
    struct trail_event events[] = {
        { TRAIL_SNAPSHOT, B, VOL, "", "2026-01-02T00:00:00Z", "e1" },
        { TRAIL_DELETE, B, "", "", "2026-01-05T00:00:00Z", "e2" },
        { TRAIL_SNAPSHOT, "snap-00000000000000fff", OLD, "", "", "e3" },
    };
    struct trail t = { events, 3, 3 };
    const struct lineage_link *k;
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(&l, C, VOL, "2026-01-03T00:00:00.000Z", NULL);
    add_volume(&l, VOL, NULL);
    lineage_add_trail(&l, &t);
    lineage_add_trail(&l, &t);
    assert_string_equal(next(&l), B);
    lineage_set_state(&l, B, LINEAGE_GONE);
    assert_string_equal(next(&l), "");
    finish(&l);
    k = find(&l, B, LINEAGE_TAKEN_OF, VOL);
    assert_non_null(k);
    assert_int_equal(lineage_link_grade(k), GRADE_LOG);
    assert_int_equal(l.nodes[lineage_find(&l, B)].state, LINEAGE_GONE);
    assert_string_equal(l.nodes[lineage_find(&l, B)].deleted,
                        "2026-01-05T00:00:00Z");
    k = find(&l, C, LINEAGE_FOLLOWS, A);
    assert_non_null(k);
    assert_string_equal(k->detail, "a log names " B " between them, gone "
                        "now");
    assert_int_equal(lineage_find(&l, OLD), LINEAGE_NONE);
    lineage_free(&l);
}

static struct trail trail_of(struct trail_event *event)
{
    return (struct trail){ event, 1, 1 };
}

/* A, B and C of one volume, in this order, and C the last that is known. */
static void add_three(struct lineage *l)
{
    add(l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(l, B, VOL, "2026-01-02T00:00:00.000Z", NULL);
    add(l, C, VOL, "2026-01-03T00:00:00.000Z", NULL);
    add_volume(l, VOL, NULL);
}

static void assert_follows(const struct lineage *l, const char *from,
                           const char *to, enum lineage_proof proof)
{
    const struct lineage_link *k = find(l, from, LINEAGE_FOLLOWS, to);

    assert_non_null(k);
    assert_int_equal(k->proof, proof);
    assert_int_equal(lineage_link_grade(k), proof == PROOF_ORDER
                     ? GRADE_RECORDED : GRADE_LOG);
}

/* Records of a log have whole seconds. */
static void a_time_in_seconds_says_nothing_of_less(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, B, VOL, "",
                             "2026-01-02T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, B, "eu-west-1");
    add(&l, A, VOL, "2026-01-02T00:00:00.700Z", NULL);
    add(&l, B, VOL, NULL, NULL);
    add(&l, C, VOL, "2026-01-02T00:00:01.000Z", NULL);
    lineage_add_trail(&l, &t);
    finish(&l);
    assert_null(find(&l, B, LINEAGE_FOLLOWS, A));
    assert_null(find(&l, A, LINEAGE_FOLLOWS, B));
    assert_non_null(find(&l, C, LINEAGE_FOLLOWS, B));
    lineage_free(&l);
}

static void a_time_of_ec2_wins_over_that_of_a_log(void **state)
{
    struct trail_event late = { TRAIL_SNAPSHOT, A, VOL, "",
                                "2031-01-01T00:00:00Z", "e1" };
    struct trail_event made = { TRAIL_VOLUME, VOL, C, "",
                                "2031-01-01T00:00:00Z", "e2" };
    struct ec2_volume v = { .id = text(VOL),
                            .create_time = text("2025-01-01T00:00:00Z") };
    struct trail first = trail_of(&late);
    struct trail second = trail_of(&made);
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    lineage_add_trail(&l, &first);
    lineage_add_trail(&l, &second);
    assert_true(l.nodes[l.target].time_logged);
    add_three(&l);
    lineage_add_volume(&l, &v);
    lineage_add_trail(&l, &first);
    finish(&l);
    assert_string_equal(l.nodes[l.target].time, "2026-01-01T00:00:00.000Z");
    assert_false(l.nodes[l.target].time_logged);
    assert_string_equal(l.nodes[lineage_find(&l, VOL)].time,
                        "2025-01-01T00:00:00Z");
    assert_follows(&l, B, A, PROOF_ORDER);
    assert_follows(&l, C, B, PROOF_ORDER);
    assert_null(find(&l, A, LINEAGE_FOLLOWS, C));
    lineage_free(&l);
}

static void an_order_by_the_time_of_a_log_is_not_recorded(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, B, VOL, "",
                             "2026-01-02T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, B, "eu-west-1");
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(&l, B, VOL, NULL, NULL);
    finish(&l);
    assert_null(find(&l, B, LINEAGE_FOLLOWS, A));
    lineage_add_trail(&l, &t);
    finish(&l);
    assert_true(l.nodes[l.target].time_logged);
    assert_follows(&l, B, A, PROOF_LOG_ORDER);
    lineage_free(&l);
}

static void the_volume_that_ec2_records_wins_over_that_of_a_log(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, C, VOL, "",
                             "2026-01-01T12:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    const struct lineage_link *k;
    struct lineage l;

    (void)state;
    lineage_init(&l, C, "eu-west-1");
    lineage_add_trail(&l, &t);
    add(&l, C, OLD, "2026-01-01T12:00:00.000Z", NULL);
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(&l, B, VOL, "2026-01-02T00:00:00.000Z", NULL);
    finish(&l);
    assert_follows(&l, B, A, PROOF_ORDER);
    assert_null(find(&l, C, LINEAGE_FOLLOWS, A));
    assert_null(find(&l, B, LINEAGE_FOLLOWS, C));
    k = find(&l, C, LINEAGE_TAKEN_OF, VOL);
    assert_int_equal(lineage_link_grade(k), GRADE_LOG);
    assert_ptr_equal(lineage_denied(&l, k),
                     find(&l, C, LINEAGE_TAKEN_OF, OLD));
    assert_null(lineage_denied(&l, find(&l, C, LINEAGE_TAKEN_OF, OLD)));
    lineage_free(&l);
}

static void a_log_that_says_the_same_is_not_denied(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, A, VOL, "",
                             "2026-01-01T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    lineage_add_trail(&l, &t);
    add_three(&l);
    for (size_t i = 0; i < l.nlinks; i++)
        assert_null(lineage_denied(&l, &l.links[i]));
    lineage_free(&l);
}

/* Whom EC2 does not place, a log may place, in its own name; and it takes
 * nothing away from what EC2 records. */
static void a_member_by_a_log_stands_beside_the_recorded_order(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, B, VOL, "",
                             "2026-01-02T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, C, "eu-west-1");
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(&l, B, NULL, "2026-01-02T00:00:00.000Z", NULL);
    add(&l, C, VOL, "2026-01-03T00:00:00.000Z", NULL);
    lineage_add_trail(&l, &t);
    finish(&l);
    assert_follows(&l, C, A, PROOF_ORDER);
    assert_follows(&l, B, A, PROOF_LOG_ORDER);
    assert_follows(&l, C, B, PROOF_LOG_ORDER);
    lineage_free(&l);
}

static void nothing_is_gone_that_ec2_was_not_asked_about(void **state)
{
    struct trail_event x = { TRAIL_SNAPSHOT, B, VOL, "",
                             "2026-01-02T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    lineage_add_trail(&l, &t);
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    add(&l, C, VOL, "2026-01-03T00:00:00.000Z", NULL);
    lineage_add_trail(&l, &t);
    assert_string_equal(next(&l), VOL);
    add_volume(&l, VOL, NULL);
    assert_string_equal(next(&l), B);
    finish(&l);
    assert_int_equal(l.nodes[lineage_find(&l, B)].state, LINEAGE_NAMED);
    assert_string_equal(find(&l, C, LINEAGE_FOLLOWS, A)->detail,
                        "a log names " B " between them, not known whether "
                        "gone");
    lineage_free(&l);
}

static void a_log_cannot_keep_the_target_from_being_asked_about(void **state)
{
    struct trail_event x = { TRAIL_COPY, B, A, "xx-east-1",
                             "2026-01-02T00:00:00Z", "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "eu-west-1");
    lineage_add_trail(&l, &t);
    assert_string_equal(next(&l), A);
    lineage_free(&l);
}

static void pending_snapshots_are_not_compared(void **state)
{
    struct ec2_snapshot s = {
        .id = text(B), .volume_id = text(VOL), .status = text("pending"),
        .start_time = text("2026-01-02T00:00:00.000Z"), .volume_gib = 1,
    };
    struct lineage l;
    size_t n;

    (void)state;
    lineage_init(&l, A, "");
    add(&l, A, VOL, "2026-01-01T00:00:00.000Z", NULL);
    lineage_add_snapshot(&l, &s);
    finish(&l);
    assert_non_null(find(&l, B, LINEAGE_FOLLOWS, A));
    free(lineage_pairs(&l, &n));
    assert_int_equal(n, 0);
    lineage_free(&l);
}

enum { LONG = 20000 };

static void snap(char *id, unsigned n)
{
    snprintf(id, RESOURCE_ROOM, "snap-%017x", n);
}

/* Each record tells what the copy of the record behind it was made of: who
 * reads all of them for each step takes hours. */
static void a_long_line_of_records_is_followed_to_its_end(void **state)
{
    struct trail_event *events = calloc(LONG, sizeof(*events));
    struct trail t = { .events = events, .count = LONG, .room = LONG };
    char id[RESOURCE_ROOM];
    struct lineage l;

    (void)state;
    for (unsigned i = 0; i < LONG; i++) {
        events[i].kind = TRAIL_COPY;
        snap(events[i].made, i + 1);
        snap(events[i].from, i);
    }
    snap(id, LONG);
    lineage_init(&l, id, "us-east-1");
    alarm(100);
    lineage_add_trail(&l, &t);
    alarm(0);
    assert_int_equal(l.nnodes, LONG + 1);
    assert_int_equal(l.nlinks, LONG);
    assert_true(l.nodes[LONG].wanted);
    lineage_free(&l);
    free(events);
}

static void the_line_goes_on_when_a_thing_is_wanted_later(void **state)
{
    struct trail_event x = { TRAIL_COPY, B, C, "", "2026-01-01T00:00:00Z",
                             "e1" };
    struct trail t = trail_of(&x);
    struct lineage l;

    (void)state;
    lineage_init(&l, A, "us-east-1");
    lineage_set_state(&l, B, LINEAGE_KNOWN);
    lineage_add_trail(&l, &t);
    assert_false(l.nodes[lineage_find(&l, C)].wanted);
    lineage_want(&l, lineage_find(&l, B));
    lineage_add_trail(&l, &t);
    assert_true(l.nodes[lineage_find(&l, C)].wanted);
    lineage_free(&l);
}

static void a_graph_has_no_more_than_it_has_room_for(void **state)
{
    struct lineage l;

    (void)state;
    lineage_init(&l, VOL, "us-east-1");
    for (unsigned i = 0; i < LINEAGE_NODES_MAX + 10; i++) {
        char id[RESOURCE_ROOM];

        snap(id, i);
        add(&l, id, VOL, "2026-01-01T00:00:00Z", NULL);
    }
    assert_true(l.full);
    assert_int_equal(l.nnodes, LINEAGE_NODES_MAX);
    assert_false(l.no_memory);
    lineage_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_of_a_volume_are_in_order_of_time),
        cmocka_unit_test(equal_times_give_no_order),
        cmocka_unit_test(a_time_in_seconds_says_nothing_of_less),
        cmocka_unit_test(the_volume_id_of_a_copy_is_never_used),
        cmocka_unit_test(the_line_goes_on_through_the_origin),
        cmocka_unit_test(an_answer_proves_a_relation_and_no_direction),
        cmocka_unit_test(texts_are_hints),
        cmocka_unit_test(texts_cannot_flood_the_graph),
        cmocka_unit_test(a_log_names_what_was_deleted),
        cmocka_unit_test(a_time_of_ec2_wins_over_that_of_a_log),
        cmocka_unit_test(an_order_by_the_time_of_a_log_is_not_recorded),
        cmocka_unit_test(the_volume_that_ec2_records_wins_over_that_of_a_log),
        cmocka_unit_test(a_log_that_says_the_same_is_not_denied),
        cmocka_unit_test(a_member_by_a_log_stands_beside_the_recorded_order),
        cmocka_unit_test(nothing_is_gone_that_ec2_was_not_asked_about),
        cmocka_unit_test(a_log_cannot_keep_the_target_from_being_asked_about),
        cmocka_unit_test(pending_snapshots_are_not_compared),
        cmocka_unit_test(a_long_line_of_records_is_followed_to_its_end),
        cmocka_unit_test(the_line_goes_on_when_a_thing_is_wanted_later),
        cmocka_unit_test(a_graph_has_no_more_than_it_has_room_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
