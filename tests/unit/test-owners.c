/* SPDX-License-Identifier: Apache-2.0 */
/* Whose changed bytes are: claims that overlap, contradict each other, and end
 * inside of what has changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "files/owners.h"

static struct difference runs[] = {
    { 4096, 4096, false }, { 16384, 512, false }, { 65536, 512, true },
};

struct world {
    struct differences changed;
    struct owners side[2];
    struct text told;
};

static void begin(struct world *w)
{
    *w = (struct world){ .changed = { .runs = runs, .count = 3 } };
    w->side[0].changed = w->side[1].changed = &w->changed;
}

static void extent(struct owners *o, uint32_t file, uint64_t at,
                   uint64_t offset, uint64_t size, unsigned flags,
                   uint64_t whole)
{
    struct fs_extent x = { at, offset, size, flags };
    struct err e = ERR_INIT;

    assert_int_equal(owners_add_extent(o, &x, file, whole, false, &e), 0);
}

static void region(struct owners *o, uint32_t use, uint64_t offset,
                   uint64_t size)
{
    struct wire_region r = { offset, size, use };
    struct err e = ERR_INIT;

    assert_int_equal(owners_add_region(o, &r, &e), 0);
}

static int tell(void *ctx, const struct owned *o, struct err *e)
{
    struct world *w = ctx;

    (void)e;
    text_addf(&w->told, "%d+%d %d>%d", (int)o->offset, (int)o->size,
              (int)o->class[0], (int)o->class[1]);
    for (size_t i = 0; i < o->count[1]; i++)
        text_addf(&w->told, " %d@%d", (int)o->files[1][i]->file,
                  (int)(o->files[1][i]->at + o->offset
                        - o->files[1][i]->offset));
    text_add(&w->told, o->is_unread ? " unread;" : ";");
    return 0;
}

static void ends(struct world *w, const char *want)
{
    struct err e = ERR_INIT;

    assert_int_equal(owners_walk(w->side, tell, w, &e), 0);
    assert_string_equal(w->told.s, want);
    text_free(&w->told);
    owners_free(&w->side[0]);
    owners_free(&w->side[1]);
}

static void what_nobody_claims_is_outside(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    ends(&w, "4096+4096 0>0;16384+512 0>0;65536+512 0>0 unread;");
}

/* Two files share the middle; one ends there, and the rest is its slack. */
static void shared_bytes_are_of_both_and_slack_of_one(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    region(&w.side[1], FS_USE_ALL, 0, 1 << 20);
    extent(&w.side[1], 7, 8192, 5120, 1024, 0, 1 << 20);
    extent(&w.side[1], 9, 0, 2048, 6144, 0, 4000);
    region(&w.side[0], FS_USE_FREE, 0, 1 << 20);
    ends(&w, "4096+1024 3>7 9@2048;5120+1024 3>7 9@3072 7@8192;"
         "6144+2048 3>6 9@4096;16384+512 3>1;65536+512 3>1 unread;");
}

static void the_stronger_claim_counts(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    region(&w.side[1], WIRE_USE_UNKNOWN, 0, 1 << 20);
    region(&w.side[1], FS_USE_FREE, 4096, 1024);
    region(&w.side[1], FS_USE_META, 4608, 512);
    region(&w.side[1], FS_USE_JOURNAL, 16384, 512);
    ends(&w, "4096+512 0>3;4608+512 0>5;5120+3072 0>2;16384+512 0>4;"
         "65536+512 0>2 unread;");
}

/* One of them may be an old one, whose bitmap is of another time. */
static void what_two_file_systems_have_is_not_free(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    region(&w.side[1], FS_USE_ALL, 0, 1 << 20);
    region(&w.side[1], FS_USE_FREE, 0, 1 << 20);
    region(&w.side[1], FS_USE_ALL, 8192 - 512, 65536);
    ends(&w, "4096+3584 0>3;7680+512 0>2;16384+512 0>2;"
         "65536+512 0>2 unread;");
}

/* A wrong owner is worse than none. */
static void what_a_file_and_its_file_system_claim_is_nobodys(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    region(&w.side[1], FS_USE_META, 4096, 4096);
    extent(&w.side[1], 3, 0, 4096, 512, 0, 512);
    extent(&w.side[1], 3, 0, 16384, 512, FS_EXTENT_META, 512);
    ends(&w, "4096+512 0>2;4608+3584 0>5;16384+512 0>5 3@0;"
         "65536+512 0>0 unread;");
}

static void only_what_has_changed_is_kept(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    extent(&w.side[1], 1, 0, 0, 4096, 0, 1 << 30);
    extent(&w.side[1], 1, 4096, 8192, 8192, 0, 1 << 30);
    assert_int_equal(w.side[1].count, 0);
    for (uint64_t i = 0; i < 100; i++)
        extent(&w.side[1], 1, i * 40, 4096 + i * 40, 40, 0, 1 << 30);
    assert_int_equal(w.side[1].count, 1);
    owners_free(&w.side[1]);
    assert_int_equal(differences_at(&w.changed, 0), 0);
    assert_int_equal(differences_at(&w.changed, 8191), 0);
    assert_int_equal(differences_at(&w.changed, 8192), 1);
    assert_int_equal(differences_at(&w.changed, 1 << 20), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_claims_is_outside),
        cmocka_unit_test(shared_bytes_are_of_both_and_slack_of_one),
        cmocka_unit_test(the_stronger_claim_counts),
        cmocka_unit_test(what_two_file_systems_have_is_not_free),
        cmocka_unit_test(what_a_file_and_its_file_system_claim_is_nobodys),
        cmocka_unit_test(only_what_has_changed_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
