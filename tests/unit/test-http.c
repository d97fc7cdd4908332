/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP attempt: what the server said and how it ended, whatever the
 * server does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/clock.h"
#include "net/http.h"
#include "toy-server.h"

enum { LIMIT = 4096, GUARD = 64 };

static struct toy toy;
static struct http *http;
static struct http_request *request;
static unsigned done_calls, place_calls;
static char into[LIMIT + GUARD];

static void note_done(struct http_request *r)
{
    (void)r;
    done_calls++;
}

static unsigned char *give_into(struct http_request *r)
{
    (void)r;
    place_calls++;
    return (unsigned char *)into;
}

static struct http_config config = {
    .user_agent = "ebsimg/test",
    .connections = 4,
    .connect_seconds = 2,
    .stall_seconds = 1,
    .request_seconds = 4,
};

static int open_client(void **state)
{
    struct err e;

    (void)state;
    done_calls = 0;
    place_calls = 0;
    memset(into, 'G', sizeof(into));
    http = http_new(&config, &e);
    request = http ? http_request_new(http, &e) : NULL;
    if (!request)
        return -1;
    request->method = "GET";
    request->limit = LIMIT;
    request->done = note_done;
    return 0;
}

/* For what ends before the request's time is over. */
static int open_patient_client(void **state)
{
    unsigned seconds = config.request_seconds;
    int r;

    config.request_seconds = 9;
    r = open_client(state);
    config.request_seconds = seconds;
    return r;
}

static int close_all(void **state)
{
    (void)state;
    http_request_free(request);
    http_free(http);
    if (toy.listener)
        toy_stop(&toy);
    memset(&toy, 0, sizeof(toy));
    return 0;
}

/* Sends to `url' (NULL: the toy's) and waits for the end, 10 s at most.
 * Nothing but what happens, or is to happen then, ends a wait. */
static const struct http_answer *ask(const char *url)
{
    static const char *const headers[] = { "X-Test: yes", NULL };
    uint64_t end = clock_monotonic(&clock_system) + 10 * NS_PER_S;
    unsigned before = done_calls;
    struct err e;

    request->url = url ? url : toy.url;
    request->headers = headers;
    assert_int_equal(http_send(http, request, &e), 0);
    while (done_calls == before) {
        assert_int_equal(http_poll(http, 20000, &e), 0);
        assert_true(clock_monotonic(&clock_system) < end);
    }
    return &request->answer;
}

static void expect_fault(enum http_fault fault)
{
    const struct http_answer *a = ask(NULL);

    if (a->fault != fault)
        fail_msg("fault %d: %s", a->fault, a->fault_text);
    assert_int_equal(fault == HTTP_ANSWERED, a->fault_text[0] == '\0');
}

/* --------------------------------------------------------------- answers */

static bool say_hello(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    assert(strstr(r, "\r\nX-Test: yes\r\n"));
    assert(strstr(r, "\r\nUser-Agent: ebsimg/test\r\n"));
    assert(!strcasestr(r, "\r\nExpect:"));
    return toy_answer(fd, 200, "X-Name: value\r\n", "hello");
}

static void a_body_and_its_headers_arrive(void **state)
{
    const struct http_answer *a;
    char buf[16];

    (void)state;
    toy_start(&toy, say_hello);
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_ANSWERED);
    assert_int_equal(a->status, 200);
    assert_int_equal(a->len, 5);
    assert_false(a->in_place);
    assert_string_equal(a->body.s, "hello");
    assert_string_equal(http_header(a, "x-name", buf, sizeof(buf)), "value");
    assert_memory_equal(a->peer, "127.0.0.1:", 10);
    assert_true(a->ended >= a->began);
}

static void a_request_can_be_sent_again_on_the_same_connection(void **state)
{
    (void)state;
    toy_start(&toy, say_hello);
    for (int i = 0; i < 5; i++) {
        ask(NULL);
        assert_int_equal(request->answer.len, 5);
    }
    assert_int_equal(toy.requests, 5);
    assert_int_equal(toy.connections, 1);
}

static void a_fresh_request_gets_a_connection_of_its_own(void **state)
{
    (void)state;
    toy_start(&toy, say_hello);
    ask(NULL);
    request->fresh = true;
    ask(NULL);
    assert_int_equal(toy.connections, 2);
}

static bool echo_form(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    assert(strncmp(r, "POST /a/../b?x=%2B HTTP/1.1\r\n", 29) == 0);
    assert(!strcasestr(r, "\r\nExpect:"));
    return toy_answer(fd, 200, "", strstr(r, "\r\n\r\n") + 4);
}

static void a_form_goes_to_exactly_the_url_that_was_given(void **state)
{
    char url[128];

    (void)state;
    toy_start(&toy, echo_form);
    snprintf(url, sizeof(url), "%s/a/../b?x=%%2B", toy.url);
    request->method = "POST";
    request->body = "Action=X";
    request->body_len = 8;
    assert_string_equal(ask(url)->body.s, "Action=X");
}

static bool send_continue(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 100 Continue\r\nX-Name: early\r\n\r\n");
    return toy_answer(fd, 200, "X-Name: late\r\n", "hello");
}

static void only_the_last_header_block_counts(void **state)
{
    char buf[16];

    (void)state;
    toy_start(&toy, send_continue);
    assert_int_equal(ask(NULL)->status, 200);
    assert_string_equal(http_header(&request->answer, "X-Name", buf,
                                    sizeof(buf)), "late");
}

static bool redirect(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    return toy_answer(fd, 302, "Location: /elsewhere\r\n", "there");
}

static void a_redirection_is_an_answer(void **state)
{
    (void)state;
    toy_start(&toy, redirect);
    expect_fault(HTTP_ANSWERED);
    assert_int_equal(request->answer.status, 302);
    assert_int_equal(toy.requests, 1);
}

/* ------------------------------------------------------------- body places */

static size_t body_size;
static int body_status;

static char letter(size_t i)
{
    return (char)('a' + i % 23);
}

/* In two pieces. */
static bool send_letters(struct toy *t, int fd, unsigned nth, const char *r)
{
    char *body = malloc(body_size + 1);
    size_t half = body_size / 2;

    (void)t;
    (void)nth;
    (void)r;
    assert(body);
    for (size_t i = 0; i < body_size; i++)
        body[i] = letter(i);
    toy_say(fd, "HTTP/1.1 %d W\r\nContent-Length: %zu\r\n\r\n", body_status,
            body_size);
    toy_send(fd, body, half);
    usleep(20000);
    toy_send(fd, body + half, body_size - half);
    free(body);
    return true;
}

static void assert_guard_is_whole(void)
{
    for (int i = LIMIT; i < LIMIT + GUARD; i++)
        assert_int_equal(into[i], 'G');
}

static void the_body_of_a_200_goes_where_it_was_wanted(void **state)
{
    const struct http_answer *a;

    (void)state;
    body_status = 200;
    body_size = LIMIT;
    toy_start(&toy, send_letters);
    request->place = give_into;
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_ANSWERED);
    assert_int_equal(a->len, LIMIT);
    assert_true(a->in_place);
    for (size_t i = 0; i < LIMIT; i++)
        assert_int_equal(into[i], letter(i));
    assert_guard_is_whole();
    assert_int_equal(place_calls, 1);
    ask(NULL); /* each attempt has its own */
    assert_int_equal(place_calls, 2);
    body_size = 0; /* what was there before is no answer */
    a = ask(NULL);
    assert_int_equal(a->status, 200);
    assert_false(a->in_place);
}

static void one_byte_too_many_is_too_large(void **state)
{
    (void)state;
    body_status = 200;
    body_size = LIMIT + 1;
    toy_start(&toy, send_letters);
    request->place = give_into;
    expect_fault(HTTP_TOO_LARGE);
    assert_guard_is_whole();
    request->place = NULL;
    expect_fault(HTTP_TOO_LARGE);
}

static void an_error_does_not_touch_the_place_of_the_body(void **state)
{
    const struct http_answer *a;

    (void)state;
    body_status = 500;
    body_size = 100;
    toy_start(&toy, send_letters);
    request->place = give_into;
    a = ask(NULL);
    assert_int_equal(a->status, 500);
    assert_int_equal(a->body.len, 100);
    assert_false(a->in_place);
    assert_int_equal(place_calls, 0);
    assert_int_equal(into[0], 'G');
}

static void a_huge_error_is_cut_but_is_an_answer(void **state)
{
    const struct http_answer *a;

    (void)state;
    body_status = 503;
    body_size = 1000000;
    toy_start(&toy, send_letters);
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_ANSWERED);
    assert_int_equal(a->status, 503);
    assert_int_equal(a->body.len, 65536);
}

/* More than any test may wait for, until the client hangs up. */
static bool send_no_end(struct toy *t, int fd, unsigned nth, const char *r)
{
    static const char piece[65536];
    ssize_t n;

    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 %d W\r\nContent-Length: 99999999999\r\n\r\n",
            body_status);
    do
        n = send(fd, piece, sizeof(piece), MSG_NOSIGNAL);
    while (n > 0);
    return false;
}

static void an_error_without_an_end_is_cut_and_counts(void **state)
{
    const struct http_answer *a;

    (void)state;
    toy_start(&toy, send_no_end);
    for (body_status = 400; body_status <= 500; body_status += 100) {
        uint64_t before = http_bytes(http);

        a = ask(NULL);
        assert_int_equal(a->fault, HTTP_ANSWERED);
        assert_int_equal(a->status, body_status);
        assert_int_equal(a->body.len, 65536);
        assert_true(http_bytes(http) - before < 2 * 1024 * 1024);
    }
}

static void a_long_error_leaves_its_connection(void **state)
{
    (void)state;
    body_status = 503;
    body_size = 1024 * 1024;
    toy_start(&toy, send_letters);
    for (int i = 0; i < 2; i++) {
        expect_fault(HTTP_ANSWERED);
        assert_int_equal(request->answer.body.len, 65536);
    }
    assert_int_equal(toy.connections, 1);
}

static void a_body_without_an_end_is_too_large(void **state)
{
    (void)state;
    body_status = 200;
    toy_start(&toy, send_no_end);
    expect_fault(HTTP_TOO_LARGE);
    assert_true(http_bytes(http) < 2 * 1024 * 1024);
}

static void an_empty_body_is_a_body(void **state)
{
    (void)state;
    body_status = 200;
    body_size = 0;
    toy_start(&toy, send_letters);
    request->place = give_into;
    expect_fault(HTTP_ANSWERED);
    assert_int_equal(request->answer.len, 0);
    assert_int_equal(place_calls, 0);
}

/* ---------------------------------------------------------------- faults */

static const char *const bad_answers[] = {
    "",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "SSH-2.0-OpenSSH\r\n",
    "HTTP/1.1",
};

static const char *wanted_answer; /* set before the toy starts */

static bool send_bad(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "%s", wanted_answer);
    return false;
}

static void what_is_not_a_whole_answer_is_broken(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad_answers) / sizeof(bad_answers[0]);
         i++) {
        wanted_answer = bad_answers[i];
        toy_start(&toy, send_bad);
        if (ask(NULL)->fault != HTTP_BROKEN)
            fail_msg("\"%s\" gives fault %d", wanted_answer,
                     request->answer.fault);
        toy_stop(&toy);
        memset(&toy, 0, sizeof(toy));
    }
}

static bool reset_in_the_middle(struct toy *t, int fd, unsigned nth,
                                const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsho");
    usleep(50000);
    return toy_reset(fd);
}

static void a_reset_is_broken(void **state)
{
    (void)state;
    toy_start(&toy, reset_in_the_middle);
    expect_fault(HTTP_BROKEN);
}

static bool flood_headers(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000; i++)
        toy_say(fd, "X-Header-%d: xxxxxxxxxxxxxxxx\r\n", i);
    toy_say(fd, "Content-Length: 0\r\n\r\n");
    return true;
}

static bool answer_once(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)r;
    return nth == 0 ? toy_answer(fd, 200, "", "hello") : false;
}

/* The second request may have been served, and the one who counts requests
 * must hear of it. */
static void a_request_is_never_sent_twice_in_silence(void **state)
{
    (void)state;
    toy_start(&toy, answer_once);
    expect_fault(HTTP_ANSWERED);
    expect_fault(HTTP_BROKEN);
    assert_int_equal(toy.requests, 2);
    assert_non_null(strstr(request->answer.fault_text, "without an answer"));
}

static void too_many_headers_are_too_large(void **state)
{
    (void)state;
    toy_start(&toy, flood_headers);
    expect_fault(HTTP_TOO_LARGE);
}

/* What a server may send without an end: the start once, then the rest again
 * and again until the client has enough. */
static const struct endless {
    const char *what, *start, *more;
} endless[] = {
    { "informational answers", "",
      "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" },
    { "one header line", "HTTP/1.1 200 OK\r\nX: ", "xxxxxxxxxxxxxxxxxxxxxx" },
    { "the status line", "HTTP/1.1 200 ", "OKOKOKOKOKOKOKOKOKOKOKOKOKOK" },
    { "chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      "10\r\n0123456789abcdef\r\n" },
    { "trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
      "Trailer: X\r\n\r\n0\r\n", "X: y\r\n" },
    { "a body of unknown length", "HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxx" },
};

static const struct endless *sent;

static bool send_endlessly(struct toy *t, int fd, unsigned nth,
                           const char *r)
{
    char c;

    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "%s", sent->start);
    while (recv(fd, &c, 1, MSG_DONTWAIT) != 0)
        if (send(fd, sent->more, strlen(sent->more), MSG_NOSIGNAL) < 0)
            break;
    return false;
}

static void what_has_no_end_is_cut_off(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
        const struct http_answer *a;

        sent = &endless[i];
        toy_start(&toy, send_endlessly);
        a = ask(NULL);
        if (a->fault != HTTP_TOO_LARGE && a->fault != HTTP_BROKEN)
            fail_msg("%s: fault %d, %s", sent->what, a->fault,
                     a->fault_text);
        assert_true(a->body.room + a->headers.room < 256 * 1024);
        toy_stop(&toy);
        memset(&toy, 0, sizeof(toy));
    }
}

/* libcurl skips what stands behind a chunk's length; time ends it. */
static void a_chunk_extension_without_end_runs_out_of_time(void **state)
{
    static const struct endless extension = {
        "", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    };

    (void)state;
    sent = &extension;
    toy_start(&toy, send_endlessly);
    expect_fault(HTTP_TIMEOUT);
}

/* A kilobyte that would inflate to a megabyte: what nobody asked for is not
 * done. */
static bool send_gzip(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    assert(!strcasestr(r, "\r\nAccept-Encoding:"));
    assert(!strcasestr(r, "\r\nTE:"));
    return toy_answer(fd, 200, "Content-Encoding: gzip\r\n",
                      "\x1f\x8b\x08 not gzip at all");
}

static void nothing_is_inflated(void **state)
{
    const struct http_answer *a;

    (void)state;
    toy_start(&toy, send_gzip);
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_ANSWERED);
    assert_string_equal(a->body.s, "\x1f\x8b\x08 not gzip at all");
}

static bool stall(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsho");
    return toy_hang(fd);
}

static void a_server_that_falls_silent_is_left_soon(void **state)
{
    const struct http_answer *a;

    (void)state;
    toy_start(&toy, stall);
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_TIMEOUT);
    assert_true(a->ended - a->began < 8 * NS_PER_S);
}

static bool drip(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    toy_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 45; i++) {
        toy_say(fd, "xxxxx");
        usleep(100000);
    }
    return false;
}

static void a_server_that_only_drips_is_left_in_the_end(void **state)
{
    const struct http_answer *a;

    (void)state;
    toy_start(&toy, drip);
    a = ask(NULL);
    assert_int_equal(a->fault, HTTP_TIMEOUT);
    assert_in_range(a->ended - a->began, 3900 * NS_PER_MS, 5 * NS_PER_S);
}

static void nobody_at_home_is_no_connection(void **state)
{
    char url[64];

    (void)state;
    toy_start(&toy, say_hello);
    strcpy(url, toy.url);
    toy_stop(&toy);
    memset(&toy, 0, sizeof(toy));
    assert_int_equal(ask(url)->fault, HTTP_NO_CONNECT);
    assert_int_equal(request->answer.status, 0);
}

static void plain_http_behind_https_is_bad_tls(void **state)
{
    char url[64];

    (void)state;
    toy_start(&toy, say_hello);
    toy.speaks_first = "HTTP/1.1 400 Bad Request\r\n\r\n";
    snprintf(url, sizeof(url), "https://127.0.0.1:%u", toy.port);
    assert_int_equal(ask(url)->fault, HTTP_BAD_TLS);
}

/* ---------------------------------------------------------------- control */

static void a_cancelled_request_is_never_done(void **state)
{
    static const char *const headers[] = { NULL };
    struct err e;

    (void)state;
    toy_start(&toy, stall);
    request->url = toy.url;
    request->headers = headers;
    assert_int_equal(http_send(http, request, &e), 0);
    http_poll(http, 100, &e);
    http_cancel(request);
    http_cancel(request);
    for (int i = 0; i < 3; i++)
        http_poll(http, 50, &e);
    assert_int_equal(done_calls, 0);
    assert_int_equal(request->answer.fault, HTTP_CANCELLED);
}

static void *wake_soon(void *arg)
{
    usleep(100000);
    http_wake(arg);
    return NULL;
}

static void a_wait_can_be_ended_from_another_thread(void **state)
{
    uint64_t began = clock_monotonic(&clock_system);
    pthread_t t;
    struct err e;

    (void)state;
    pthread_create(&t, NULL, wake_soon, http);
    assert_int_equal(http_poll(http, 5000, &e), 0);
    assert_true(clock_monotonic(&clock_system) - began < 2 * NS_PER_S);
    pthread_join(t, NULL);
}

static void a_wake_ends_one_wait(void **state)
{
    uint64_t idle;
    struct err e;

    (void)state;
    http_wake(http);
    http_wake(http);
    http_poll(http, 5000, &e);
    idle = http_idle_ns(http);
    http_poll(http, 200, &e);
    assert_true(http_idle_ns(http) - idle > 150 * NS_PER_MS);
}

/* No proxy of the environment comes so far when it is malformed; but libcurl
 * may have been built without a kind of it. */
static void the_password_of_a_proxy_is_not_told(void **state)
{
    static const char *const proxies[] = {
        "gopher://user:secret@proxy:1", "http://user:secret@bad host",
        "http://user:secret@127.0.0.1:9",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(proxies) / sizeof(proxies[0]); i++) {
        const struct http_answer *a;

        request->proxy = proxies[i];
        a = ask("https://127.0.0.1:9/");
        assert_int_not_equal(a->fault, HTTP_ANSWERED);
        assert_true(a->fault_text[0]);
        assert_null(strstr(a->fault_text, "secret"));
    }
}

static void the_environment_names_no_proxy(void **state)
{
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
    toy_start(&toy, say_hello);
    assert_int_equal(ask(NULL)->fault, HTTP_ANSWERED);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

static void a_ca_bundle_that_cannot_be_read_is_a_usage_error(void **state)
{
    struct http_config c = config;
    struct err e;

    (void)state;
    c.ca_bundle = "/nowhere/ca.pem";
    assert_null(http_new(&c, &e));
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.msg, "/nowhere/ca.pem"));
    c.ca_bundle = "/";
    assert_null(http_new(&c, &e));
    c.ca_bundle = NULL;
    setenv("SSL_CERT_FILE", "/nowhere/env.pem", 1);
    assert_null(http_new(&c, &e));
    unsetenv("SSL_CERT_FILE");
    assert_non_null(strstr(e.msg, "SSL_CERT_FILE"));
}

/* ------------------------------------------------------------ beginnings */

static void without_descriptors_it_says_so(void **state)
{
    struct rlimit was, none;
    struct err e = ERR_INIT;
    struct http *h;

    (void)state;
    getrlimit(RLIMIT_NOFILE, &was);
    none = was;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    h = http_new(&config, &e);
    setrlimit(RLIMIT_NOFILE, &was);
    assert_null(h);
    assert_int_equal(e.kind, ERR_INTERNAL);
    assert_string_equal(e.msg,
                        "cannot watch connections: Too many open files");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_client, \
                                                   close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_descriptors_it_says_so),
        TEST(a_body_and_its_headers_arrive),
        TEST(a_request_can_be_sent_again_on_the_same_connection),
        TEST(a_fresh_request_gets_a_connection_of_its_own),
        TEST(a_form_goes_to_exactly_the_url_that_was_given),
        TEST(only_the_last_header_block_counts),
        TEST(a_redirection_is_an_answer),
        TEST(the_body_of_a_200_goes_where_it_was_wanted),
        TEST(one_byte_too_many_is_too_large),
        TEST(an_error_does_not_touch_the_place_of_the_body),
        TEST(a_huge_error_is_cut_but_is_an_answer),
        TEST(an_error_without_an_end_is_cut_and_counts),
        TEST(a_long_error_leaves_its_connection),
        TEST(a_body_without_an_end_is_too_large),
        TEST(an_empty_body_is_a_body),
        TEST(what_is_not_a_whole_answer_is_broken),
        TEST(a_reset_is_broken),
        TEST(a_request_is_never_sent_twice_in_silence),
        TEST(too_many_headers_are_too_large),
        TEST(what_has_no_end_is_cut_off),
        TEST(a_chunk_extension_without_end_runs_out_of_time),
        TEST(nothing_is_inflated),
        cmocka_unit_test_setup_teardown(
            a_server_that_falls_silent_is_left_soon, open_patient_client,
            close_all),
        TEST(a_server_that_only_drips_is_left_in_the_end),
        TEST(nobody_at_home_is_no_connection),
        TEST(plain_http_behind_https_is_bad_tls),
        TEST(a_cancelled_request_is_never_done),
        TEST(a_wait_can_be_ended_from_another_thread),
        TEST(a_wake_ends_one_wait),
        TEST(a_ca_bundle_that_cannot_be_read_is_a_usage_error),
        TEST(the_password_of_a_proxy_is_not_told),
        TEST(the_environment_names_no_proxy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
