/* SPDX-License-Identifier: Apache-2.0 */
/* What the examiner reads of a run is what the closed log on the disk says,
 * and nothing when that is not the log that was written. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "acquire/report.h"
#include "audit/summary.h"
#include "base/json.h"
#include "base/scope.h"
#include "run-log.h"

/* A stage with a log in it, and what is made of that. */
struct run {
    struct stage *stage;
    struct log_place end;
    struct run_record record;
    struct err e;
};

static void begin(struct run *r)
{
    autofree char *path = NULL;
    struct log *l;

    memset(r, 0, sizeof(*r));
    r->stage = stage_open(scratch_path("x"), &r->e);
    assert_non_null(r->stage);
    path = stage_path(r->stage, ".log.jsonl");
    l = log_create(path, &run_log_clock, &r->e);
    assert_non_null(l);
    for (size_t i = 0; i < L_LINES; i++)
        run_log_add(l, honest[i]);
    log_place(l, &r->end);
    assert_int_equal(log_close(l, &r->e), 0);
}

static int write_report(struct run *r)
{
    return report_write(&r->record, r->stage, &r->end, &r->e);
}

static void end(struct run *r)
{
    run_record_free(&r->record);
    stage_discard(r->stage);
    stage_free(r->stage);
}

/* What report_show() prints; the caller frees it. */
static char *shown(const struct run *r, const struct stats *stats, bool json)
{
    struct output_file files[] = {
        { .name = (char[]){ "x.dd" } }, { .name = (char[]){ "x.blocks" } },
        { .name = (char[]){ "x.log.jsonl" }, .size = 77 },
        { .name = (char[]){ "x.txt" }, .size = 88 },
    };
    struct outputs o = { .files = files, .nfiles = 4 };
    struct err e = ERR_INIT;
    int kept = dup(STDOUT_FILENO);
    int fd = open(scratch_path("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    size_t n;
    int ok;

    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    ok = report_show(&r->record, &o, stats, json, &e);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(fd);
    assert_int_equal(ok, 0);
    return scratch_read("out", &n);
}

static void the_file_is_the_summary_of_the_log(void **state)
{
    autotext struct text t = TEXT_INIT;
    autofree char *path = NULL, *out = NULL, *txt = NULL;
    struct run r;
    size_t n;

    (void)state;
    begin(&r);
    assert_int_equal(write_report(&r), 0);
    summary_text(&r.record, &t);
    assert_non_null(strstr(t.s, "snap-1"));
    txt = scratch_read("x.partial/x.txt", &n);
    assert_string_equal(txt, t.s);
    out = shown(&r, NULL, false);
    assert_string_equal(out, t.s);
    end(&r);
}

/* Another log, whole by itself, with the same name in the same place. */
static void another_log_is_not_reported(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    r.end.head[31] ^= 1;
    assert_int_equal(write_report(&r), -1);
    assert_int_equal(r.e.kind, ERR_DEST);
    assert_non_null(strstr(r.e.msg, "does not read back"));
    assert_int_equal(access(scratch_path("x.partial/x.txt"), F_OK), -1);
    end(&r);
}

/* That the disk lost it is no fault of the command line, and no verdict on the
 * evidence. */
static void a_log_that_is_gone_or_cut_is_the_disks_fault(void **state)
{
    (void)state;
    for (int gone = 0; gone < 2; gone++) {
        const char *path = scratch_path("x.partial/x.log.jsonl");
        struct run r;

        begin(&r);
        assert_int_equal(gone ? unlink(path)
                              : truncate(path, (off_t)r.end.size - 1), 0);
        assert_int_equal(write_report(&r), -1);
        assert_int_equal(r.e.kind, ERR_DEST);
        end(&r);
    }
}

/* A run whose end failed tries again, and the record is that of the new
 * log. */
static void it_may_be_written_once_more(void **state)
{
    struct run r;

    (void)state;
    begin(&r);
    assert_int_equal(write_report(&r), 0);
    assert_int_equal(unlink(scratch_path("x.partial/x.txt")), 0);
    assert_int_equal(write_report(&r), 0);
    assert_int_equal(r.record.nfiles, 2);
    end(&r);
}

static const char *name_of(const cJSON *files, int i)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
        cJSON_GetArrayItem(files, i), "name"));
}

static void json_has_the_papers_that_no_event_names(void **state)
{
    autofree char *out = NULL;
    autojson cJSON *json = NULL;
    const cJSON *files;
    struct run r;

    (void)state;
    begin(&r);
    assert_int_equal(write_report(&r), 0);
    out = shown(&r, NULL, true);
    json = cJSON_Parse(out);
    files = cJSON_GetObjectItemCaseSensitive(json, "files");
    assert_int_equal(cJSON_GetArraySize(files), 4);
    assert_string_equal(name_of(files, 0), "x.dd");
    assert_string_equal(name_of(files, 2), "x.log.jsonl");
    assert_string_equal(name_of(files, 3), "x.txt");
    assert_null(cJSON_GetObjectItemCaseSensitive(json, "stats"));
    end(&r);
}

static void where_the_time_went_is_told_when_asked(void **state)
{
    const struct stats stats = { .before = NS_PER_S };
    autofree char *plain = NULL, *text = NULL, *out = NULL;
    autojson cJSON *json = NULL;
    struct run r;

    (void)state;
    begin(&r);
    assert_int_equal(write_report(&r), 0);
    plain = shown(&r, NULL, false);
    text = shown(&r, &stats, false);
    assert_true(strlen(text) > strlen(plain));
    assert_memory_equal(text, plain, strlen(plain));
    out = shown(&r, &stats, true);
    json = cJSON_Parse(out);
    assert_non_null(cJSON_GetObjectItemCaseSensitive(json, "stats"));
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_the_summary_of_the_log),
        cmocka_unit_test(another_log_is_not_reported),
        cmocka_unit_test(a_log_that_is_gone_or_cut_is_the_disks_fault),
        cmocka_unit_test(it_may_be_written_once_more),
        cmocka_unit_test(json_has_the_papers_that_no_event_names),
        cmocka_unit_test(where_the_time_went_is_told_when_asked),
    };

    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
