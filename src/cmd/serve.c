/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg serve': snapshots and images as read-only disks. */
#include "serve/serve.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "show/tell.h"

#define AT(field) offsetof(struct serve_options, field)

#define MIB (1024 * 1024ull)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "Where" },
    { OPTION_TEXT, 0, "socket", "PATH",
      "the Unix socket to serve at (default: one in a new private folder)",
      AT(socket) },
    { OPTION_TEXT, 0, "listen", "ADDRESS:PORT",
      "a port of this machine's own address instead, such as"
      " 127.0.0.1:10809; every user of the machine can connect to it",
      AT(listen) },
    { OPTION_TEXT, 0, "tls", "DIR",
      "nothing in clear: the folder of ca-cert.pem, server-cert.pem and"
      " server-key.pem; clients need a certificate of that authority",
      AT(tls) },
    { OPTION_TEXT, 0, "tls-psk", "FILE",
      "nothing in clear: the file of the names and keys of clients, as psktool"
      " writes it", AT(tls_psk) },
    { OPTION_TEXT, 0, "mount", "DIR",
      "also a file NAME.raw in this folder for each of them, by nbdfuse",
      AT(mount) },
    { OPTION_TEXT, 0, "overlay", "FILE",
      "also a new qcow2 for what is written, by qemu-img, and the command that"
      " boots qemu from it; of one snapshot or image", AT(overlay) },
    { OPTION_GROUP, .help = "What is kept" },
    { OPTION_TEXT, 0, "log", "DIR",
      "the folder of the access logs (default: the current one)", AT(log) },
    { OPTION_TEXT, 0, "cache", "DIR",
      "keep what is fetched in this folder, made when it is not there; the"
      " access logs are there, too, and prove it next time", AT(cache) },
    { OPTION_SIZE, 0, "cache-size", "SIZE",
      "how much of each snapshot is kept there at most: what was used longest"
      " ago makes room (default: all of it)", AT(cache_size),
      .min = 8 * MIB, .max = 64 * 1024 * 1024 * MIB },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "blocks kept in memory, of each of them (default 128M)", AT(memory),
      .min = 8 * MIB, .max = 16384 * MIB },
    SERVICE_ROWS(struct serve_options, service),
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most, of each snapshot (default 32)",
      AT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most, of each snapshot (default 500: the"
      " account's limit is 1000)", AT(service.rate), .min = 1,
      .max = 100000 },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_FLAG, 'q', "quiet", NULL,
      "only the addresses, one a line", AT(service.quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "tell every retry on standard error", AT(service.verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct serve_options *o = values;

    memset(o, 0, sizeof(*o));
    service_defaults(&o->service);
    o->service.rate = 500;
    o->memory = 128 * MIB;
}

static int check_folder(const char *option, const char *path, struct err *e)
{
    if (file_is_folder(path) && access(path, W_OK) == 0)
        return 0;
    return err_set(e, ERR_DEST, file_is_folder(path) ? errno : ENOTDIR,
                   "--%s: cannot write in %s", option, path);
}

/* nbdfuse and qemu would need a key of a client's. */
static int check_tls(const struct serve_options *o, struct err *e)
{
    if (o->tls && o->tls_psk)
        return err_set(e, ERR_USAGE, 0, "--tls and --tls-psk cannot be "
                       "combined");
    if ((o->tls || o->tls_psk) && (o->mount || o->overlay))
        return err_set(e, ERR_USAGE, 0, "--%s cannot be combined with --%s: "
                       "what it starts has no key of a client's",
                       o->tls ? "tls" : "tls-psk",
                       o->mount ? "mount" : "overlay");
    return 0;
}

static int check(struct serve_options *o, struct err *e)
{
    if (check_tls(o, e) < 0)
        return -1;
    if (o->socket && o->listen)
        return err_set(e, ERR_USAGE, 0, "--socket and --listen cannot be "
                       "combined");
    if (o->log && o->cache)
        return err_set(e, ERR_USAGE, 0, "--log and --cache cannot be "
                       "combined: the logs prove the cache, and are there");
    if (o->cache_size && !o->cache)
        return err_set(e, ERR_USAGE, 0, "--cache-size is about the folder of "
                       "--cache");
    if (!o->log)
        o->log = ".";
    if (!o->cache && check_folder("log", o->log, e) < 0)
        return -1;
    return o->mount ? check_folder("mount", o->mount, e) : 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct serve_options *o = values;

    tell_set(o->service.quiet, o->service.verbose);
    if (o->overlay && n > 1)
        return err_set(e, ERR_USAGE, 0, "--overlay is for one snapshot or "
                       "image");
    return check(o, e) < 0 ? -1 : serve_run(o, operands, n, e);
}

const struct command command_serve = {
    .name = "serve",
    .arguments = "SNAPSHOT|IMAGE...",
    .summary = "Serves snapshots and images as read-only disks (NBD)",
    .options = options,
    .values_size = sizeof(struct serve_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 256,
    .run = run,
};
