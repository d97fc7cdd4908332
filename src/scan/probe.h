/* SPDX-License-Identifier: Apache-2.0 */
/* Does libhs find what it should?
 *
 * Vectorscan 5.4.9 for x86 loses matches without a word: of this expression on
 * this text (made after an example of the public rules) it finds none, while
 * Hyperscan 5.4.0 and PCRE2 do.  A scanner that loses evidence is worse than
 * none.  configure runs this, too: it includes nothing of ebsimg. */
#ifndef EBSIMG_SCAN_PROBE_H
#define EBSIMG_SCAN_PROBE_H

#include <stdbool.h>

#include <hs.h>

static int probe_end(unsigned id, unsigned long long from,
                     unsigned long long to, unsigned flags, void *ctx)
{
    (void)id;
    (void)from;
    (void)flags;
    *(unsigned long long *)ctx = to;
    return 0;
}

static inline bool probe_libhs(void)
{
    static const char text[] =
        "oauthproviders:\n  jwtsecret: \"7`D'}/vYR)T;W\\5]EBrf;_&k>qX?" "?]G&3"
        "CF=;@vyrVBp[$_hK4^?{qT/EglJe[FYjp:IPgl_t$%r\"\n";
    hs_database_t *database = 0;
    hs_scratch_t *scratch = 0;
    hs_compile_error_t *why = 0;
    unsigned long long end = 0;

    if (hs_compile("jwtsecret:\\s+\"([^\"]{6,200})\"", HS_FLAG_MULTILINE,
                   HS_MODE_BLOCK, 0, &database, &why) != HS_SUCCESS) {
        hs_free_compile_error(why);
        return false;
    }
    if (hs_alloc_scratch(database, &scratch) == HS_SUCCESS)
        hs_scan(database, text, sizeof(text) - 1, 0, scratch, probe_end,
                &end);
    hs_free_scratch(scratch);
    hs_free_database(database);
    return end == sizeof(text) - 2;
}

#endif
