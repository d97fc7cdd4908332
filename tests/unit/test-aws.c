/* SPDX-License-Identifier: Apache-2.0 */
/* A call with all of its retries, against a service that misbehaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aws/aws.h"
#include "toy-server.h"

enum { EVENTS = 200, CALLS = 4 };

static struct toy toy;
static struct aws *aws;
static struct aws_config config;
static struct settings settings;
static struct call *calls[CALLS];
static unsigned done_calls;
static struct aws_event events[EVENTS];
static char details[EVENTS][1200];
static unsigned nevents;

/* ------------------------------------------- a clock that tests can turn */

static uint64_t speed;       /* so much faster is the monotonic clock */
static int64_t wall_ahead_s; /* of the true time */

static uint64_t turned_wall(void *ctx)
{
    (void)ctx;
    return clock_wall(&clock_system)
        + (uint64_t)(wall_ahead_s * (int64_t)NS_PER_S);
}

static uint64_t turned_monotonic(void *ctx)
{
    static uint64_t began;
    uint64_t now = clock_monotonic(&clock_system);

    (void)ctx;
    if (!began)
        began = now;
    return began + (now - began) * speed;
}

static const struct clock turned = { turned_wall, turned_monotonic, NULL };

/* --------------------------------------------------------------- the client */

static void note_event(void *ctx, const struct aws_event *e)
{
    (void)ctx;
    assert_true(nevents < EVENTS);
    events[nevents] = *e;
    snprintf(details[nevents], sizeof(details[0]), "%s", e->detail);
    nevents++;
}

static void note_done(struct call *c)
{
    (void)c;
    done_calls++;
}

static int fresh(void **state)
{
    static char url[64];

    (void)state;
    speed = 20;
    wall_ahead_s = 0;
    nevents = 0;
    done_calls = 0;
    memset(&settings, 0, sizeof(settings));
    settings.credentials.access_key_id = strdup("AKIDEXAMPLE");
    settings.credentials.secret_access_key = strdup("secret");
    settings.region = strdup("us-east-1");
    for (int i = 0; i < AWS_SERVICES; i++)
        settings.endpoint_url[i] = url;
    config = (struct aws_config){
        .settings = &settings,
        .http = { .connections = 8, .connect_seconds = 2,
                  .stall_seconds = 1, .request_seconds = 2 },
        .attempts = 4,
        .give_up_seconds = 100,
        .block_rate = 1000,
        .list_rate = 1000,
        .clock = &turned,
        .seed = 1,
        .on_event = note_event,
    };
    return 0;
}

/* Begins the service and the client with `config'. */
static void begin(bool (*serve)(struct toy *, int, unsigned, const char *))
{
    struct err e = ERR_INIT;

    toy_start(&toy, serve);
    strcpy(settings.endpoint_url[0], toy.url);
    aws = aws_new(&config, &e);
    if (!aws)
        fail_msg("%s", e.msg);
    for (int i = 0; i < CALLS; i++) {
        calls[i] = call_new(aws, &e);
        assert_non_null(calls[i]);
        text_addf(&calls[i]->path, "/call/%d", i);
        calls[i]->limit = 4096;
        calls[i]->done = note_done;
    }
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < CALLS; i++)
        call_free(calls[i]);
    memset(calls, 0, sizeof(calls));
    aws_free(aws);
    aws = NULL;
    toy_stop(&toy);
    for (int i = 0; i < AWS_SERVICES; i++)
        settings.endpoint_url[i] = NULL;
    settings_free(&settings);
    return 0;
}

/* Until so many calls are done; 10 true seconds at most. */
static void run_until(unsigned ends)
{
    uint64_t stop = clock_monotonic(&clock_system) + 10 * NS_PER_S;
    struct err e;

    while (done_calls < ends) {
        assert_int_equal(aws_poll(aws, 2, &e), 0);
        assert_true(clock_monotonic(&clock_system) < stop);
    }
}

static struct call *run_one(void)
{
    call_start(calls[0]);
    run_until(done_calls + 1);
    return calls[0];
}

static unsigned count_events(const char *what)
{
    unsigned n = 0;

    for (unsigned i = 0; i < nevents; i++)
        n += strcmp(events[i].what, what) == 0;
    return n;
}

static void expect_end(const struct call *c, enum verdict v,
                       enum err_kind kind, const char *words)
{
    if (c->verdict != v || c->err.kind != kind || !strstr(c->err.msg, words))
        fail_msg("%s, %s: %s", verdict_name(c->verdict),
                 err_kind_name(c->err.kind), c->err.msg);
}

/* ------------------------------------------------------------ the service */

static unsigned bad_ones; /* so many requests go wrong first */

static bool serve_ok(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)r;
    (void)nth;
    return toy_answer(fd, 200, "x-amzn-RequestId: id-ok\r\n", "fine");
}

static bool say_json(int fd, int status, const char *type, const char *body)
{
    char headers[256];
    char date[64];
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
    snprintf(headers, sizeof(headers), "x-amzn-ErrorType: %s\r\n"
             "x-amzn-RequestId: id-bad\r\nDate: %s\r\n", type, date);
    return toy_answer(fd, status, headers, body);
}

/* ---------------------------------------------------------- the good case */

static char seen[16384];

static bool serve_and_note(struct toy *t, int fd, unsigned nth, const char *r)
{
    snprintf(seen, sizeof(seen), "%s", r);
    return serve_ok(t, fd, nth, r);
}

static void a_call_is_signed_sent_and_answered(void **state)
{
    struct call *c;

    (void)state;
    settings.credentials.session_token = strdup("to/ken==");
    begin(serve_and_note);
    call_query(calls[0], "blockToken", "a+/=b");
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_string_equal(c->answer->body.s, "fine");
    assert_string_equal(c->request_id, "id-ok");
    assert_int_equal(c->attempts, 1);
    assert_int_equal(nevents, 0);
    assert_ptr_equal(strstr(seen, "GET /call/0?blockToken=a%2B%2F%3Db "
                                  "HTTP/1.1\r\n"), seen);
    assert_non_null(strstr(seen, "\r\nX-Amz-Security-Token: to/ken==\r\n"));
    assert_non_null(strstr(seen, "\r\nUser-Agent: ebsimg/"));
    assert_non_null(strstr(seen, "\r\nAuthorization: AWS4-HMAC-SHA256 "
                                 "Credential=AKIDEXAMPLE/"));
    assert_non_null(strstr(seen, "/us-east-1/ebs/aws4_request, SignedHeaders="
                                 "host;x-amz-date;x-amz-security-token, "));
}

/* Says again whatever came, in each place that an answer has. */
static bool serve_echo(struct toy *t, int fd, unsigned nth, const char *r)
{
    const char *token = strstr(r, "X-Amz-Security-Token: ") + 22;
    const char *auth = strstr(r, "Authorization: ") + 15;
    int token_len = (int)strcspn(token, "\r");
    int auth_len = (int)strcspn(auth, "\r");
    char body[4096];

    (void)t;
    snprintf(body, sizeof(body), "{\"__type\":\"%.*s\",\"Reason\":\"%.*s\","
             "\"message\":\"%.*s %.*s %.60s\"}", token_len, token, token_len,
             token, auth_len, auth, token_len, token, r);
    toy_say(fd, "HTTP/1.1 %d %.*s\r\nx-amzn-RequestId: %.*s\r\n"
            "Content-Length: %zu\r\n\r\n%s", nth ? 200 : 500, token_len,
            token, token_len, token, strlen(body), body);
    return true;
}

static void holds_no_key(const char *text)
{
    assert_null(strstr(text, "FwoGZXIvYXdz"));
    if (strstr(text, "Signature="))
        assert_non_null(strstr(text, "Signature=[removed]"));
}

static void holds_no_secret(const char *text)
{
    assert_null(strstr(text, "block%2Ftoken"));
    holds_no_key(text);
}

static void what_the_service_repeats_is_removed(void **state)
{
    struct call *c;

    (void)state;
    settings.credentials.session_token = strdup("FwoGZXIvYXdzEXAMPLE==");
    begin(serve_echo);
    call_query(calls[0], "blockToken", "block/token/1234");
    c = run_one();
    assert_int_equal(c->verdict, V_OK); /* the second time */
    assert_int_equal(nevents, 1);
    holds_no_secret(details[0]);
    assert_non_null(strstr(details[0], "[removed]"));
    assert_string_equal(events[0].request_id, "[removed]");
    assert_string_equal(c->request_id, "[removed]");
    holds_no_secret(c->answer->headers.s);
    holds_no_key(c->answer->body.s); /* tokens of a good one are wanted */
    call_reject(c, "it says FwoGZXIvYXdzEXAMPLE==");
    assert_non_null(strstr(details[1], ": it says [removed]"));
}

static void the_tokens_of_a_list_are_left_to_it(void **state)
{
    struct call *c;

    (void)state;
    settings.credentials.session_token = strdup("FwoGZXIvYXdzEXAMPLE==");
    begin(serve_echo);
    calls[0]->pace = PACE_LIST;
    call_query(calls[0], "pageToken", "page/token/12345");
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_non_null(strstr(c->answer->body.s, "pageToken=page%2Ftoken"));
    holds_no_secret(c->answer->headers.s);
}

static unsigned char *give_place(struct call *c)
{
    return c->owner;
}

static void an_answer_goes_where_the_call_says_and_only_there(void **state)
{
    unsigned char place[4096] = "";
    struct call *c;

    (void)state;
    begin(serve_and_note);
    calls[0]->place = give_place;
    calls[0]->owner = place;
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_true(c->answer->in_place);
    assert_memory_equal(place, "fine", 5);
    calls[0]->place = NULL;
    memset(place, 0, sizeof(place));
    c = run_one();
    assert_false(c->answer->in_place);
    assert_string_equal(c->answer->body.s, "fine");
    assert_int_equal(place[0], 0);
}

static void a_form_is_posted_with_its_type_signed(void **state)
{
    (void)state;
    begin(serve_and_note);
    call_reset(calls[0]);
    calls[0]->service = AWS_STS;
    calls[0]->method = "POST";
    text_add(&calls[0]->path, "/");
    call_form(calls[0], "Action", "GetCallerIdentity");
    call_form(calls[0], "Version", "2011-06-15");
    assert_int_equal(run_one()->verdict, V_OK);
    assert_ptr_equal(strstr(seen, "POST / HTTP/1.1\r\n"), seen);
    assert_non_null(strstr(seen, "\r\nContent-Type: application/x-www-form-"
                                 "urlencoded; charset=utf-8\r\n"));
    assert_non_null(strstr(seen, "/us-east-1/sts/aws4_request, SignedHeaders="
                                 "content-type;host;x-amz-date, "));
    assert_non_null(strstr(seen, "\r\n\r\nAction=GetCallerIdentity"
                                 "&Version=2011-06-15"));
}

static void a_call_that_is_waited_for_brings_its_reason(void **state)
{
    struct err e = ERR_INIT;

    (void)state;
    begin(serve_ok);
    assert_int_equal(aws_wait(aws, calls[0], NULL, &e), 0);
    assert_int_equal(calls[0]->verdict, V_OK);
    assert_ptr_equal(calls[0]->done, note_done);
    assert_int_equal(done_calls, 0);
}

static bool serve_hang(struct toy *t, int fd, unsigned nth, const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    return toy_hang(fd);
}

static void a_wait_ends_when_it_is_told_to_stop(void **state)
{
    volatile int stop = 1;
    struct err e = ERR_INIT;

    (void)state;
    begin(serve_hang);
    assert_int_equal(aws_wait(aws, calls[0], &stop, &e), -1);
    assert_int_equal(e.kind, ERR_INTERRUPTED);
}

/* --------------------------------------------------------------- transient */

static bool serve_500_first(struct toy *t, int fd, unsigned nth,
                            const char *r)
{
    if (nth >= bad_ones)
        return serve_ok(t, fd, nth, r);
    return say_json(fd, 500, "InternalServerException", "{}");
}

static void three_500s_are_survived(void **state)
{
    const struct call *c;

    (void)state;
    bad_ones = 3;
    begin(serve_500_first);
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_int_equal(c->attempts, 4);
    assert_int_equal(count_events("retry"), 3);
    assert_string_equal(events[0].request_id, "id-bad");
    assert_int_equal(events[2].attempt, 3);
    assert_string_equal(c->request_id, "id-ok");
}

static void attempts_end(void **state)
{
    const struct call *c;

    (void)state;
    bad_ones = 1000;
    begin(serve_500_first);
    c = run_one();
    expect_end(c, V_GIVE_UP, ERR_SERVICE, "4 attempts failed, the last one: "
               "127.0.0.1:");
    assert_int_equal(toy.requests, 4);
    assert_int_equal(count_events("failed"), 1);
    assert_false(c->gave_up_alone);
}

static void a_call_may_have_fewer_attempts(void **state)
{
    (void)state;
    bad_ones = 1000;
    begin(serve_500_first);
    calls[0]->attempts_max = 2;
    run_one();
    assert_int_equal(toy.requests, 2);
}

static bool serve_resets_first(struct toy *t, int fd, unsigned nth,
                               const char *r)
{
    if (nth >= bad_ones)
        return serve_ok(t, fd, nth, r);
    toy_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi");
    usleep(20000);
    return toy_reset(fd);
}

static void resets_are_survived_on_new_connections(void **state)
{
    const struct call *c;

    (void)state;
    bad_ones = 2;
    begin(serve_resets_first);
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_string_equal(c->answer->body.s, "fine");
    assert_int_equal(toy.connections, 3);
}

static bool serve_silence_first(struct toy *t, int fd, unsigned nth,
                                const char *r)
{
    return nth < bad_ones ? toy_hang(fd) : serve_ok(t, fd, nth, r);
}

static void silence_is_survived(void **state)
{
    (void)state;
    bad_ones = 1;
    begin(serve_silence_first);
    assert_int_equal(run_one()->verdict, V_OK);
    assert_non_null(strstr(details[0], "did not answer in time"));
}

static bool serve_too_much(struct toy *t, int fd, unsigned nth, const char *r)
{
    char body[5001];

    (void)t;
    (void)nth;
    (void)r;
    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    return toy_answer(fd, 200, "", body);
}

static void an_answer_that_is_always_too_large_ends_the_call(void **state)
{
    (void)state;
    begin(serve_too_much);
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE, "larger than it may be");
}

static bool serve_retry_after(struct toy *t, int fd, unsigned nth,
                              const char *r)
{
    if (nth)
        return serve_ok(t, fd, nth, r);
    return toy_answer(fd, 503, "Retry-After: 10\r\n", "");
}

static void a_proxy_is_not_asked_again_before_it_wants(void **state)
{
    (void)state;
    begin(serve_retry_after);
    assert_int_equal(run_one()->verdict, V_OK);
    assert_int_equal(events[0].wait_ms, 10000);
}

/* --------------------------------------------------------------- throttled */

static bool serve_throttle_first(struct toy *t, int fd, unsigned nth,
                                 const char *r)
{
    if (nth >= bad_ones)
        return serve_ok(t, fd, nth, r);
    return say_json(fd, 400, "RequestThrottledException",
                    "{\"Reason\":\"RESOURCE_LEVEL_THROTTLE\"}");
}

static void throttles_lower_the_rate_and_do_not_count(void **state)
{
    struct aws_counts n;

    (void)state;
    bad_ones = 20;
    begin(serve_throttle_first);
    calls[0]->pace = PACE_BLOCK;
    assert_int_equal(run_one()->verdict, V_OK);
    aws_counts(aws, &n);
    assert_int_equal(n.throttled, 20);
    assert_int_equal(n.requests, 21);
    assert_int_equal(n.retries, 20);
    assert_int_equal(count_events("throttled"), 20);
    assert_true(n.block_rate < 1000);
    assert_non_null(strstr(details[0], "; from now on 7"));
}

static void a_service_that_only_throttles_is_given_up(void **state)
{
    (void)state;
    bad_ones = 100000;
    config.give_up_seconds = 20;
    begin(serve_throttle_first);
    call_start(calls[1]);
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE,
               "throttled every request for 20 s");
    run_until(2);
    assert_int_equal(calls[1]->verdict, V_GIVE_UP);
    assert_false(calls[1]->gave_up_alone);
}

/* ------------------------------------------------------------------ clocks */

/* Accepts what was signed within five minutes of the true time. */
static bool serve_strict_clock(struct toy *t, int fd, unsigned nth,
                               const char *r)
{
    const char *at = strstr(r, "\r\nX-Amz-Date: ");
    struct tm tm = { 0 };
    time_t signed_at;

    strptime(at + strlen("\r\nX-Amz-Date: "), "%Y%m%dT%H%M%SZ", &tm);
    signed_at = timegm(&tm);
    if (labs((long)(signed_at - time(NULL))) < 300)
        return serve_ok(t, fd, nth, r);
    return say_json(fd, 403, "InvalidSignatureException",
                    "{\"message\":\"Signature expired\"}");
}

static void check_wrong_clock(int64_t ahead_s)
{
    int64_t offset;

    wall_ahead_s = ahead_s;
    begin(serve_strict_clock);
    assert_int_equal(run_one()->verdict, V_OK);
    assert_int_equal(calls[0]->attempts, 2);
    assert_int_equal(count_events("clock"), 1);
    assert_true(aws_clock_offset(aws, &offset));
    assert_true(labs((long)(offset - ahead_s)) <= 2);
    assert_int_equal(run_one()->verdict, V_OK);
    assert_int_equal(calls[0]->attempts, 1);
}

static void a_clock_that_is_fast_is_corrected_once(void **state)
{
    (void)state;
    check_wrong_clock(3600);
}

static void a_clock_that_is_slow_is_corrected_once(void **state)
{
    (void)state;
    check_wrong_clock(-86400);
}

static void a_clock_that_is_set_during_the_run_is_corrected_too(void **state)
{
    (void)state;
    wall_ahead_s = 3600;
    begin(serve_strict_clock);
    assert_int_equal(run_one()->verdict, V_OK);
    wall_ahead_s = 0;
    assert_int_equal(run_one()->verdict, V_OK);
    assert_int_equal(calls[0]->attempts, 2);
    assert_int_equal(count_events("clock"), 2);
}

static bool serve_wrong_key(struct toy *t, int fd, unsigned nth,
                            const char *r)
{
    (void)t;
    (void)nth;
    (void)r;
    return say_json(fd, 403, "InvalidSignatureException", "{}");
}

static void a_wrong_secret_is_not_mistaken_for_a_wrong_clock(void **state)
{
    (void)state;
    begin(serve_wrong_key);
    expect_end(run_one(), V_GIVE_UP, ERR_ACCESS, "do not belong together");
    assert_int_equal(toy.requests, 1);
}

static void a_wrong_secret_and_a_wrong_clock_end_too(void **state)
{
    (void)state;
    wall_ahead_s = 7200;
    begin(serve_wrong_key);
    expect_end(run_one(), V_GIVE_UP, ERR_ACCESS, "do not belong together");
    assert_int_equal(toy.requests, 2);
}

/* -------------------------------------------------------- other verdicts */

static const char *answer_type;
static const char *answer_body;
static int answer_status;

static bool serve_error_first(struct toy *t, int fd, unsigned nth,
                              const char *r)
{
    if (nth >= bad_ones)
        return serve_ok(t, fd, nth, r);
    return say_json(fd, answer_status, answer_type, answer_body);
}

static void answer_with(int status, const char *type, const char *body)
{
    bad_ones = 1000;
    answer_status = status;
    answer_type = type;
    answer_body = body;
    begin(serve_error_first);
}

static void expired_credentials_end_the_call(void **state)
{
    (void)state;
    answer_with(403, "ExpiredTokenException", "{}");
    expect_end(run_one(), V_GIVE_UP, ERR_ACCESS, "expired");
    assert_int_equal(toy.requests, 1);
}

static void a_refusal_ends_the_call_at_once(void **state)
{
    (void)state;
    answer_with(403, "AccessDeniedException",
                "{\"Reason\":\"UNAUTHORIZED_ACCOUNT\"}");
    expect_end(run_one(), V_GIVE_UP, ERR_ACCESS, "share");
    assert_int_equal(calls[0]->err.http_status, 403);
    assert_int_equal(toy.requests, 1);
}

static void a_stale_token_is_for_the_owner(void **state)
{
    (void)state;
    answer_with(400, "ValidationException",
                "{\"Reason\":\"INVALID_BLOCK_TOKEN\"}");
    assert_int_equal(run_one()->verdict, V_STALE_BLOCK_TOKEN);
    assert_int_equal(toy.requests, 1);
}

static void a_snapshot_may_become_ready(void **state)
{
    (void)state;
    answer_with(404, "ResourceNotFoundException",
                "{\"Reason\":\"SNAPSHOT_NOT_FOUND\"}");
    bad_ones = 5;
    calls[0]->not_ready_seconds = 60;
    assert_int_equal(run_one()->verdict, V_OK);
    assert_int_equal(count_events("not_ready"), 5);
}

static void a_snapshot_that_never_becomes_ready_is_not_waited_for(void **state)
{
    (void)state;
    answer_with(404, "ResourceNotFoundException",
                "{\"Reason\":\"SNAPSHOT_NOT_FOUND\"}");
    expect_end(run_one(), V_NOT_READY, ERR_SOURCE, "does not exist");
    assert_int_equal(toy.requests, 1);
    calls[0]->not_ready_seconds = 10;
    expect_end(run_one(), V_NOT_READY, ERR_SOURCE, "does not exist");
    assert_in_range(toy.requests, 4, 6);
}

/* ---------------------------------------------------------------- rejected */

static unsigned rejections;

static void reject_first(struct call *c)
{
    if (c->verdict == V_OK && rejections) {
        rejections--;
        call_reject(c, "it makes no sense");
        return;
    }
    done_calls++;
}

static void a_rejected_answer_is_asked_for_on_a_new_connection(void **state)
{
    const struct call *c;

    (void)state;
    rejections = 2;
    begin(serve_ok);
    calls[0]->done = reject_first;
    c = run_one();
    assert_int_equal(c->verdict, V_OK);
    assert_int_equal(c->attempts, 3);
    assert_int_equal(toy.connections, 3);
    assert_int_equal(count_events("rejected"), 2);
    assert_non_null(strstr(details[0], "it makes no sense"));
}

static void answers_cannot_be_rejected_for_ever(void **state)
{
    (void)state;
    rejections = 1000;
    begin(serve_ok);
    calls[0]->done = reject_first;
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE, "it makes no sense");
    assert_int_equal(toy.requests, 4);
}

/* ------------------------------------------------ whose fault a failure is */

static atomic_bool poison_is_on;
static atomic_uint others; /* requests that were not poisoned */

/* Until the client has seen another call succeed after it sent this one: the
 * second request from now says that the first was answered.  (A failure counts
 * as an attempt only when another call succeeded since the one before, which
 * on a busy machine may fail to happen by itself.) */
static void await_others(void)
{
    unsigned enough = others + 2;

    for (int i = 0; i < 400 && poison_is_on && others < enough; i++)
        usleep(2000);
}

/* Call 0 never works, every other one does. */
static bool serve_poison(struct toy *t, int fd, unsigned nth, const char *r)
{
    if (strncmp(r, "GET /call/0", 11) == 0) {
        await_others();
        return say_json(fd, 500, "InternalServerException", "{}");
    }
    others++;
    return serve_ok(t, fd, nth, r);
}

/* Keeps a call busy for ever. */
static void start_again(struct call *c)
{
    assert_int_equal(c->verdict, V_OK);
    if (poison_is_on)
        call_start(c);
}

static void a_block_that_fails_alone_is_to_blame(void **state)
{
    (void)state;
    poison_is_on = true;
    begin(serve_poison);
    for (int i = 0; i < CALLS; i++)
        calls[i]->pace = PACE_BLOCK;
    calls[1]->done = start_again;
    call_start(calls[1]);
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE, "4 attempts");
    assert_int_equal(calls[0]->attempts, 4);
    assert_true(calls[0]->gave_up_alone);
    poison_is_on = false;
}

static void the_last_block_alone_is_to_blame_too(void **state)
{
    (void)state;
    begin(serve_poison);
    for (int i = 0; i < CALLS; i++)
        calls[i]->pace = PACE_BLOCK;
    call_start(calls[1]);
    run_until(1);
    run_one();
    assert_true(calls[0]->gave_up_alone);
    assert_int_equal(calls[0]->attempts, 4);
}

static atomic_bool outage;

static bool serve_with_outage(struct toy *t, int fd, unsigned nth,
                              const char *r)
{
    if (outage)
        return say_json(fd, 500, "InternalServerException", "{}");
    return serve_ok(t, fd, nth, r);
}

static void begin_outage(void)
{
    outage = false;
    config.give_up_seconds = 80;
    begin(serve_with_outage);
    for (int i = 0; i < CALLS; i++)
        calls[i]->pace = PACE_BLOCK;
    run_one();
    usleep(150000); /* three turned seconds: that success says nothing now */
    outage = true;
    call_start(calls[0]);
    call_start(calls[1]);
}

static void an_outage_uses_up_no_attempts(void **state)
{
    (void)state;
    begin_outage();
    for (int i = 0; i < 1500 && toy.requests < 20; i++) {
        struct err e;

        aws_poll(aws, 2, &e);
    }
    assert_true(toy.requests >= 20);
    assert_int_equal(done_calls, 1);
    outage = false;
    run_until(3);
    assert_int_equal(calls[0]->verdict, V_OK);
    assert_int_equal(calls[1]->verdict, V_OK);
    assert_true(calls[0]->attempts > config.attempts);
}

/* It says that the service worked before the call, not that it does. */
static void a_success_just_before_an_outage_says_nothing(void **state)
{
    (void)state;
    config.attempts = 2;
    outage = false;
    begin(serve_with_outage);
    for (int i = 0; i < CALLS; i++)
        calls[i]->pace = PACE_BLOCK;
    run_one();
    outage = true;
    call_start(calls[0]);
    call_start(calls[1]);
    for (int i = 0; i < 1500 && toy.requests < 10; i++) {
        struct err e;

        aws_poll(aws, 2, &e);
    }
    assert_true(toy.requests >= 10);
    assert_int_equal(done_calls, 1);
    outage = false;
    run_until(3);
    assert_int_equal(calls[0]->verdict, V_OK);
    assert_int_equal(calls[1]->verdict, V_OK);
}

static void an_outage_without_end_is_nobodys_fault_but_ends(void **state)
{
    (void)state;
    begin_outage();
    run_until(3);
    for (int i = 0; i < 2; i++) {
        expect_end(calls[i], V_GIVE_UP, ERR_SERVICE,
                   "no request has succeeded for 80 s");
        assert_false(calls[i]->gave_up_alone);
    }
}

/* -------------------------------------------------------- order and control */

static char order[64];

static bool serve_in_order(struct toy *t, int fd, unsigned nth, const char *r)
{
    pthread_mutex_lock(&t->lock);
    order[strlen(order)] = r[strlen("GET /call/")];
    pthread_mutex_unlock(&t->lock);
    usleep(20000);
    return serve_ok(t, fd, nth, r);
}

static void first_started_is_first_sent(void **state)
{
    (void)state;
    memset(order, 0, sizeof(order));
    config.http.connections = 1;
    begin(serve_in_order);
    for (int i = 0; i < CALLS; i++)
        calls[i]->pace = PACE_BLOCK;
    for (int i = CALLS; i-- > 0;)
        call_start(calls[i]);
    run_until(CALLS);
    assert_string_equal(order, "3210");
}

static atomic_bool list_seen;

/* Blocks are answered only once the list has been asked for. */
static bool serve_list_first(struct toy *t, int fd, unsigned nth,
                             const char *r)
{
    if (strncmp(r, "GET /call/3", 11) == 0)
        list_seen = true;
    for (int i = 0; i < 1000 && !list_seen; i++)
        usleep(5000);
    return list_seen && serve_ok(t, fd, nth, r);
}

static void a_list_does_not_wait_behind_blocks(void **state)
{
    (void)state;
    list_seen = false;
    config.http.connections = 1;
    begin(serve_list_first);
    for (int i = 0; i < 3; i++) {
        calls[i]->pace = PACE_BLOCK;
        call_start(calls[i]);
    }
    calls[3]->pace = PACE_LIST;
    call_start(calls[3]);
    run_until(CALLS);
    for (int i = 0; i < CALLS; i++)
        assert_int_equal(calls[i]->verdict, V_OK);
    assert_int_equal(toy.requests, CALLS);
}

static void a_cancelled_call_is_never_done(void **state)
{
    struct err e;

    (void)state;
    begin(serve_hang);
    call_start(calls[0]);
    call_start(calls[1]);
    aws_poll(aws, 50, &e);
    call_cancel(calls[0]);
    call_free(calls[1]);
    calls[1] = NULL;
    for (int i = 0; i < 10; i++)
        aws_poll(aws, 5, &e);
    assert_int_equal(done_calls, 0);
}

static void the_pace_holds_calls_back(void **state)
{
    uint64_t began;

    (void)state;
    speed = 1;
    config.list_rate = 10;
    begin(serve_ok);
    began = clock_monotonic(&clock_system);
    for (int i = 0; i < CALLS; i++) {
        calls[i]->pace = PACE_LIST;
        call_start(calls[i]);
    }
    run_until(CALLS);
    assert_in_range(clock_monotonic(&clock_system) - began,
                    290 * NS_PER_MS, 900 * NS_PER_MS);
}

static void a_redirection_is_not_followed(void **state)
{
    (void)state;
    answer_with(301, "PermanentRedirect", "");
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE, "redirection");
    assert_int_equal(toy.requests, 1);
}

static void a_dead_endpoint_is_told_by_name(void **state)
{
    char name[64];

    (void)state;
    begin(serve_ok);
    toy_stop(&toy);
    snprintf(name, sizeof(name), "127.0.0.1:%u: no connection", toy.port);
    expect_end(run_one(), V_GIVE_UP, ERR_SERVICE, name);
    toy_start(&toy, serve_ok); /* for end() */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_call_is_signed_sent_and_answered),
        TEST(an_answer_goes_where_the_call_says_and_only_there),
        TEST(what_the_service_repeats_is_removed),
        TEST(the_tokens_of_a_list_are_left_to_it),
        TEST(a_form_is_posted_with_its_type_signed),
        TEST(a_call_that_is_waited_for_brings_its_reason),
        TEST(a_wait_ends_when_it_is_told_to_stop),
        TEST(three_500s_are_survived),
        TEST(attempts_end),
        TEST(a_call_may_have_fewer_attempts),
        TEST(resets_are_survived_on_new_connections),
        TEST(silence_is_survived),
        TEST(an_answer_that_is_always_too_large_ends_the_call),
        TEST(a_proxy_is_not_asked_again_before_it_wants),
        TEST(throttles_lower_the_rate_and_do_not_count),
        TEST(a_service_that_only_throttles_is_given_up),
        TEST(a_clock_that_is_fast_is_corrected_once),
        TEST(a_clock_that_is_slow_is_corrected_once),
        TEST(a_clock_that_is_set_during_the_run_is_corrected_too),
        TEST(a_wrong_secret_is_not_mistaken_for_a_wrong_clock),
        TEST(a_wrong_secret_and_a_wrong_clock_end_too),
        TEST(expired_credentials_end_the_call),
        TEST(a_refusal_ends_the_call_at_once),
        TEST(a_stale_token_is_for_the_owner),
        TEST(a_snapshot_may_become_ready),
        TEST(a_snapshot_that_never_becomes_ready_is_not_waited_for),
        TEST(a_rejected_answer_is_asked_for_on_a_new_connection),
        TEST(answers_cannot_be_rejected_for_ever),
        TEST(a_block_that_fails_alone_is_to_blame),
        TEST(the_last_block_alone_is_to_blame_too),
        TEST(an_outage_uses_up_no_attempts),
        TEST(a_success_just_before_an_outage_says_nothing),
        TEST(an_outage_without_end_is_nobodys_fault_but_ends),
        TEST(first_started_is_first_sent),
        TEST(a_list_does_not_wait_behind_blocks),
        TEST(a_cancelled_call_is_never_done),
        TEST(the_pace_holds_calls_back),
        TEST(a_redirection_is_not_followed),
        TEST(a_dead_endpoint_is_told_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
