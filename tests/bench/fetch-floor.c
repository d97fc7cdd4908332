/* SPDX-License-Identifier: Apache-2.0 */
/* Gets every URL of a list and throws the answers away: what moving the
 * bytes through libcurl costs, without looking at them.
 *
 *   fetch-floor --connections N [--ca-bundle FILE] [--sign] LIST
 *
 * LIST has one URL a line.  --sign has libcurl sign each request with the
 * key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.  Prints the number of
 * answers and bytes; anything but a 200 ends it with status 1. */
#include <curl/curl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The most that libcurl allows; smaller buffers mean more calls of us. */
#define BUFFER (512 * 1024L)
#define CONNECTIONS_MAX 256

struct floor {
    CURLM *multi;
    FILE *list;
    const char *ca_bundle;
    char *key;               /* "ID:SECRET", or NULL: nothing is signed */
    long connections;
    unsigned long answers;
    unsigned long long bytes;
    bool failed;
};

static size_t discard(char *data, size_t size, size_t n, void *ctx)
{
    struct floor *f = ctx;

    (void)data;
    f->bytes += size * n;
    return size * n;
}

/* False at the end of the list. */
static bool next_url(struct floor *f, CURL *easy)
{
    char url[1024];

    if (!fgets(url, sizeof(url), f->list))
        return false;
    url[strcspn(url, "\n")] = '\0';
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_multi_add_handle(f->multi, easy);
    return true;
}

static CURL *worker(struct floor *f)
{
    CURL *easy = curl_easy_init();

    if (!easy)
        abort();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, BUFFER);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* With a path, libcurl reads the certificates for each connection. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (f->ca_bundle)
        curl_easy_setopt(easy, CURLOPT_CAINFO, f->ca_bundle);
    if (f->key) {
        curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:ebs");
        curl_easy_setopt(easy, CURLOPT_USERPWD, f->key);
    }
    return easy;
}

static void finished(struct floor *f, const CURLMsg *m)
{
    CURL *easy = m->easy_handle;

    if (m->data.result != CURLE_OK) {
        fprintf(stderr, "fetch-floor: %s\n",
                curl_easy_strerror(m->data.result));
        f->failed = true;
    }
    f->answers++;
    curl_multi_remove_handle(f->multi, easy);
    if (f->failed || !next_url(f, easy))
        curl_easy_cleanup(easy);
}

static void run(struct floor *f)
{
    int running = 1;
    int left;
    CURLMsg *m;

    for (long i = 0; i < f->connections; i++) {
        CURL *easy = worker(f);

        if (!next_url(f, easy))
            curl_easy_cleanup(easy);
    }
    while (running) {
        curl_multi_perform(f->multi, &running);
        while ((m = curl_multi_info_read(f->multi, &left)))
            if (m->msg == CURLMSG_DONE) {
                finished(f, m);
                running = 1;
            }
        if (running)
            curl_multi_poll(f->multi, NULL, 0, 100, NULL);
    }
}

static char *key_of_environment(void)
{
    const char *id = getenv("AWS_ACCESS_KEY_ID");
    const char *secret = getenv("AWS_SECRET_ACCESS_KEY");
    char *key;

    if (!id || !secret || asprintf(&key, "%s:%s", id, secret) < 0)
        return NULL;
    return key;
}

static bool read_options(struct floor *f, int argc, char **argv)
{
    static const struct option names[] = {
        { "connections", required_argument, NULL, 'n' },
        { "ca-bundle", required_argument, NULL, 'c' },
        { "sign", no_argument, NULL, 's' },
        { 0 },
    };
    int o;

    while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (o == 'n')
            f->connections = strtol(optarg, NULL, 10);
        else if (o == 'c')
            f->ca_bundle = optarg;
        else if (o != 's' || !(f->key = key_of_environment()))
            return false;
    }
    return optind == argc - 1 && f->connections >= 1
        && f->connections <= CONNECTIONS_MAX
        && (f->list = fopen(argv[optind], "r"));
}

int main(int argc, char **argv)
{
    struct floor f = { .connections = 16 };

    if (!read_options(&f, argc, argv)) {
        fputs("usage: fetch-floor [--connections N] [--ca-bundle FILE] "
              "[--sign] LIST\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    f.multi = curl_multi_init();
    run(&f);
    curl_multi_cleanup(f.multi);
    curl_global_cleanup();
    fclose(f.list);
    free(f.key);
    printf("%lu answers, %llu bytes\n", f.answers, f.bytes);
    return f.failed;
}
