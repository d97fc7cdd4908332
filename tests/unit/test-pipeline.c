/* SPDX-License-Identifier: Apache-2.0 */
/* The pipeline without network and without disk: whatever order blocks
 * arrive in, digests and sinks see the volume from 0 to its end; the first
 * failure stops everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "audit/digest-private.h"
#include "base/thread.h"
#include "flow/pipeline.h"

#define VOLUME_BLOCKS 64

/* ------------------------------------------------------------ the source */

/* What each block of the volume is. */
enum kind { HOLE, DATA, ZERO };

struct pattern {
    struct source source;
    struct window *window;
    const enum kind *kinds;   /* VOLUME_BLOCKS of them */
    unsigned shuffle;         /* so many blocks are kept back and delivered
                               * in reverse */
    unsigned spoil_every;     /* every nth block is wrong at first */
    unsigned spoil_times;     /* ... and so often in all; 0: once */
    bool keeps_bad;           /* a wrong block never comes again */
    bool when_full;           /* ... or when the window is full of others */
    uint32_t lost[2];         /* blocks that cannot be had, when nlost */
    unsigned nlost;
    uint32_t first;           /* block to begin with */
    int stop_after;           /* blocks; then it just never goes on; -1 */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping;
    struct slot *bad[VOLUME_BLOCKS];
    unsigned nbad;
    unsigned refused;
    bool full;                /* the window had no slot when last asked */
};

/* Noise, but also one byte again and again, and zeros but for the last
 * byte: no block of data may be taken for zeros. */
static void fill(unsigned char *p, uint32_t index, enum kind kind)
{
    memset(p, kind == DATA && index % 4 == 1 ? 0x55 : 0, BLOCK_SIZE);
    p[BLOCK_SIZE - 1] += kind == DATA && index % 4 == 2;
    if (index % 4 == 1 || index % 4 == 2)
        return;
    for (uint32_t i = 0; i < BLOCK_SIZE; i += 4) {
        uint32_t v = kind == DATA ? index * 2654435761u + i : 0;

        memcpy(p + i, &v, 4);
    }
}

static bool next_block(struct pattern *p, uint32_t *at)
{
    while (*at < VOLUME_BLOCKS && p->kinds[*at] == HOLE)
        (*at)++;
    return *at < VOLUME_BLOCKS;
}

static void deliver(struct pattern *p, struct slot *s, bool spoil)
{
    uint32_t index = slot_index(s);

    fill(window_buffer(p->window, s), index, p->kinds[index]);
    hash_sha256(s->raw, BLOCK_SIZE, s->expected);
    memset(s->sha256, 0, sizeof(s->sha256)); /* the gate's to fill in */
    s->provider = true;
    if (spoil)
        s->raw[index % BLOCK_SIZE] ^= 1;
    s->attempts++;
    window_arrived(p->window, s);
}

static void redeliver(struct pattern *p)
{
    struct slot *s = NULL;

    if (p->keeps_bad || (p->when_full && !p->full))
        return;
    pthread_mutex_lock(&p->lock);
    if (p->nbad)
        s = p->bad[--p->nbad];
    pthread_mutex_unlock(&p->lock);
    if (s)
        deliver(p, s, s->attempts < p->spoil_times);
}

static bool lose(struct pattern *p, const struct slot *s)
{
    struct err e = ERR_INIT;

    for (unsigned i = 0; i < p->nlost; i++) {
        if (slot_index(s) != p->lost[i])
            continue;
        err_set(&e, ERR_SERVICE, 0, "block %u is lost", p->lost[i]);
        window_fail_at(p->window, s, &e);
        return true;
    }
    return false;
}

static void deliver_batch(struct pattern *p, struct slot **batch, unsigned n)
{
    while (n--)
        if (!lose(p, batch[n]))
            deliver(p, batch[n], p->spoil_every
                    && slot_index(batch[n]) % p->spoil_every == 0);
}

static struct slot *reserve(struct pattern *p, uint32_t index,
                            uint64_t *next)
{
    struct slot *s = window_reserve(p->window);

    p->full = !s;
    if (!s)
        return NULL;
    s->offset = (uint64_t)index * BLOCK_SIZE;
    s->gap = s->offset - *next;
    s->len = index < VOLUME_BLOCKS ? BLOCK_SIZE : 0;
    *next = s->offset + s->len;
    return s;
}

static bool stopping(struct pattern *p)
{
    bool r;

    pthread_mutex_lock(&p->lock);
    r = p->stopping;
    pthread_mutex_unlock(&p->lock);
    return r;
}

static void *pattern_main(void *arg)
{
    struct pattern *p = arg;
    struct slot *batch[64];
    unsigned n = 0;
    uint32_t at = p->first;
    uint64_t next = (uint64_t)at * BLOCK_SIZE;
    int sent = 0;
    bool ended = false;

    while (!stopping(p)) {
        struct slot *s = NULL;
        bool more = next_block(p, &at);

        redeliver(p);
        if (p->stop_after >= 0 && sent >= p->stop_after)
            continue;
        if (more && (s = reserve(p, at, &next))) {
            batch[n++] = s;
            at++;
            sent++;
        }
        if (n && (n > p->shuffle || !s || !more)) {
            deliver_batch(p, batch, n);
            n = 0;
        }
        if (!more && !ended && (s = reserve(p, VOLUME_BLOCKS, &next))) {
            window_arrived(p->window, s);
            ended = true;
        }
    }
    return NULL;
}

static int pattern_start(struct source *src, struct window *w, struct err *e)
{
    struct pattern *p = (struct pattern *)src;

    p->window = w;
    p->started = thread_start(&p->thread, pattern_main, p, "pattern", e) == 0;
    return p->started ? 0 : -1;
}

static bool pattern_accept(struct source *src, struct slot *s)
{
    struct pattern *p = (struct pattern *)src;

    if (memcmp(s->sha256, s->expected, 32) == 0)
        return true;
    pthread_mutex_lock(&p->lock);
    p->bad[p->nbad++] = s;
    p->refused++;
    pthread_mutex_unlock(&p->lock);
    return false;
}

static void pattern_stop(struct source *src)
{
    struct pattern *p = (struct pattern *)src;

    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    if (p->started)
        thread_join(p->thread);
}

static struct pattern pattern(const enum kind *kinds)
{
    return (struct pattern){
        .source = { .name = "pattern", .start = pattern_start,
                    .accept = pattern_accept, .stop = pattern_stop },
        .kinds = kinds,
        .stop_after = -1,
        .lock = PTHREAD_MUTEX_INITIALIZER,
    };
}

/* -------------------------------------------------------------- the sink */

struct memory {
    struct sink sink;
    unsigned char *image;
    uint64_t position;        /* everything before it was written */
    uint64_t keep_at;         /* where `kept' is taken, or 0 */
    struct digest_state kept;
    int fail_at;              /* block at which append fails, or -1 */
    int fail_pack;            /* block at which pack fails, or -1 */
    uint64_t slow_us;
};

static int memory_pack(const struct sink *k, const struct slot *s,
                       void *packed, struct err *e)
{
    const struct memory *m = (const struct memory *)k;

    if (m->fail_pack == (int)slot_index(s))
        return err_set(e, ERR_INTERNAL, 0, "no pack");
    memcpy(packed, s->raw, 16);
    return 0;
}

static bool is_zeros(const unsigned char *p)
{
    for (uint32_t i = 0; i < BLOCK_SIZE; i++)
        if (p[i])
            return false;
    return true;
}

static int memory_append(struct sink *k, const struct slot *s,
                         const void *packed, struct err *e)
{
    struct memory *m = (struct memory *)k;

    assert_int_equal(m->position, s->offset);
    if (m->fail_at == (int)slot_index(s))
        return err_set(e, ERR_DEST, 0, "no room");
    if (m->slow_us)
        usleep((useconds_t)m->slow_us);
    assert_memory_equal(s->sha256, s->expected, 32);
    assert_int_equal(s->zero, is_zeros(s->raw));
    if (!s->zero)
        assert_memory_equal(packed, s->raw, 16);
    memcpy(m->image + s->offset, s->raw, s->len);
    m->position += s->len;
    if (m->position == m->keep_at)
        m->kept = s->digest;
    return 0;
}

static int memory_hole(struct sink *k, uint64_t offset, uint64_t len,
                       struct err *e)
{
    struct memory *m = (struct memory *)k;

    (void)e;
    assert_int_equal(m->position, offset);
    memset(m->image + offset, 0, len);
    m->position += len;
    return 0;
}

static struct memory memory(void)
{
    struct memory m = {
        .sink = { .name = "memory", .pack_room = 16, .pack = memory_pack,
                  .append = memory_append, .hole = memory_hole },
        .image = malloc((size_t)VOLUME_BLOCKS * BLOCK_SIZE),
        .fail_at = -1,
        .fail_pack = -1,
    };

    memset(m.image, 0xee, (size_t)VOLUME_BLOCKS * BLOCK_SIZE);
    return m;
}

/* ----------------------------------------------------------------- truth */

static unsigned wanted = HASH_ALL; /* digests of the volume */

static void expect_image(const struct memory *m, const enum kind *kinds,
                         const struct hashes *h)
{
    size_t n = (size_t)VOLUME_BLOCKS * BLOCK_SIZE;
    unsigned char *want = malloc(n);

    for (uint32_t i = 0; i < VOLUME_BLOCKS; i++)
        fill(want + (size_t)i * BLOCK_SIZE, i, kinds[i]);
    assert_int_equal(m->position, n);
    assert_int_equal(memcmp(want, m->image, n), 0);
    assert_int_equal(h->have, wanted);
    for (int k = 0; k < HASH_KINDS; k++) {
        static const char *const names[] = { "MD5", "SHA1", "SHA256" };
        unsigned char digest[HASH_MAX];

        if (!(wanted & HASH_BIT(k)))
            continue;
        assert_true(EVP_Q_digest(NULL, names[k], NULL, want, n, digest,
                                 NULL));
        assert_memory_equal(h->value[k], digest, hash_sizes[k]);
    }
    free(want);
}

static int run_from(struct pattern *p, struct memory *m, unsigned slots,
                    const struct digest_state *from, struct hashes *h,
                    struct err *e)
{
    struct sink *sinks[] = { &m->sink };
    struct pipeline line = {
        .source = &p->source,
        .sinks = sinks,
        .nsinks = 1,
        .hashes = wanted,
        .from = from,
        .workers = 3,
        .slots = slots,
        .packed = 3,
    };

    return pipeline_run(&line, h, e);
}

static int run(struct pattern *p, struct memory *m, unsigned slots,
               struct hashes *h, struct err *e)
{
    return run_from(p, m, slots, NULL, h, e);
}

static void random_kinds(enum kind *kinds, unsigned seed)
{
    for (uint32_t i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = (enum kind)(rand_r(&seed) % 3);
}

static void expect_good(const enum kind *kinds, unsigned shuffle,
                        unsigned spoil, unsigned slots)
{
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    p.shuffle = shuffle;
    p.spoil_every = spoil;
    assert_int_equal(run(&p, &m, slots, &h, &e), 0);
    expect_image(&m, kinds, &h);
    free(m.image);
}

/* ----------------------------------------------------------------- tests */

static void every_arrangement_of_the_borders(void **state)
{
    (void)state;
    for (int first = HOLE; first <= ZERO; first++) {
        for (int middle = HOLE; middle <= ZERO; middle++) {
            for (int last = HOLE; last <= ZERO; last++) {
                enum kind kinds[VOLUME_BLOCKS];

                for (int i = 0; i < VOLUME_BLOCKS; i++)
                    kinds[i] = (enum kind)middle;
                kinds[0] = (enum kind)first;
                kinds[VOLUME_BLOCKS - 1] = (enum kind)last;
                expect_good(kinds, 0, 0, 8);
            }
        }
    }
}

static void blocks_that_arrive_in_any_order(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    for (unsigned seed = 1; seed <= 4; seed++) {
        random_kinds(kinds, seed);
        expect_good(kinds, 5, 0, 8);
        expect_good(kinds, 40, 0, 48);
    }
}

static void blocks_that_are_wrong_at_first_come_again(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    random_kinds(kinds, 7);
    expect_good(kinds, 3, 1, 8);
    expect_good(kinds, 3, 5, 8);
}

static void a_block_that_is_wrong_again_and_again_is_refused_each_time(
    void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    p.spoil_every = 16;
    p.spoil_times = 3;
    assert_int_equal(run(&p, &m, 8, &h, &e), 0);
    assert_int_equal(p.refused, 3 * VOLUME_BLOCKS / 16);
    expect_image(&m, kinds, &h);
    free(m.image);
}

/* Nothing can move on but the one block that is fetched again. */
static void a_wrong_block_in_a_full_window_comes_again(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = i % 5 == 1 ? HOLE : DATA;
    p.spoil_every = 12;
    p.when_full = true;
    assert_int_equal(run(&p, &m, 3, &h, &e), 0);
    expect_image(&m, kinds, &h);
    free(m.image);
}

/* Where each digest has a reader of its own between gate and writer. */
static void several_readers_follow_the_gate(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    digest_force(&digest_openssl);
    for (unsigned seed = 1; seed <= 3; seed++) {
        random_kinds(kinds, seed);
        expect_good(kinds, 5, 3, 8);
        expect_good(kinds, 0, 0, 1);
    }
    digest_force(NULL);
}

/* The gate may hash two blocks at once then, either of which may be wrong;
 * the sink looks at each block's SHA-256. */
static void blocks_are_proved_without_any_digest_of_the_volume(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    wanted = 0;
    for (unsigned seed = 1; seed <= 4; seed++) {
        random_kinds(kinds, seed);
        expect_good(kinds, 5, 0, 8);
        expect_good(kinds, 40, 3, 48);
        for (unsigned every = 1; every <= 4; every++)
            expect_good(kinds, 3, every, 8);
        expect_good(kinds, 0, 2, 1);
    }
    wanted = HASH_ALL;
}

static void a_run_without_digests_knows_how_far_it_is(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    wanted = 0;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    m.keep_at = 41ull * BLOCK_SIZE;
    assert_int_equal(run(&p, &m, 8, &h, &e), 0);
    assert_int_equal(m.kept.bytes, m.keep_at);
    free(m.image);
    wanted = HASH_ALL;
}

/* A second run goes on behind block 40 with what the first one kept. */
static void go_on_in_the_middle(void)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct pattern rest = pattern(kinds);
    struct memory m = memory();
    struct hashes whole, h;
    struct err e = ERR_INIT;

    random_kinds(kinds, 11);
    kinds[40] = DATA;
    kinds[41] = HOLE;
    m.keep_at = 41ull * BLOCK_SIZE;
    assert_int_equal(run(&p, &m, 8, &whole, &e), 0);
    assert_int_equal(m.kept.bytes, m.keep_at);
    assert_int_equal(m.kept.kinds, HASH_ALL);
    m.position = m.keep_at;
    rest.first = 41;
    assert_int_equal(run_from(&rest, &m, 8, &m.kept, &h, &e), 0);
    expect_image(&m, kinds, &h);
    free(m.image);
}

static void a_run_goes_on_from_a_state_that_was_kept(void **state)
{
    (void)state;
    go_on_in_the_middle();
    digest_force(&digest_openssl);
    go_on_in_the_middle();
    digest_force(NULL);
}

static void a_window_of_one_slot_is_enough(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    random_kinds(kinds, 8);
    expect_good(kinds, 0, 3, 1);
}

static void a_sink_that_fails_stops_the_run_with_its_reason(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    for (int at = 0; at < VOLUME_BLOCKS; at += 13) {
        struct pattern p = pattern(kinds);
        struct memory m = memory();
        struct hashes h;
        struct err e = ERR_INIT;

        m.fail_at = at;
        assert_int_equal(run(&p, &m, 8, &h, &e), -1);
        assert_int_equal(e.kind, ERR_DEST);
        assert_string_equal(e.msg, "no room");
        free(m.image);
    }
}

/* Block 50 is lost before block 30, which is the first in order. */
static void what_comes_before_a_lost_block_is_written(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    for (unsigned shuffle = 0; shuffle < 60; shuffle += 20) {
        struct pattern p = pattern(kinds);
        struct memory m = memory();
        struct hashes h;
        struct err e = ERR_INIT;

        p.shuffle = shuffle;
        p.lost[0] = 30;
        p.lost[1] = 50;
        p.nlost = 2;
        m.slow_us = 1000;
        assert_int_equal(run(&p, &m, 62, &h, &e), -1);
        assert_string_equal(e.msg, "block 30 is lost");
        assert_int_equal(m.position, 30ull * BLOCK_SIZE);
        free(m.image);
    }
}

static void a_worker_that_fails_stops_the_run(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    m.fail_pack = 40;
    assert_int_equal(run(&p, &m, 8, &h, &e), -1);
    assert_string_equal(e.msg, "no pack");
    free(m.image);
}

static int stop_at_once(void *ctx, const struct pipeline_state *st,
                        struct err *e)
{
    (void)ctx;
    (void)st;
    return err_set(e, ERR_INTERRUPTED, 0, "enough");
}

static void a_source_that_hangs_can_be_stopped(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct sink *sinks[] = { &m.sink };
    struct pipeline line = {
        .source = &p.source, .sinks = sinks, .nsinks = 1,
        .hashes = HASH_ALL, .workers = 2, .slots = 8,
        .tick = stop_at_once,
    };
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    p.stop_after = 3;
    assert_int_equal(pipeline_run(&line, &h, &e), -1);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
    free(m.image);
}

static int stop_when_refused(void *ctx, const struct pipeline_state *st,
                             struct err *e)
{
    struct pattern *p = ctx;
    bool refused;

    (void)st;
    pthread_mutex_lock(&p->lock);
    refused = p->refused > 0;
    pthread_mutex_unlock(&p->lock);
    return refused ? err_set(e, ERR_INTERRUPTED, 0, "enough") : 0;
}

static void a_gate_that_waits_for_a_block_can_be_stopped(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct sink *sinks[] = { &m.sink };
    struct pipeline line = {
        .source = &p.source, .sinks = sinks, .nsinks = 1,
        .hashes = HASH_ALL, .workers = 2, .slots = 8,
        .tick = stop_when_refused, .ctx = &p,
    };
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    for (int i = 0; i < VOLUME_BLOCKS; i++)
        kinds[i] = DATA;
    p.spoil_every = 20;
    p.keeps_bad = true;
    assert_int_equal(pipeline_run(&line, &h, &e), -1);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
    assert_true(m.position == 0); /* block 0 was the wrong one */
    free(m.image);
}

static void a_slow_sink_holds_the_source_back(void **state)
{
    enum kind kinds[VOLUME_BLOCKS];
    struct pattern p = pattern(kinds);
    struct memory m = memory();
    struct hashes h;
    struct err e = ERR_INIT;

    (void)state;
    random_kinds(kinds, 9);
    m.slow_us = 500;
    assert_int_equal(run(&p, &m, 4, &h, &e), 0);
    expect_image(&m, kinds, &h);
    free(m.image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arrangement_of_the_borders),
        cmocka_unit_test(blocks_that_arrive_in_any_order),
        cmocka_unit_test(blocks_that_are_wrong_at_first_come_again),
        cmocka_unit_test(
            a_block_that_is_wrong_again_and_again_is_refused_each_time),
        cmocka_unit_test(a_wrong_block_in_a_full_window_comes_again),
        cmocka_unit_test(several_readers_follow_the_gate),
        cmocka_unit_test(blocks_are_proved_without_any_digest_of_the_volume),
        cmocka_unit_test(a_run_without_digests_knows_how_far_it_is),
        cmocka_unit_test(a_run_goes_on_from_a_state_that_was_kept),
        cmocka_unit_test(a_window_of_one_slot_is_enough),
        cmocka_unit_test(a_sink_that_fails_stops_the_run_with_its_reason),
        cmocka_unit_test(what_comes_before_a_lost_block_is_written),
        cmocka_unit_test(a_worker_that_fails_stops_the_run),
        cmocka_unit_test(a_source_that_hangs_can_be_stopped),
        cmocka_unit_test(a_gate_that_waits_for_a_block_can_be_stopped),
        cmocka_unit_test(a_slow_sink_holds_the_source_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
