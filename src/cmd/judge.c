/* How good an image is that is whole: what it rests on, and which blocks it
 * does not have. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/acquisition.h"
#include "image/ewf.h"

/* What was listed must be what EC2 counts; where it does not count, what is
 * listed again. */
static int compare_list(struct acquisition *a, struct err *e)
{
    uint64_t listed = blockmap_listed(a->map);

    if (!a->facts.full_size.told)
        return relist_compare(a, e);
    a->list = listed == a->facts.full_size.value / BLOCK_SIZE
        ? LIST_COUNTED : LIST_DIFFERS;
    return 0;
}

static int warn_differs(struct acquisition *a, struct err *e)
{
    if (a->list != LIST_DIFFERS)
        return 0;
    return journal_warning(a, "the service contradicts itself: its list of "
                           "blocks does not agree with EC2's count or with "
                           "a second list; acquire again and compare", e);
}

/* Blocks of an earlier image are in it, and not each was fetched as well; of
 * those that an earlier session took, nobody knows. */
static bool rests_on_list(const struct acquisition *a)
{
    return a->ledger.counts.carried
        && (a->resume.carried
            || !(a->since.used && since_is_proved(&a->since)));
}

static void choose(struct acquisition *a)
{
    if (a->list == LIST_DIFFERS)
        a->outcome = OUTCOME_DOUBT;
    else if (a->ledger.counts.unreadable)
        a->outcome = OUTCOME_UNREADABLE;
    else if (rests_on_list(a))
        a->outcome = OUTCOME_LISTED;
    else
        a->outcome = OUTCOME_COMPLETE;
}

/* An E01 counts bad sectors in 32 bits: past 2 TiB only the log has them. */
static int warn_unlisted(struct acquisition *a, struct err *e)
{
    char text[160];
    uint64_t n;

    if (!(a->opt->formats & (1u << FORMAT_E01)))
        return 0;
    n = ewf_sink_unlisted(a->sinks[0]);
    if (n == 0)
        return 0;
    snprintf(text, sizeof(text), "%" PRIu64 " unreadable blocks lie past "
             "2 TiB, where the E01 cannot list them; log and manifest do", n);
    return journal_warning(a, text, e);
}

int judge_image(struct acquisition *a, struct err *e)
{
    if (compare_list(a, e) < 0)
        return -1;
    choose(a);
    return warn_unlisted(a, e) < 0 || warn_differs(a, e) < 0 ? -1 : 0;
}
