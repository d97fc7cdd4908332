/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/host.h"

#include <curl/curl.h>
#include <libewf.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include "audit/digest.h"
#include "base/build-id.h"
#include "base/scope.h"
#include "base/user.h"
#include "image/deflate.h"

static void add_libraries(struct record *r)
{
    const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
    char text[256];

    /* Not curl_version(): that one starts whole libraries to ask them. */
    snprintf(text, sizeof(text), "libcurl/%s %s zlib/%s", curl->version,
             curl->ssl_version ? curl->ssl_version : "without TLS",
             curl->libz_version ? curl->libz_version : "none");
    record_str(r, "libcurl", text);
    record_str(r, "openssl", OpenSSL_version(OPENSSL_VERSION));
    record_str(r, "libewf", libewf_get_version());
    record_str(r, "zlib", zlibVersion());
    record_str(r, "deflate", deflate_library(DEFLATE_FAST));
    record_str(r, "deflate_best", deflate_library(DEFLATE_BEST));
    record_str(r, "inflate", inflate_library());
    record_str(r, "digests", digest_engine_name());
}

static void add_user(struct record *r)
{
    struct user u;
    const struct passwd *pw = user_of(getuid(), &u);

    record_u64(r, "uid", getuid());
    if (pw)
        record_str(r, "user", pw->pw_name);
}

static void add_machine(struct record *r)
{
    struct utsname u;

    if (uname(&u) < 0)
        return;
    record_str(r, "host", u.nodename);
    record_str(r, "system", u.sysname);
    record_str(r, "kernel", u.release);
    record_str(r, "machine", u.machine);
}

/* As it was typed.  No option of this program takes a secret, but a URL may
 * hold one. */
static void add_word(struct text *t, const char *word)
{
    autotext struct text shown = TEXT_INIT;

    if (strstr(word, "://"))
        text_add_url(&shown, word);
    else
        text_add(&shown, word);
    text_add_json(t, shown.s ? shown.s : "");
    t->failed |= shown.failed;
}

static void add_command_line(struct record *r)
{
    autofclose FILE *f = fopen("/proc/self/cmdline", "re");
    autotext struct text t = TEXT_INIT;
    autofree char *word = NULL;
    size_t room = 0;

    text_add(&t, "[");
    while (f && getdelim(&word, &room, '\0', f) > 0) {
        text_add(&t, t.len > 1 ? "," : "");
        add_word(&t, word);
    }
    text_add(&t, "]");
    record_json(r, "command_line", t.failed ? "null" : t.s);
    r->json.failed |= t.failed;
}

void host_record(struct record *r)
{
    record_str(r, "tool", "ebsimg");
    record_str(r, "version", PACKAGE_VERSION);
    record_str(r, "build", build_id);
    add_libraries(r);
    add_machine(r);
    add_user(r);
    add_command_line(r);
}
