/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a chain on the terminal: a line for each image.  Each has its own
 * summary beside it; the case log has all of this and more. */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/text.h"
#include "case/case-log.h"

static bool any(const struct case_log *c, enum outcome o)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->members[i].status != CASE_NOT_ENDED
            && (c->members[i].outcome == o
                || (c->members[i].reserves & OUTCOME_BIT(o))))
            return true;
    return false;
}

static void add_count(struct text *t, const struct case_member *m,
                      uint64_t blocks)
{
    if (m->counted)
        text_addf(t, "  %9" PRIu64, blocks);
    else
        text_addf(t, "  %9s", "-");
}

/* What is held against it beside the verdict, the worst first, under the
 * verdict. */
static void add_reserves(struct text *t, const struct case_member *m)
{
    for (int o = OUTCOME_DOUBT; o > OUTCOME_COMPLETE; o--)
        if ((m->reserves & OUTCOME_BIT(o)) && o != (int)m->outcome)
            text_addf(t, "%74s%s\n", "", outcome_headline((enum outcome)o));
}

static void add_member(struct text *t, const struct case_member *m)
{
    text_addf(t, "  %-22s  ", m->snapshot);
    text_addf(t, "%-24.24s", m->time ? m->time : "");
    add_count(t, m, m->fetched);
    add_count(t, m, m->carried);
    text_addf(t, "  %s\n", m->status == CASE_NOT_ENDED
              ? "NOT BEGUN" : outcome_headline(m->outcome));
    if (m->status != CASE_NOT_ENDED)
        add_reserves(t, m);
}

const char *case_partial_text(const struct case_log *c)
{
    return c->apart ? "not all that was asked for is here"
        : "EC2 did not list all snapshots of the volume: there may be more";
}

static void add_legend(const struct case_log *c, struct text *t)
{
    if (c->partial && c->apart)
        text_add(t, "\nNOT ALL THAT WAS ASKED FOR IS HERE: the case log says "
                 "what is left out, and why.\n");
    else if (c->partial)
        text_add(t, "\nEC2 did not list all snapshots of this volume: there "
                 "may be more.  The case log\nsays why.\n");
    if (any(c, OUTCOME_LISTED))
        text_add(t, "\nBY EBS'S LIST OF CHANGES: the blocks that EBS does "
                 "not list were taken over from\nthe image before; each has "
                 "the SHA-256 that the provider sent for it then, and\nthe "
                 "lists agree.  To have all of the blocks compared, "
                 "which fetches them again:\n--audit all.\n");
    if (any(c, OUTCOME_DOUBT))
        text_add(t, "\nTHE SERVICE CONTRADICTS ITSELF: the image has all that "
                 "it lists; the summary tells\nwhat does not agree.\n");
    if (any(c, OUTCOME_UNCHECKED))
        text_add(t, "\nITS LIST OF BLOCKS COULD NOT BE CHECKED: the service "
                 "did not list the blocks a second\ntime, so nothing shows "
                 "that the first list had all of them.\n");
    if (any(c, OUTCOME_UNPROVED))
        text_add(t, "\nWHETHER ITS SESSIONS READ THE SAME DISK COULD NOT BE "
                 "CHECKED: EC2 did not tell\nthe snapshot's time in each "
                 "session, and no block of the earlier ones was compared.\n");
    if (any(c, OUTCOME_UNREADABLE))
        text_add(t, "\nUNREADABLE RANGES are zeros in the image; its log "
                 "names each.\n");
}

static void add_names(const struct case_log *c, const char *prefix,
                      struct text *t)
{
    text_add(t, "\nThe summary of each is ");
    text_add_shown(t, prefix);
    text_add(t, "-SNAPSHOT.txt; the case log is ");
    text_add_shown(t, file_name(c->path));
    text_add(t, ".\nTo check all of it again:  ebsimg verify ");
    text_add_word(t, prefix);
    text_add(t, "\n");
}

static void compose(const struct case_log *c, const char *prefix, int status,
                    struct text *t)
{
    text_addf(t, "ebsimg %s: acquisition of %zu snapshots\n\n",
              PACKAGE_VERSION, c->count);
    text_addf(t, "  %-22s  %-24s  %9s  %9s  %s\n", "snapshot",
              "point in time", "fetched", "taken", "image");
    for (size_t i = 0; i < c->count; i++)
        add_member(t, &c->members[i]);
    text_add(t, c->apart ? "\nIn blocks of 512 KiB, all fetched from EBS.\n"
             : "\nIn blocks of 512 KiB: fetched from EBS (with those of "
             "--audit), and taken over from\nthe image before.\n");
    add_legend(c, t);
    if (status == 1)
        text_add(t, "That is why the exit status is 1.\n");
    add_names(c, file_name(prefix), t);
}

static int show(const struct text *t, struct err *e)
{
    if (t->failed)
        return err_nomem(e);
    if (fputs(t->s, stdout) == EOF || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output; "
                       "the images are there");
    return 0;
}

int case_show(const struct case_log *c, const char *prefix, int status,
              struct err *e)
{
    autotext struct text t = TEXT_INIT;

    compose(c, prefix, status, &t);
    return show(&t, e);
}

int case_show_head(const struct case_log *c, struct err *e)
{
    char head[2 * LOG_HASH + 1];
    autotext struct text t = TEXT_INIT;

    hex_encode(head, c->end.head, LOG_HASH);
    text_addf(&t, "\nHead of the case log: %s\nKeep it somewhere else: the "
              "case log has the heads of all images.\n", head);
    return show(&t, e);
}
