/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/sealing.h"

#include "base/text.h"
#include "show/tell.h"

static int check(const struct acquire_options *o, struct err *e)
{
    if (!o->seal_wanted && (o->seal.key || o->seal.cert
                            || o->seal.stamp.servers.count))
        return err_set(e, ERR_USAGE, 0, "--key, --cert and --tsa are for a "
                       "seal: add --seal");
    if (o->seal_wanted && o->chain)
        return err_set(e, ERR_USAGE, 0, "--seal is for one image: seal those "
                       "of a chain with `ebsimg seal' when it is whole");
    return 0;
}

int sealing_open(struct acquire_options *o, struct err *e)
{
    if (check(o, e) < 0)
        return -1;
    if (!o->seal_wanted)
        return 0;
    o->signer = seal_signer(&o->seal, e);
    return o->signer ? 0 : -1;
}

void sealing_close(struct acquire_options *o)
{
    signer_close(o->signer);
    o->signer = NULL;
}

int sealing_run(const struct acquire_options *o, const char *prefix,
                struct result *r, struct err *e)
{
    const struct seal_gather g = { .fresh = true, .progress = o->progress,
                                   .quiet = o->quiet };
    struct seal_options seal = o->seal;
    autotext struct text report = TEXT_INIT;
    int sealed;

    if (!o->signer)
        return 0;
    seal.stamp.ca_bundle = o->service.ca_bundle;
    sealed = seal_make(&seal, &g, o->signer, prefix, &report, e);
    tell_notes(report.s);
    if (sealed < 0)
        return err_in(e, "the image is complete, but its seal is not");
    r->unstamped = sealed > 0;
    return 0;
}
