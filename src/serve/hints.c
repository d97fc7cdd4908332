/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/hints.h"

#include <inttypes.h>
#include <stdio.h>

#include "serve/overlay.h"

/* URI and NAME are put in. */
static const struct {
    const char *what, *before, *after;
    bool named;                /* the name of a file comes behind */
    bool clear;                /* is not for TLS */
} commands[] = {
    { "what it is", "nbdinfo ", "", false },
    { "what is stored", "nbdinfo --map ", "", false },
    { "a raw image", "nbdcopy ", " ", true },
    { "a qcow2 image", "qemu-img convert -O qcow2 ", " image.qcow2", false,
      true },
    { "a file for any tool", "mkdir disk && nbdfuse disk ", " &", false },
    { "to boot it in qemu", "qemu-img create -f qcow2 -F raw -b ",
      " overlay.qcow2", false, true },
};

static void add_volume(struct text *t, const struct export *x)
{
    const struct volume *v = &x->volume;

    text_addf(t, "# ");
    text_add_shown(t, v->name);
    text_addf(t, ": %" PRIu64 " bytes", v->size);
    if (v->stored)
        text_addf(t, ", %" PRIu64 " of %" PRIu64 " blocks stored",
                  blockset_count(v->stored), blockset_room(v->stored));
    text_add(t, "; read-only\n");
}

static void add_commands(struct text *t, const char *uri, const char *name,
                         bool tls)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (tls && commands[i].clear)
            continue;
        text_addf(t, "#   %s:\n%s", commands[i].what, commands[i].before);
        text_add_quoted(t, uri);
        text_add(t, commands[i].after);
        if (commands[i].named) {
            text_add_word(t, name);
            text_add(t, ".raw");
        }
        text_add(t, "\n");
    }
}

int hints_print(const struct listener *l, const struct exports *all,
                const char *overlay, bool quiet, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    for (size_t i = 0; i < all->count; i++) {
        const struct export *x = &all->at[i];
        autotext struct text uri = TEXT_INIT;

        listener_add_uri(l, x->name, &uri);
        if (uri.failed)
            return err_nomem(e);
        if (!quiet)
            add_volume(&t, x);
        text_addf(&t, "%s\n", uri.s);
        if (!quiet)
            add_commands(&t, uri.s, x->name, l->tls);
    }
    if (overlay && !quiet) {
        text_add(&t, "#   to boot it, with what is written in the overlay:\n");
        overlay_add_command(overlay, &t);
    }
    if (l->tls && !quiet)
        text_add(&t, "#   clients prove who they are: see ebsimg-serve(1), "
                 "TLS\n");
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF || fflush(stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
