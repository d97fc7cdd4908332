/* SPDX-License-Identifier: Apache-2.0 */
/* What an E01 says of its case in its own header, and of its unreadable
 * ranges, against what the log says: both were written by one run. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/scope.h"
#include "verify/verification.h"

/* Past this an E01 cannot list what was unreadable. */
#define LISTED_MAX (2 * TIB)

/* The times of image and log are those of one clock, in whole seconds. */
#define SLACK_NS (2 * NS_PER_S)

#define AT(field) offsetof(struct run_record, field)

static const struct {
    const char *name;   /* of libewf */
    const char *title;
    size_t at;
} fields[] = {
    { "case_number", "case number", AT(case_number) },
    { "evidence_number", "evidence number", AT(evidence_number) },
    { "examiner_name", "examiner", AT(examiner) },
    { "description", "description", AT(description) },
    { "notes", "notes", AT(notes) },
    { "serial_number", "snapshot", AT(snapshot) },
};

static const char *field(const struct image_info *info, const char *name)
{
    for (size_t i = 0; i < info->nfields; i++)
        if (strcmp(info->fields[i].name, name) == 0)
            return info->fields[i].value;
    return "";
}

/* Where nobody described it, the image does. */
static bool is_default(const struct run_record *r, const char *name,
                       const char *value)
{
    char text[128];

    snprintf(text, sizeof(text), "EBS snapshot %s", r->snapshot);
    return strcmp(name, "description") == 0 && !r->description[0]
        && strcmp(value, text) == 0;
}

/* As E01 can hold it; the image is not read for a second opinion on its own
 * text. */
static void compare_field(struct verification *v, size_t i,
                          const struct image_info *info)
{
    const struct run_record *r = &v->ev.log;
    const char *told = *(char *const *)((const char *)r + fields[i].at);
    const char *has = field(info, fields[i].name);
    autofree char *want = ewf_text(told, EWF_FIELD_MAX);
    autofree char *is = ewf_text(has, EWF_FIELD_MAX);

    if (!want || !is) {
        struct err e = ERR_INIT;

        err_nomem(&e);
        findings_blame(&v->images, FINDING_CHANGED, v->image, &e);
        return;
    }
    if (strcmp(want, is) == 0 || is_default(r, fields[i].name, has))
        return;
    findings_add(&v->images, FINDING_CHANGED, v->image,
                 "its header has the %s \"%s\", the log has \"%s\"",
                 fields[i].title, is, told);
}

/* "Mon Nov 30 11:22:34 2026"; 0 when it is not that. */
static uint64_t parse_date(const char *text)
{
    char day[4], month[4], time[9], http[40];
    unsigned n, year;

    if (sscanf(text, "%3s %3s %2u %8s %4u", day, month, &n, time, &year) != 5)
        return 0;
    snprintf(http, sizeof(http), "%s, %02u %s %04u %s GMT", day, n, month,
             year, time);
    return clock_parse_http(http);
}

/* With a clock that was set in between nobody can tell. */
static void compare_date(struct verification *v, const struct image_info *info)
{
    const struct run_record *r = &v->ev.log;
    uint64_t made = parse_date(field(info, "acquiry_date"));
    uint64_t began = clock_parse_iso(r->started);
    uint64_t ended = clock_parse_iso(r->ended);

    if (!made || !began || !ended || r->course.clock_set
        || (made + SLACK_NS >= began && made <= ended + SLACK_NS))
        return;
    findings_add(&v->images, FINDING_CHANGED, v->image,
                 "its header says %s, which is not between %s and %s as in "
                 "the log", field(info, "acquiry_date"), r->started,
                 r->ended);
}

static void compare_ranges(struct verification *v,
                           const struct image_info *info)
{
    const struct run_record *r = &v->ev.log;
    uint64_t sectors = 0;

    for (size_t i = 0; i < info->nerrors; i++)
        sectors += info->errors[i].count;
    if (r->unreadable == RUN_UNTOLD || info->media_size > LISTED_MAX
        || sectors == r->unreadable * (BLOCK_SIZE / 512))
        return;
    findings_add(&v->images, FINDING_CHANGED, v->image,
                 "lists %" PRIu64 " sectors as unreadable, the log has %"
                 PRIu64 " such blocks", sectors, r->unreadable);
}

void verify_read_header(struct verification *v, const struct image_info *info)
{
    if (!v->ev.log.present)
        return;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        compare_field(v, i, info);
    compare_date(v, info);
    compare_ranges(v, info);
}
