/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile text into a log line and out again: one line it stays, and what
 * comes out is what went in. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/log.h"
#include "audit/logcheck.h"
#include "base/file.h"
#include "base/scope.h"
#include "fuzz.h"

static struct {
    const char *value;
    unsigned events;
} now;

/* Bytes that are no UTF-8 are replaced; all others must come back. */
static bool same(const char *was, const char *is)
{
    return fuzz_is_utf8(was) ? strcmp(was, is) == 0
                             : strstr(is, "\xef\xbf\xbd") != NULL;
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(event, "value");

    (void)ctx;
    (void)e;
    now.events++;
    MUST(now.events == 1 || now.events == 3 || (v && cJSON_IsString(v)));
    MUST(!v || same(now.value, v->valuestring));
    return 0;
}

static void check_file(const char *path)
{
    struct text t = TEXT_INIT;
    struct logcheck c;
    struct err e = ERR_INIT;
    unsigned lines = 0;

    now.events = 0;
    MUST(logcheck_run(path, on_event, NULL, &c, &e) == 0);
    MUST(now.events == 3 && c.events == 3 && c.closed);
    MUST(file_slurp(path, SIZE_MAX, &t, &e) == 0 && strlen(t.s) == t.len);
    for (char *s = t.s; (s = strchr(s, '\n')); s++) {
        *s = ' ';
        lines++;
    }
    MUST(lines == 3 && fuzz_is_shown(t.s));
    text_free(&t);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    const char *path = fuzz_path("log");
    autofree char *value = fuzz_text(data, size);
    autorecord struct record r = RECORD_INIT;
    struct err e = ERR_INIT;
    struct log *l;

    unlink(path);
    now.value = value;
    record_str(&r, "value", value);
    l = log_create(path, &clock_system, &e);
    MUST(l);
    MUST(log_write(l, "start", NULL, &e) == 0);
    if (log_write(l, "hostile", &r, &e) == 0) {
        MUST(log_write(l, "end", NULL, &e) == 0);
        MUST(log_close(l, &e) == 0);
        check_file(path);
    } else {
        MUST(strlen(r.json.s) > LOG_LINE_MAX / 2); /* too long: told */
        log_close(l, &e);
    }
    unlink(path);
    return 0;
}
