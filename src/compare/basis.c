/* SPDX-License-Identifier: Apache-2.0 */
/* What vouches for each side of a comparison, told with every result: a
 * manifest that stands alone can have been edited so that it hides a change,
 * and a list that was made of it looks like any other. */
#include "base/text.h"
#include "compare/diff.h"

enum basis { SERVICE, LOG, MANIFEST, NOTHING };

/* By --list-only, and of the bytes. */
static const struct {
    const char *name;          /* in JSON */
    bool weak;                 /* whoever has the files could change it */
    const char *listed, *compared;
} bases[] = {
    [SERVICE] = { "service", false,
        "the lists are what the service says",
        "each block has the checksum that the service sent with it" },
    [LOG] = { "log", false,
        "its manifest is the one that its log names",
        "its blocks are those of the manifest that its log names" },
    [MANIFEST] = { "manifest", true,
        "there is no log, so nobody vouches for its manifest, which can have "
        "been\n   edited to hide a change: compare the bytes, without "
        "--list-only",
        "there is no log, so nobody vouches for its manifest: that its "
        "blocks are those\n   of the manifest is no proof against who changed "
        "both" },
    [NOTHING] = { "nothing", true,
        NULL, /* it has no list */
        "there is neither log nor manifest: its bytes are taken as they "
        "are" },
};

static enum basis basis_of(const struct diff_side *s)
{
    if (s->volume.is_snapshot)
        return SERVICE;
    if (s->volume.evidence.log_path)
        return LOG;
    return s->volume.evidence.manifest_path ? MANIFEST : NOTHING;
}

const char *diff_basis_name(const struct diff_side *s)
{
    return bases[basis_of(s)].name;
}

bool diff_basis_is_weak(const struct diff *d)
{
    return bases[basis_of(&d->sides[0])].weak
        || bases[basis_of(&d->sides[1])].weak;
}

/* The same for both sides. */
static void put_unusual(const struct diff *d, FILE *f)
{
    autotext struct text line = TEXT_INIT;

    for (int i = 0; i < 2 && !line.len; i++)
        if (d->sides[i].volume.is_snapshot)
            service_add_unusual(d->sides[i].volume.service.aws,
                                &d->sides[i].volume.service.settings,
                                &line);
    if (line.failed)
        fputs("What of the service is not the usual is not known: out of "
              "memory.\n", f);
    else if (line.len)
        fputs(line.s, f);
}

void diff_basis_put(const struct diff *d, FILE *f)
{
    for (int i = 0; i < 2; i++) {
        enum basis b = basis_of(&d->sides[i]);

        fprintf(f, "%c: %s.\n", d->sides[i].letter,
                d->opt->list_only && bases[b].listed ? bases[b].listed
                                                     : bases[b].compared);
    }
    put_unusual(d, f);
}
