/* SPDX-License-Identifier: Apache-2.0 */
/* What was made, and the command that goes on from here. */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "preserve/preserve-private.h"

static void add_option(struct text *t, const char *name, const char *value)
{
    if (!value)
        return;
    text_addf(t, " --%s=", name);
    text_add_quoted(t, value);
}

/* All that makes these ids findable. */
static void add_service(const struct preserve *p, struct text *t)
{
    const struct service_options *s = &p->opt->service;

    add_option(t, "region", p->service.settings.region);
    add_option(t, "profile", s->profile);
    add_option(t, "assume-role", s->assume_role);
    add_option(t, "external-id", s->external_id);
    add_option(t, "mfa-serial", s->mfa_serial);
    add_option(t, "endpoint-url", s->endpoint_url);
    add_option(t, "ca-bundle", s->ca_bundle);
}

void preserve_add_list(const struct preserve *p, struct text *t)
{
    text_addf(t, "ebsimg list --tag %s=%s", PRESERVE_TAG, p->token);
    add_service(p, t);
}

static void add_command(const struct preserve *p, struct text *t)
{
    const struct preserve_options *o = p->opt;

    text_add(t, "ebsimg acquire");
    for (size_t i = 0; i < p->nmade; i++)
        text_addf(t, " %s", p->made[i].id);
    if (p->nmade > 1)
        text_add(t, " --all");
    add_service(p, t);
    add_option(t, "case-number", o->case_number);
    add_option(t, "evidence-number", o->evidence_number);
    add_option(t, "examiner", o->examiner);
    add_option(t, "description", o->description);
    text_add(t, " -o ");
    text_add(t, p->nmade > 1 ? p->target : p->made[0].id);
}

static void put_made(const struct preserve_made *m, struct text *t)
{
    text_addf(t, "%s of %s, %" PRIu64 " GiB: ", m->id, m->volume, m->gib);
    text_add_shown(t, m->state[0] ? m->state : "pending");
    text_add(t, "\n");
}

static void put_text(const struct preserve *p, struct text *t)
{
    for (size_t i = 0; i < p->nmade; i++)
        put_made(&p->made[i], t);
    text_add(t, "log: ");
    text_add_shown(t, p->log_path);
    text_addf(t, "\n%s:\n  ", preserve_done(p) ? "next"
              : "next, when all are completed");
    add_command(p, t);
    text_add(t, "\n");
}

static void put_json(const struct preserve *p, struct text *t)
{
    autotext struct text command = TEXT_INIT;

    for (size_t i = 0; i < p->nmade; i++) {
        const struct preserve_made *m = &p->made[i];

        text_addf(t, "{\"what\":\"snapshot\",\"snapshot\":\"%s\",\"volume\":"
                  "\"%s\",\"gib\":%" PRIu64 ",\"state\":", m->id, m->volume,
                  m->gib);
        text_add_json(t, m->state[0] ? m->state : "pending");
        text_add(t, "}\n");
    }
    add_command(p, &command);
    text_addf(t, "{\"what\":\"total\",\"snapshots\":%zu,\"request\":\"%s\","
              "\"log\":", p->nmade, p->token);
    text_add_json(t, p->log_path);
    text_add(t, ",\"next\":");
    text_add_json(t, command.failed ? "" : command.s);
    text_add(t, "}\n");
    t->failed |= command.failed;
}

int preserve_show(const struct preserve *p, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (!p->nmade)
        return 0;
    if (p->opt->json)
        put_json(p, &t);
    else
        put_text(p, &t);
    if (t.failed)
        return err_nomem(e);
    if (fwrite(t.s, 1, t.len, stdout) != t.len || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
