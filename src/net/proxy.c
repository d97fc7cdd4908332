/* SPDX-License-Identifier: Apache-2.0 */
#include "net/proxy.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "base/text.h"

static const char *const variables[] = {
    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
};

static const char *const exceptions[] = { "no_proxy", "NO_PROXY" };

/* The first that is set and not empty; its name in *name. */
static const char *first_set(const char *const *names, size_t n,
                             const char **name)
{
    for (size_t i = 0; i < n; i++) {
        const char *v = getenv(names[i]);

        *name = names[i];
        if (v && *v)
            return v;
    }
    return NULL;
}

/* ------------------------------------------------------------ exceptions */

/* A host, or a word of the list: without brackets and the dots around. */
struct name {
    const char *s;
    size_t len;
};

static struct name trim(const char *s, size_t n)
{
    while (n && (*s == '.' || *s == '[')) {
        s++;
        n--;
    }
    while (n && (s[n - 1] == '.' || s[n - 1] == ']'))
        n--;
    return (struct name){ s, n };
}

/* The bytes of an address, their number; 0 when it is none. */
static size_t address_of(const struct name *n, unsigned char out[16])
{
    char text[INET6_ADDRSTRLEN];

    if (n->len >= sizeof(text))
        return 0;
    memcpy(text, n->s, n->len);
    text[n->len] = '\0';
    if (inet_pton(AF_INET, text, out) == 1)
        return 4;
    return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

/* "10.1.0.0/16": the number behind the slash, which is cut off; all bits
 * without one.  -1: that is no number of bits. */
static int take_bits(struct name *word, size_t address)
{
    const char *slash = memchr(word->s, '/', word->len);
    char digits[4] = "";
    uint64_t bits = address * 8;
    size_t n;

    if (!slash)
        return (int)bits;
    n = (size_t)(word->s + word->len - slash - 1);
    if (n >= sizeof(digits))
        return -1;
    memcpy(digits, slash + 1, n);
    word->len = (size_t)(slash - word->s);
    if (number_parse(digits, &bits) < 0 || bits > address * 8)
        return -1;
    return (int)bits;
}

static bool same_bits(const unsigned char *a, const unsigned char *b, int n)
{
    int mask = 0xff00 >> n % 8 & 0xff;

    return memcmp(a, b, (size_t)n / 8) == 0
        && (n % 8 == 0 || ((a[n / 8] ^ b[n / 8]) & mask) == 0);
}

static bool covers_address(struct name word, const unsigned char *host,
                           size_t size)
{
    unsigned char net[16];
    int bits = take_bits(&word, size);

    return bits >= 0 && address_of(&word, net) == size
        && same_bits(net, host, bits);
}

/* "example.com" covers itself and www.example.com, not notexample.com. */
static bool covers_name(const struct name *word, const struct name *host)
{
    const char *end;

    if (word->len > host->len)
        return false;
    end = host->s + host->len - word->len;
    return strncasecmp(end, word->s, word->len) == 0
        && (end == host->s || end[-1] == '.');
}

static bool is_excepted(const char *list, const struct name *host)
{
    static const char between[] = " ,\t\r\n";
    unsigned char address[16];
    size_t size = address_of(host, address);

    if (strcmp(list, "*") == 0)
        return true;
    for (size_t n; *(list += strspn(list, between)); list += n) {
        struct name word;

        n = strcspn(list, between);
        word = trim(list, n);
        if (word.len && (size ? covers_address(word, address, size)
                              : covers_name(&word, host)))
            return true;
    }
    return false;
}

/* Of "https://HOST[:PORT][/PATH]", which was checked before. */
static struct name host_of(const char *url)
{
    const char *s = strstr(url, "://");

    s = s ? s + 3 : url;
    if (*s == '[')
        return trim(s, strcspn(s, "]"));
    return trim(s, strcspn(s, ":/"));
}

/* ------------------------------------------------------------- the proxy */

/* The kinds that libcurl knows, and the port that it takes when none is
 * given. */
static const struct kind {
    const char *scheme;
    const char *port;
} kinds[] = {
    { "http", "1080" },   { "https", "443" },   { "socks4", "1080" },
    { "socks4a", "1080" }, { "socks5", "1080" }, { "socks5h", "1080" },
};

static const struct kind *kind_of(const char *scheme)
{
    for (size_t i = 0; scheme && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(scheme, kinds[i].scheme) == 0)
            return &kinds[i];
    return NULL;
}

static char *part(CURLU *u, CURLUPart which)
{
    char *s = NULL;

    return curl_url_get(u, which, &s, 0) == CURLUE_OK ? s : NULL;
}

/* Scheme, host and port alone. */
static char *show(CURLU *u)
{
    char *scheme = part(u, CURLUPART_SCHEME);
    char *host = part(u, CURLUPART_HOST);
    char *port = part(u, CURLUPART_PORT);
    const struct kind *k = kind_of(scheme);
    struct text t = TEXT_INIT;

    if (k && host && *host)
        text_addf(&t, "%s://%s:%s", scheme, host, port ? port : k->port);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    return t.s; /* may be NULL */
}

/* As libcurl itself reads it. */
static int take(const char *value, const char *variable, struct proxy *out,
                struct err *e)
{
    CURLU *u = curl_url();

    out->url = strdup(value);
    if (u && curl_url_set(u, CURLUPART_URL, value,
                          CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME)
                 == CURLUE_OK)
        out->shown = show(u);
    curl_url_cleanup(u);
    if (!u || !out->url)
        return err_nomem(e);
    if (!out->shown)
        return err_set(e, ERR_USAGE, 0, "%s is not the URL of a proxy, such "
                       "as http://proxy.example:3128", variable);
    return 0;
}

int proxy_find(const char *url, struct proxy *out, struct err *e)
{
    const char *name;
    const char *value = first_set(variables, 4, &name);
    const char *list = first_set(exceptions, 2, &(const char *){ NULL });
    struct name host = host_of(url);

    *out = (struct proxy){ NULL, NULL };
    if (!value || strncmp(url, "https://", 8) != 0
        || (list && is_excepted(list, &host)))
        return 0;
    return take(value, name, out, e);
}

void proxy_free(struct proxy *p)
{
    if (p->url)
        secret_wipe(p->url, strlen(p->url));
    free(p->url);
    free(p->shown);
    *p = (struct proxy){ NULL, NULL };
}
