/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/endpoint.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

static const struct {
    const char *name;
    const char *host; /* its first part */
    bool gov_is_fips; /* in GovCloud the plain host is the FIPS one */
} services[] = {
    [AWS_EBS] = { "ebs", "ebs", false },
    [AWS_EC2] = { "ec2", "ec2", true },
    [AWS_STS] = { "sts", "sts", true },
    [AWS_SSO] = { "sso", "portal.sso", true },
    [AWS_OIDC] = { "sso-oidc", "oidc", true },
    [AWS_SIGNIN] = { "signin", "signin", false },
    [AWS_METADATA] = { "metadata", NULL, false },
};

const char *endpoint_service_name(enum aws_service s)
{
    return services[s].name;
}

/* --------------------------------------------------------------- regions */

/* By the beginning of the region; the first row that fits.  The last one is
 * also for regions that nobody knows yet. */
static const struct partition {
    const char *prefix;
    const char *name;
    const char *suffix;
    const char *dualstack;
    const char *signin;    /* of `aws login', where it is not built like that
                            * of other services; NULL: it is */
} partitions[] = {
    { "cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
      "signin.amazonaws.cn" },
    { "us-gov-", "aws-us-gov", "amazonaws.com", "api.aws",
      "signin.amazonaws-us-gov.com" },
    { "us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov", NULL },
    { "us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", NULL },
    { "eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
      NULL },
    { "us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", NULL },
    { "eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", NULL },
    { "", "aws", "amazonaws.com", "api.aws", "signin.aws.amazon.com" },
};

static const struct partition *partition_of(const char *region)
{
    const struct partition *p = partitions;

    while (strncmp(region, p->prefix, strlen(p->prefix)) != 0)
        p++;
    return p;
}

const char *endpoint_partition(const char *region)
{
    return partition_of(region)->name;
}

bool endpoint_region_valid(const char *region)
{
    static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t n = strlen(region);

    return n && n <= 63 && strspn(region, chars) == n;
}

/* Is there a name of its own for what is wished? */
static bool has_fips_name(enum aws_service s, const struct partition *p,
                          const struct endpoint_wish *wish)
{
    return wish->fips && !(services[s].gov_is_fips && !wish->dualstack
                           && strcmp(p->name, "aws-us-gov") == 0);
}

int endpoint_url(enum aws_service s, const char *region,
                 const struct endpoint_wish *wish, struct text *out,
                 struct err *e)
{
    const struct partition *p = partition_of(region);

    if (!endpoint_region_valid(region))
        return err_set(e, ERR_USAGE, 0, "\"%s\" is not the name of a region, "
                       "such as eu-central-1", region);
    if (s == AWS_SIGNIN && p->signin && !wish->fips && !wish->dualstack)
        text_addf(out, "https://%s.%s", region, p->signin);
    else
        text_addf(out, "https://%s%s.%s.%s", services[s].host,
                  has_fips_name(s, p, wish) ? "-fips" : "", region,
                  wish->dualstack ? p->dualstack : p->suffix);
    return out->failed ? err_nomem(e) : 0;
}

bool endpoint_is_usual(enum aws_service s, const char *region,
                       const char *url)
{
    bool usual = false;

    for (int i = 0; i < 4 && !usual; i++) {
        struct endpoint_wish wish = { .fips = i & 1, .dualstack = i & 2 };
        autotext struct text own = TEXT_INIT;
        struct err none = ERR_INIT; /* there is no such one */

        usual = endpoint_url(s, region, &wish, &own, &none) == 0
            && strcmp(own.s, url) == 0;
    }
    return usual;
}

/* ------------------------------------------------------------------ URLs */

static const struct scheme {
    const char *start;
    const char *port; /* need not be in the Host header */
    bool loopback_only;
} schemes[] = {
    { "https://", "443", false },
    { "http://", "80", true },
};

static const struct scheme *scheme_of(const char *url)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (strncmp(url, schemes[i].start, strlen(schemes[i].start)) == 0)
            return &schemes[i];
    return NULL;
}

/* An address, written out: four numbers up to 255, or what IPv6 has. */
static bool is_address(int family, const char *s, size_t n)
{
    unsigned char bytes[16];
    char text[INET6_ADDRSTRLEN];

    if (n >= sizeof(text))
        return false;
    memcpy(text, s, n);
    text[n] = '\0';
    return inet_pton(family, text, bytes) == 1;
}

/* AWS: the instance's metadata, the containers of ECS and of EKS. */
static bool is_metadata(const char *host, size_t n)
{
    static const char *const hosts[] = {
        "169.254.169.254", "[fd00:ec2::254]",
        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
    };

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (n == strlen(hosts[i]) && strncasecmp(host, hosts[i], n) == 0)
            return true;
    return false;
}

/* "localhost" is what libcurl takes for this machine without asking. */
static bool is_loopback(const char *host, size_t n)
{
    return (n > 4 && memcmp(host, "127.", 4) == 0
            && is_address(AF_INET, host, n))
        || (n == 5 && memcmp(host, "[::1]", 5) == 0)
        || (n == 9 && memcmp(host, "localhost", 9) == 0);
}

/* What ends in a number is an address to some and a name to others: 127.1,
 * 0x7f000001, 2130706433. */
static bool ends_in_number(const char *host, size_t n)
{
    const char *dot = memrchr(host, '.', n);
    size_t last = dot ? (size_t)(host + n - dot - 1) : n;
    const char *s = host + n - last;

    if (last > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
        return strspn(s + 2, "0123456789abcdefABCDEF") >= last - 2;
    return last && strspn(s, "0123456789") >= last;
}

/* Parts between dots that neither are empty nor begin with a hyphen. */
static bool is_name(const char *host, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || host[i - 1] == '.') && strchr(".-", host[i]))
            return false;
    return true;
}

/* The length of the host at the start of s, 0 when there is none. */
static size_t host_length(const char *s)
{
    size_t n;

    if (*s != '[') {
        n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                      "0123456789-._");
        return (ends_in_number(s, n) ? is_address(AF_INET, s, n)
                                     : is_name(s, n)) ? n : 0;
    }
    n = strspn(s + 1, "0123456789abcdefABCDEF:.");
    return s[n + 1] == ']' && is_address(AF_INET6, s + 1, n) ? n + 2 : 0;
}

/* ":8443", or nothing.  The length, -1 when it is neither. */
static int port_length(const char *s)
{
    char digits[6];
    uint64_t port;
    size_t n;

    if (*s != ':')
        return 0;
    n = strcspn(s + 1, "/");
    if (n >= sizeof(digits))
        return -1;
    memcpy(digits, s + 1, n);
    digits[n] = '\0';
    if (number_parse(digits, &port) < 0 || port < 1 || port > 65535)
        return -1;
    return (int)n + 1;
}

/* "", "/", "/a/b/": characters that need no encoding. */
static bool is_plain_path(const char *s)
{
    return (!*s || *s == '/')
        && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789-._~/") == strlen(s)
        && !strstr(s, "//") && !strstr(s, "/.");
}

/* Is it the port that the scheme has anyway? */
static bool is_usual_port(const struct scheme *scheme, const char *port,
                          size_t n)
{
    return n == strlen(scheme->port) && memcmp(port, scheme->port, n) == 0;
}

static void add_path(struct text *path, const char *s)
{
    size_t n = strlen(s);

    while (n && s[n - 1] == '/')
        n--;
    text_addn(path, s, n);
}

static int refuse(const char *url, const char *why, struct err *e)
{
    autotext struct text shown = TEXT_INIT;

    text_add_url(&shown, url);
    return err_set(e, ERR_USAGE, 0, "endpoint \"%s\": %s",
                   shown.s ? shown.s : "", why);
}

static int parse(const char *url, bool metadata, struct endpoint *out,
                 struct err *e)
{
    const struct scheme *scheme = scheme_of(url);
    const char *host;
    size_t n;
    int port;

    memset(out, 0, sizeof(*out));
    if (!scheme)
        return refuse(url, "it must begin with https:// (or http:// for this "
                      "machine)", e);
    host = url + strlen(scheme->start);
    n = host_length(host);
    port = port_length(host + n);
    if (!n || port < 0 || !is_plain_path(host + n + port))
        return refuse(url, "expected https://HOST, with :PORT and /PATH if "
                      "need be", e);
    if (scheme->loopback_only && !is_loopback(host, n)
        && !(metadata && is_metadata(host, n)))
        return refuse(url, "plain http is allowed to this machine only, "
                      "because evidence and session tokens could be read on "
                      "the way", e);
    text_addn(&out->host, host, n);
    if (port && !is_usual_port(scheme, host + n + 1, (size_t)port - 1))
        text_addn(&out->host, host + n, (size_t)port);
    text_add(&out->path, "");
    add_path(&out->path, host + n + port);
    return out->host.failed || out->path.failed ? err_nomem(e) : 0;
}

int endpoint_parse(const char *url, struct endpoint *out, struct err *e)
{
    return parse(url, false, out, e);
}

int endpoint_parse_metadata(const char *url, struct endpoint *out,
                            struct err *e)
{
    return parse(url, true, out, e);
}

void endpoint_free(struct endpoint *p)
{
    text_free(&p->host);
    text_free(&p->path);
}
