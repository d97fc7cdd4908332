/* SPDX-License-Identifier: Apache-2.0 */
/* The proxy that the environment asks for, as curl would read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/proxy.h"

static int clean(void **state)
{
    static const char *const all[] = {
        "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "http_proxy",
        "HTTP_PROXY", "no_proxy", "NO_PROXY",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        unsetenv(all[i]);
    return 0;
}

static void leads_to(const char *url, const char *want)
{
    struct err e = ERR_INIT;
    struct proxy p;

    if (proxy_find(url, &p, &e) < 0)
        fail_msg("%s: %s", url, e.msg);
    if (!want && p.url)
        fail_msg("%s has a proxy", url);
    if (want && (!p.url || strcmp(p.url, want) != 0))
        fail_msg("%s has not the proxy %s", url, want);
    proxy_free(&p);
}

static void without_variables_there_is_none(void **state)
{
    (void)state;
    leads_to("https://ebs.eu-west-1.amazonaws.com", NULL);
    setenv("HTTP_PROXY", "http://a:1", 1);
    setenv("http_proxy", "http://a:1", 1);
    leads_to("https://example.com", NULL); /* those are for plain http */
}

static void the_first_variable_that_is_not_empty_wins(void **state)
{
    static const char *const order[] = { "ALL_PROXY", "all_proxy",
                                         "HTTPS_PROXY", "https_proxy" };
    char value[] = "http://p0:1";

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        value[8] = (char)('0' + i);
        setenv(order[i], value, 1);
        leads_to("https://example.com", value);
    }
    setenv("https_proxy", "", 1);
    leads_to("https://example.com", "http://p2:1");
    leads_to("http://127.0.0.1:4566", NULL);
}

static void hosts_are_excepted_as_curl_does(void **state)
{
    static const struct {
        const char *list, *host;
        bool excepted;
    } rows[] = {
        { "*", "example.com", true },
        { "*,x", "example.com", false },
        { "example.com", "example.com", true },
        { "example.com", "EXAMPLE.com:8443", true },
        { "example.com", "www.example.com/path", true },
        { "example.com", "notexample.com", false },
        { "www.example.com", "example.com", false },
        { ".example.com.", "www.example.com", true },
        { ".example.com", "example.com", true },
        { "a.b, example.com", "www.example.com", true },
        { "a.b example.com c", "www.example.com", true },
        { ",, ,", "example.com", false },
        { ".", "example.com", false },
        { "10.1.2.3", "10.1.2.3", true },
        { "10.1.2.3", "10.1.2.33", false },
        { "2.3", "10.1.2.3", false },
        { "10.1.0.0/16", "10.1.2.3:444", true },
        { "10.1.0.0/16", "10.2.2.3", false },
        { "10.1.2.0/23", "10.1.3.255", true },
        { "10.1.2.0/23", "10.1.4.0", false },
        { "0.0.0.0/0", "10.1.4.0", true },
        { "10.1.2.0/33", "10.1.2.0", false },
        { "10.1.2.0/", "10.1.2.0", false },
        { "10.1.2.0/x", "10.1.2.0", false },
        { "10.1.2.0/100000", "10.1.2.0", false },
        { "10.0.0.0/8", "example.com", false },
        { "fd00::1", "[fd00:0::1]:444", true },
        { "[fd00::1]", "[fd00::1]", true },
        { "fd00::/8", "[fd12::1]", true },
        { "fd00::/8", "[fe12::1]", false },
        { "0.0.0.0/0", "[fd00::1]", false },
    };

    (void)state;
    setenv("HTTPS_PROXY", "http://proxy:1", 1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char url[64];

        snprintf(url, sizeof(url), "https://%s", rows[i].host);
        setenv("NO_PROXY", rows[i].list, 1);
        leads_to(url, rows[i].excepted ? NULL : "http://proxy:1");
    }
    setenv("no_proxy", "other", 1);
    setenv("NO_PROXY", "*", 1);
    leads_to("https://example.com", "http://proxy:1");
}

static void what_is_shown_has_no_name_and_no_password(void **state)
{
    static const struct {
        const char *url, *shown;
    } rows[] = {
        { "http://proxy.example:3128", "http://proxy.example:3128" },
        { "http://user:pass@proxy.example:3128", "http://proxy.example:3128" },
        { "http://user:p%40ss@[fd00::1]:3128/x", "http://[fd00::1]:3128" },
        { "http://user@proxy.example", "http://proxy.example:1080" },
        { "user:pass@proxy.example:8", "http://proxy.example:8" },
        { "https://user:pass@proxy.example", "https://proxy.example:443" },
        { "socks5h://user:pass@proxy.example", "socks5h://proxy.example:1080" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = ERR_INIT;
        struct proxy p;

        setenv("HTTPS_PROXY", rows[i].url, 1);
        if (proxy_find("https://example.com", &p, &e) < 0)
            fail_msg("%s: %s", rows[i].url, e.msg);
        assert_string_equal(p.url, rows[i].url);
        assert_string_equal(p.shown, rows[i].shown);
        proxy_free(&p);
        assert_null(p.url);
        assert_null(p.shown);
    }
}

static void what_is_no_proxy_is_refused_and_not_shown(void **state)
{
    static const char *const wrong[] = {
        "http://user:secret@bad host", "http://user:secret@proxy:port",
        "gopher://user:secret@proxy:1", "http://user:secret@", "http://",
        "http://user:secret@proxy:123456", "://user:secret@", "\x01secret",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err e = ERR_INIT;
        struct proxy p;

        setenv("ALL_PROXY", wrong[i], 1);
        if (proxy_find("https://example.com", &p, &e) == 0)
            fail_msg("%s was accepted: %s", wrong[i], p.shown);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.msg, "ALL_PROXY"));
        assert_null(strstr(e.msg, "secret"));
        proxy_free(&p);
        setenv("NO_PROXY", "example.com", 1);
        leads_to("https://example.com", NULL); /* it is not in use */
        unsetenv("NO_PROXY");
    }
}

#define TEST(f) cmocka_unit_test_setup(f, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_variables_there_is_none),
        TEST(the_first_variable_that_is_not_empty_wins),
        TEST(hosts_are_excepted_as_curl_does),
        TEST(what_is_shown_has_no_name_and_no_password),
        TEST(what_is_no_proxy_is_refused_and_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
