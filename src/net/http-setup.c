/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http-setup.h"

/* The first refusal is what counts: a transfer that is less strict than
 * asked must not start. */
#define SET(option, value)                                    \
    do {                                                      \
        if (r == CURLE_OK)                                    \
            r = curl_easy_setopt(easy, option, value);        \
    } while (0)

static CURLcode set_protocol(CURL *easy)
{
    CURLcode r = CURLE_OK;

#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_FOLLOWLOCATION, 0L); /* a redirect is an answer */
    SET(CURLOPT_PATH_AS_IS, 1L);     /* what was signed is what is sent */
    /* HTTP/2 is slower here: one connection for each block in flight. */
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOPROXY, "");        /* each request names its proxy */
    return r;
}

/* CAPATH must be off: with it libcurl reads and parses the whole bundle
 * again for each connection, 23 ms of processor time. */
static CURLcode set_tls(CURL *easy, const char *ca)
{
    CURLcode r = CURLE_OK;

    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (!ca)
        return r;
    SET(CURLOPT_CAINFO, ca);
    SET(CURLOPT_CAPATH, NULL);
    SET(CURLOPT_PROXY_CAINFO, ca);
    SET(CURLOPT_PROXY_CAPATH, NULL);
    return r;
}

static CURLcode set_times(CURL *easy, const struct http_config *c)
{
    CURLcode r = CURLE_OK;

    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT, (long)c->connect_seconds);
    SET(CURLOPT_TIMEOUT, (long)c->request_seconds);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, (long)c->stall_seconds);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_TCP_KEEPIDLE, 20L);
    SET(CURLOPT_TCP_KEEPINTVL, 10L);
#if LIBCURL_VERSION_NUM >= 0x075700
    SET(CURLOPT_QUICK_EXIT, 1L); /* never wait for a slow name server */
#endif
    return r;
}

CURLcode http_setup(CURL *easy, const struct http_config *c, const char *ca)
{
    CURLcode r = CURLE_OK;

    SET(CURLOPT_USERAGENT, c->user_agent);
    /* Below the size at which malloc() asks the kernel each time; a larger
     * one is no faster, and every connection has one. */
    SET(CURLOPT_BUFFERSIZE, 32768L);
    if (r == CURLE_OK)
        r = set_protocol(easy);
    if (r == CURLE_OK)
        r = set_tls(easy, ca);
    if (r == CURLE_OK)
        r = set_times(easy, c);
    return r;
}
