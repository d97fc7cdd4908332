/* SPDX-License-Identifier: Apache-2.0 */
/* An honest log of a small run, as lines that a test can change: each is an
 * event and its members, and the chain is made anew. */
#ifndef TESTS_UNIT_RUN_LOG_H
#define TESTS_UNIT_RUN_LOG_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "audit/log.h"
#include "audit/run-record.h"
#include "scratch.h"

#define MD5A "\"md5\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
#define MD5B "\"md5\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\""
#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

enum {
    L_START, L_CREDENTIALS, L_SNAPSHOT, L_SOURCE, L_OUTPUT, L_UNREADABLE,
    L_LIST, L_RAW, L_BLOCKS, L_MANIFEST, L_HASHES, L_END, L_LINES,
};

/* One block stored, one all zeros, one unreadable, on 1 GiB. */
static const char *const honest[L_LINES] = {
    [L_START] = "start,\"version\":\"9.9\",\"summary\":1,"
        "\"snapshot\":\"snap-1\",\"formats\":\"raw\",\"hashes\":\"md5\","
        "\"file_hashes\":\"md5\",\"examiner\":\"A\"",
    [L_CREDENTIALS] = "credentials,\"source\":\"environment\","
        "\"region\":\"us-east-1\",\"endpoint\":\"https://e\"",
    [L_SNAPSHOT] = "snapshot,\"snapshot\":\"snap-1\",\"volume\":\"vol-1\","
        "\"volume_gib\":1",
    [L_SOURCE] = "source,\"volume_size\":1073741824,\"block_size\":524288,"
        "\"sectors\":2097152",
    [L_OUTPUT] = "output,\"prefix\":\"/case/x\",\"formats\":\"raw\"",
    [L_UNREADABLE] = "unreadable,\"block\":7",
    [L_LIST] = "list,\"blocks\":3,\"pages\":1,\"ec2_blocks\":3",
    [L_RAW] = "file,\"name\":\"x.dd\",\"size\":1073741824," MD5A,
    [L_BLOCKS] = "file,\"name\":\"x.blocks\",\"size\":704," MD5B,
    [L_MANIFEST] = "manifest,\"rows\":3,\"stored\":1,\"stored_zero\":1,"
        "\"unreadable\":1,\"never_stored\":2045,\"sha256\":\"" SHA "\","
        "\"root\":\"" SHA "\"",
    [L_HASHES] = "hashes," MD5A ",\"bytes\":1073741824",
    [L_END] = "end,\"verdict\":\"complete-with-unreadable\","
        "\"exit_status\":1,\"milliseconds\":65000",
};

static uint64_t run_log_now = 1785585600000000000ull; /* 2026-08-01T12:00Z */

static uint64_t run_log_tick(void *ctx)
{
    (void)ctx;
    return run_log_now += NS_PER_S;
}

static const struct clock run_log_clock = { run_log_tick, run_log_tick,
                                            NULL };

__attribute__((unused)) static struct log *run_log_new(void)
{
    struct err e = ERR_INIT;
    struct log *l;

    unlink(scratch_path("run.log"));
    l = log_create(scratch_path("run.log"), &run_log_clock, &e);
    assert_non_null(l);
    return l;
}

/* "EVENT" or "EVENT,MEMBERS". */
static void run_log_add(struct log *l, const char *line)
{
    autorecord struct record r = RECORD_INIT;
    struct err e = ERR_INIT;
    size_t n = strcspn(line, ",");
    char event[40];

    snprintf(event, sizeof(event), "%.*s", (int)n, line);
    text_add(&r.json, line + n);
    assert_int_equal(log_write(l, event, &r, &e), 0);
}

__attribute__((unused)) static void run_log_read(struct log *l,
                                                 struct run_record *r)
{
    struct err e = ERR_INIT;

    assert_int_equal(log_close(l, &e), 0);
    assert_int_equal(run_record_read(scratch_path("run.log"), r, &e), 0);
}

#endif
