/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text, or as JSON, an object a line. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "plan/plan.h"
#include "plan/prices.h"

static const char *const count_names[] = {
    [COUNT_LISTED] = "listed",
    [COUNT_EC2] = "ec2",
    [COUNT_MOST] = "at_most",
};

static const char *const count_words[] = {
    [COUNT_LISTED] = "listed",
    [COUNT_EC2] = "EC2's count",
    [COUNT_MOST] = "at most",
};

static struct plan_speed at_limit(const struct plan *p)
{
    return (struct plan_speed){ PLAN_LIMIT, p->digest };
}

/* As was measured, if it was; EBS gives no more than its limit. */
static struct plan_speed at_rate(const struct plan *p)
{
    uint64_t rate = p->opt->rate;

    return (struct plan_speed){ rate && rate < PLAN_LIMIT ? rate : PLAN_LIMIT,
                                p->digest };
}

/* How sure the sum is: as sure as the least sure part. */
static enum plan_count worst(const struct plan *p)
{
    enum plan_count worst = COUNT_LISTED;

    for (size_t i = 0; i < p->n; i++)
        if (p->snapshots[i].count > worst)
            worst = p->snapshots[i].count;
    return worst;
}

/* One after the other. */
struct seconds {
    uint64_t limit, rate, zeros;
};

static void add_seconds(const struct plan *p, const struct plan_estimate *e,
                        struct seconds *to)
{
    const struct plan_speed limit = at_limit(p);
    const struct plan_speed rate = at_rate(p);

    to->limit += plan_seconds(e, &limit);
    to->rate += plan_seconds(e, &rate);
    to->zeros += plan_zeros_seconds(e, &limit);
}

static struct seconds all_seconds(const struct plan *p)
{
    struct seconds s = { 0 };

    for (size_t i = 0; i < p->n; i++)
        add_seconds(p, &p->snapshots[i].estimate, &s);
    return s;
}

/* ------------------------------------------------------------------- text */

static void add_size(struct text *t, uint64_t bytes)
{
    char size[32];

    text_addf(t, "%s (%" PRIu64 " bytes)", size_text(size, bytes), bytes);
}

static void add_time(struct text *t, const char *what, uint64_t seconds)
{
    char time[32];

    text_addf(t, "  %-22s%s\n", what, duration_text(time, seconds));
}

static void put_rows(const struct plan *p, struct text *t)
{
    const struct plan_speed s = at_rate(p);
    uint64_t finish = 0;
    char size[32], time[32];

    text_addf(t, "%4s %-22s %6s %10s %11s %9s %12s\n", "", "snapshot", "GiB",
              "stored", "", "USD", "done after");
    for (size_t i = 0; i < p->n; i++) {
        const struct plan_snapshot *x = &p->snapshots[i];

        finish += plan_seconds(&x->estimate, &s);
        text_addf(t, "%4zu %-22s %6" PRIu64 " %10s %11s ", i + 1, x->id,
                  (uint64_t)(x->volume.size / GIB),
                  size_text(size, x->estimate.stored), count_words[x->count]);
        text_addf(t, "%9.2f %12s\n",
                  (double)x->estimate.requests_price / 1e9,
                  duration_text(time, finish));
    }
    text_add(t, "\n");
}

static void put_requests(const struct plan *p, struct text *t)
{
    const struct plan_estimate *e = &p->total;

    text_add(t, "  volume                ");
    add_size(t, e->size);
    text_add(t, "\n  stored                ");
    add_size(t, e->stored);
    text_addf(t, ", %s\n  requests              %" PRIu64
              " GetSnapshotBlock, %" PRIu64 " ListSnapshotBlocks\n"
              "  their price           ", count_words[worst(p)], e->blocks,
              e->lists);
    plan_add_usd(t, e->requests_price);
    text_addf(t, " USD (%s for 1000 blocks, %s for 1000 lists)\n"
              "  transfer              nothing to EC2 in the region, ",
              p->opt->block_price, p->opt->list_price);
    plan_add_usd(t, e->transfer_price);
    text_addf(t, " USD to the outside\n                        (%s for "
              "10^9 bytes)\n", p->opt->transfer_price);
}

static void put_times(const struct plan *p, struct text *t)
{
    const struct seconds s = all_seconds(p);
    char what[40], size[32];

    snprintf(what, sizeof(what), "at EBS's %u/s", PLAN_LIMIT);
    add_time(t, what, s.limit);
    if (p->opt->rate) {
        snprintf(what, sizeof(what), "at %" PRIu64 "/s", p->opt->rate);
        add_time(t, what, s.rate);
    }
    add_time(t, "of it, zeros", s.zeros);
    text_addf(t, "                        (never stored, but hashed: %s/s, "
              "%s)\n", size_text(size, p->digest),
              p->opt->digest_rate ? "as given" : "measured here");
}

static void put_disk(const struct plan *p, struct text *t)
{
    const struct plan_estimate *e = &p->total;
    char least[32], most[32];

    text_addf(t, "  disk, raw             %s at most, shown as %s\n",
              size_text(most, e->raw_most), size_text(least, e->size));
    text_addf(t, "  disk, E01             %s (all zeros) to %s (nothing "
              "deflates)\n", size_text(least, e->e01_least),
              size_text(most, e->e01_most));
    text_addf(t, "  manifest and log      %s\n",
              size_text(most, e->papers));
}

static void put_notes(const struct plan *p, struct text *t)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct plan_snapshot *x = &p->snapshots[i];

        if (x->unusable) {
            text_add(t, "note: as it is now it cannot be read: ");
            text_add_shown(t, x->unusable);
            text_add(t, "\n");
        }
        if (x->count == COUNT_MOST)
            text_addf(t, "note: %s: EC2 does not tell how much is stored%s\n",
                      x->id, x->unusable ? "" : "; --exact counts it");
    }
    for (size_t i = 0; i < p->notes.count; i++) {
        text_add(t, "note: ");
        text_add_shown(t, p->notes.list[i]);
        text_add(t, "\n");
    }
}

static void put_text(const struct plan *p, struct text *t)
{
    put_rows(p, t);
    put_requests(p, t);
    put_times(p, t);
    put_disk(p, t);
    put_notes(p, t);
}

/* ------------------------------------------------------------------- JSON */

static void json_estimate(const struct plan *p, const struct plan_estimate *e,
                          const struct seconds *s, struct text *t)
{
    text_addf(t, ",\"volume_bytes\":%" PRIu64 ",\"stored_bytes\":%" PRIu64
              ",\"never_stored_bytes\":%" PRIu64 ",\"block_requests\":%"
              PRIu64 ",\"list_requests\":%" PRIu64, e->size, e->stored,
              e->never_stored, e->blocks, e->lists);
    text_addf(t, ",\"requests_usd\":%.9f,\"transfer_usd\":%.9f",
              (double)e->requests_price / 1e9,
              (double)e->transfer_price / 1e9);
    text_addf(t, ",\"seconds_at_limit\":%" PRIu64 ",\"seconds_at_rate\":",
              s->limit);
    if (p->opt->rate)
        text_addf(t, "%" PRIu64, s->rate);
    else
        text_add(t, "null");
    text_addf(t, ",\"seconds_of_zeros\":%" PRIu64 ",\"raw_bytes_most\":%"
              PRIu64 ",\"e01_bytes_least\":%" PRIu64 ",\"e01_bytes_most\":%"
              PRIu64 ",\"papers_bytes\":%" PRIu64,
              s->zeros, e->raw_most, e->e01_least, e->e01_most, e->papers);
}

static void json_snapshots(const struct plan *p, struct text *t)
{
    uint64_t finish = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct plan_snapshot *x = &p->snapshots[i];
        struct seconds s = { 0 };

        add_seconds(p, &x->estimate, &s);
        finish += s.rate;
        text_addf(t, "{\"what\":\"snapshot\",\"order\":%zu,\"snapshot\":"
                  "\"%s\",\"counted\":\"%s\",\"finish_seconds\":%" PRIu64,
                  i + 1, x->id, count_names[x->count], finish);
        json_estimate(p, &x->estimate, &s, t);
        text_add(t, ",\"unusable\":");
        if (x->unusable)
            text_add_json(t, x->unusable);
        else
            text_add(t, "null");
        text_add(t, "}\n");
    }
}

static void put_json(const struct plan *p, struct text *t)
{
    const struct seconds s = all_seconds(p);

    json_snapshots(p, t);
    text_addf(t, "{\"what\":\"total\",\"snapshots\":%zu,\"counted\":\"%s\"",
              p->n, count_names[worst(p)]);
    json_estimate(p, &p->total, &s, t);
    text_addf(t, ",\"blocks_a_second_at_most\":%u,\"digest_bytes_a_second\":%"
              PRIu64 ",\"digest_measured\":%s,\"list_calls_made\":%" PRIu64,
              PLAN_LIMIT, p->digest, p->opt->digest_rate ? "false" : "true",
              p->listed);
    text_addf(t, ",\"usd_for_1000_blocks\":%.9f,\"usd_for_1000_lists\":%.9f,"
              "\"usd_for_1e9_bytes\":%.9f,\"notes\":[",
              (double)p->prices.blocks / 1e9, (double)p->prices.lists / 1e9,
              (double)p->prices.transfer / 1e9);
    for (size_t i = 0; i < p->notes.count; i++) {
        text_add(t, i ? "," : "");
        text_add_json(t, p->notes.list[i]);
    }
    text_add(t, "]}\n");
}

int plan_show(const struct plan *p, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (p->opt->json)
        put_json(p, &t);
    else
        put_text(p, &t);
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
