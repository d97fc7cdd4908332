/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, sizes, times, URLs, ids and the escapes: the input is the text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "aws/endpoint.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/secrets.h"
#include "base/text.h"
#include "base/snapshot-id.h"
#include "fuzz.h"
#include "image/ewf.h"

static void check_numbers(const char *s)
{
    char buf[32];
    uint64_t a, b;

    if (number_parse(s, &a) == 0) {
        MUST(strspn(s, "0123456789") == strlen(s));
        MUST(size_parse(s, &b) == 0 && a == b);
        snprintf(buf, sizeof(buf), "%llu", (unsigned long long)a);
        MUST(strcmp(s + strspn(s, "0"), a ? buf : "") == 0);
    }
    if (size_parse(s, &a) == 0) {
        MUST(*s >= '0' && *s <= '9');
        MUST(strlen(size_text(buf, a)) < 32);
        MUST(strlen(duration_text(buf, a)) < 32);
    }
}

/* What is a time at all comes back when it is written down. */
static void check_time(const char *s)
{
    uint64_t iso = clock_parse_iso(s);
    uint64_t http = clock_parse_http(s);
    char buf[CLOCK_TEXT];

    if (iso) {
        MUST(strncmp(clock_text(buf, iso), s, strlen("2026-08-01T12:00:00"))
             == 0);
        MUST(clock_parse_iso(buf) == iso);
    }
    if (http)
        MUST(http % NS_PER_S == 0
             && clock_parse_iso(clock_text(buf, http)) == http);
}

/* JSON: cJSON gives the same text back; what was no UTF-8 is U+FFFD. */
static void check_json(const char *s)
{
    struct text t = TEXT_INIT;
    cJSON *j;

    text_add_json(&t, s);
    MUST(fuzz_is_shown(t.s));
    j = cJSON_ParseWithOpts(t.s, NULL, 1);
    MUST(cJSON_IsString(j) && fuzz_is_utf8(j->valuestring));
    MUST(fuzz_is_utf8(s) ? strcmp(j->valuestring, s) == 0
                         : strstr(j->valuestring, "\xef\xbf\xbd") != NULL);
    cJSON_Delete(j);
    text_free(&t);
}

static void check_escapes(const char *s)
{
    struct text t = TEXT_INIT;

    text_add_shown(&t, s);
    MUST(!t.s || fuzz_is_shown(t.s));
    text_clear(&t);
    text_add_percent(&t, s);
    for (const char *p = t.s; p && *p; p++)
        MUST((unsigned char)*p > ' ' && (unsigned char)*p < 0x7f
             && !strchr("/?&=+#\"<>\\", *p));
    text_free(&t);
}

static void check_codes(const char *s)
{
    unsigned char a[32], b[32];
    char hex[65];

    if (hex_decode(a, sizeof(a), s) == 0) {
        hex_encode(hex, a, sizeof(a));
        MUST(strcasecmp(hex, s) == 0);
    }
    if (base64_decode(b, sizeof(b), s) == 0)
        MUST(strlen(s) == 44 && s[43] == '=');
}

static void check_case_field(const char *s)
{
    autofree char *field = ewf_text(s, 30);
    size_t characters = 0;

    MUST(field && !strpbrk(field, "\t\r\n\x1b"));
    for (const char *p = field; *p; p++)
        characters += ((unsigned char)*p & 0xc0) != 0x80;
    MUST(characters <= 30);
}

static void check_url(const char *s)
{
    struct endpoint p;
    struct err e = ERR_INIT;

    if (endpoint_parse(s, &p, &e) == 0)
        MUST(p.host.len && !strpbrk(p.host.s, "@/?#\\ \r\n")
             && !strpbrk(p.path.s, "?#\\ \r\n"));
    else
        MUST(e.kind == ERR_USAGE && fuzz_is_shown(e.msg));
    endpoint_free(&p);
}

/* `s' is the secret, or stands around one. */
static void check_secrets(const char *s)
{
    static const char key[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    struct secrets set = SECRETS_INIT;
    struct text t = TEXT_INIT;

    secrets_add(&set, key);
    if (strlen(s) >= 8 && !strpbrk(s, "%\\&"))
        secrets_add(&set, s);
    text_addf(&t, "%s %s %s ", s, key, s);
    text_add_percent(&t, key);
    secrets_clean(&set, &t);
    MUST(!t.failed && strlen(t.s) == t.len && strstr(t.s, "[removed]"));
    MUST(!strstr(t.s, key) && !strstr(t.s, "wJalrXUtnFEMI%2FK7"));
    if (set.nrows > 3)
        MUST(!strstr(t.s, s) || strstr("[removed] [removed]", s));
    text_free(&t);
    secrets_free(&set);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree char *s = fuzz_text(data, size);

    check_numbers(s);
    check_time(s);
    check_json(s);
    check_escapes(s);
    check_codes(s);
    check_case_field(s);
    check_url(s);
    check_secrets(s);
    if (snapshot_id_ok(s))
        MUST(strspn(s, "snap-0123456789abcdef") == strlen(s)
             && strlen(s) <= 64);
    return 0;
}
