/* SPDX-License-Identifier: Apache-2.0 */
/* The command `serve': answers until a signal ends it. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "command.h"
#include "delay.h"
#include "http.h"
#include "journal.h"
#include "keyring.h"
#include "rule.h"
#include "server.h"
#include "store.h"
#include "token.h"

struct config {
    const char *store;
    const char *journal;
    const char *region;
    const char *account;
    struct http_config http;
    struct option_list rules;
    struct option_list keys;
    struct option_list regions;
    int64_t clock_offset;
    uint64_t tolerance;
    uint64_t complete_delay;
    uint64_t ready_delay;
};

#define ROW(name, value, set, field, help) \
    { name, value, set, offsetof(struct config, field), help }

const struct option_row serve_options[] = {
    ROW("store", "DIR", option_text, store,
        "where snapshots are kept (needed)"),
    ROW("listen", "ADDR:PORT", option_text, http.listen,
        "where to listen (127.0.0.1:0); port 0 picks a free one"),
    ROW("tls-cert", "FILE", option_text, http.cert,
        "serve HTTPS with this certificate (PEM)"),
    ROW("tls-key", "FILE", option_text, http.key, "and this key (PEM)"),
    ROW("journal", "FILE", option_text, journal,
        "append one CloudTrail-shaped record for each request"),
    ROW("rule", "RULE", option_append, rules,
        "misbehave, see below; may be repeated"),
    ROW("key", "ID:SECRET[:TOKEN]", option_append, keys,
        "accept this key; may be repeated (" KEYRING_DEFAULT ")"),
    ROW("account", "ACCOUNT", option_text, account,
        "whose keys these are (" KEYRING_ACCOUNT ")"),
    ROW("region", "NAME", option_text, region,
        "the region of the service (us-east-1)"),
    ROW("also-region", "NAME", option_append, regions,
        "another region that it stands for; may be repeated"),
    ROW("clock-offset", "SECONDS", option_signed, clock_offset,
        "how far the service's clock is ahead (0)"),
    ROW("tolerance", "SECONDS", option_number, tolerance,
        "how far off a signature's date may be (300)"),
    ROW("complete-delay", "MS", option_number, complete_delay,
        "from CompleteSnapshot to status completed (200)"),
    ROW("ready-delay", "MS", option_number, ready_delay,
        "from completed to readable after an upload; 404 until then (1000)"),
    ROW("threads", "N", option_number, http.threads,
        "threads that answer (2)"),
    { 0 },
};

static int read_config(struct config *c, int argc, char **argv,
                       struct fail *f)
{
    *c = (struct config){
        .region = "us-east-1",
        .account = KEYRING_ACCOUNT,
        .http = { .listen = "127.0.0.1:0", .threads = 2 },
        .tolerance = 300,
        .complete_delay = 200,
        .ready_delay = 1000,
    };
    if (option_parse(serve_options, c, argc, argv, f) < 0)
        return -1;
    if (!c->store)
        return fail(f, 0, "--store is needed; see --help");
    if (!c->http.cert != !c->http.key)
        return fail(f, 0, "--tls-cert and --tls-key go together");
    if (c->http.threads < 1 || c->http.threads > 64)
        return fail(f, 0, "--threads is 1 to 64");
    return 0;
}

static int add_rules(struct rules *rules, const struct option_list *list,
                     struct fail *f)
{
    for (size_t i = 0; i < list->count; i++)
        if (rules_add(rules, list->values[i], f) < 0)
            return -1;
    return 0;
}

static int add_keys(struct keyring *keys, const struct config *c,
                    struct fail *f)
{
    const struct option_list *list = &c->keys;

    if (list->count == 0)
        return keyring_add(keys, KEYRING_DEFAULT, c->account, f);
    for (size_t i = 0; i < list->count; i++)
        if (keyring_add(keys, list->values[i], c->account, f) < 0)
            return -1;
    return 0;
}

/* What can be wrong with the command line beyond its options. */
static int read_lists(struct server *s, const struct config *c,
                      struct fail *f)
{
    s->rules = rules_new();
    s->keys = keyring_new();
    if (!s->rules || !s->keys)
        return fail(f, 0, "out of memory");
    if (add_rules(s->rules, &c->rules, f) < 0)
        return -1;
    return add_keys(s->keys, c, f);
}

static int build(struct server *s, const struct config *c, struct fail *f)
{
    s->store = store_open(c->store, f);
    if (!s->store)
        return -1;
    if (c->journal && !(s->journal = journal_open(c->journal, f)))
        return -1;
    s->tokens = tokens_new(store_secret(s->store), STORE_SECRET_SIZE);
    s->delay = delay_new();
    if (!s->tokens || !s->delay)
        return fail(f, 0, "out of memory");
    return 0;
}

static void dismantle(struct server *s)
{
    delay_free(s->delay);
    tokens_free(s->tokens);
    journal_close(s->journal);
    store_close(s->store);
    keyring_free(s->keys);
    rules_free(s->rules);
}

/* Blocked in every thread, so that only the one that waits gets them. */
static void block_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* A client may have more connections than the usual 1024 descriptors. */
static void raise_descriptors(void)
{
    struct rlimit l;

    if (getrlimit(RLIMIT_NOFILE, &l) == 0) {
        l.rlim_cur = l.rlim_max;
        setrlimit(RLIMIT_NOFILE, &l);
    }
}

static int run(struct server *s, const struct config *c, struct fail *f)
{
    struct http *http;
    sigset_t ends;
    int signal_number;

    block_signals(&ends);
    raise_descriptors();
    if (build(s, c, f) < 0)
        return -1;
    http = http_start(&c->http, s, f);
    if (!http)
        return -1;
    printf("ready %s\n", http_url(http));
    if (fflush(stdout) == 0)
        sigwait(&ends, &signal_number);
    else
        fail(f, errno, "write to stdout");
    delay_stop(s->delay);
    http_stop(http);
    return 0;
}

bool server_has_region(const struct server *s, const char *region)
{
    bool here = strcmp(region, s->region) == 0;

    for (size_t i = 0; i < s->more_count && !here; i++)
        here = strcmp(region, s->more_regions[i]) == 0;
    return here;
}

static void fill(struct server *s, const struct config *c)
{
    s->region = c->region;
    s->more_regions = c->regions.values;
    s->more_count = c->regions.count;
    s->clock_offset = c->clock_offset * 1000;
    s->tolerance = (int64_t)c->tolerance * 1000;
    s->complete_delay = (int64_t)c->complete_delay;
    s->ready_delay = (int64_t)c->ready_delay;
    s->tls = c->http.cert;
}

int serve_command(int argc, char **argv, struct fail *f)
{
    struct config c;
    struct server s = { 0 };
    int status = 2;

    if (read_config(&c, argc, argv, f) == 0 && read_lists(&s, &c, f) == 0) {
        fill(&s, &c);
        status = run(&s, &c, f) < 0;
    }
    dismantle(&s);
    free(c.rules.values);
    free(c.keys.values);
    free(c.regions.values);
    return status;
}
