/* SPDX-License-Identifier: Apache-2.0 */
/* The options that `import' and `synth' share: everything about a snapshot
 * that is not its content. */
#ifndef EMULATOR_DESCRIBE_H
#define EMULATOR_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "option.h"
#include "store.h"

struct describe {
    const char *store;
    const char *id;
    const char *parent;
    const char *volume;
    const char *origin;
    const char *description;
    const char *owner;
    const char *kms_key;
    const char *status;
    const char *tier;
    const char *instance;
    const char *image;
    const char *device;
    const char *region;
    const char *shared_with;
    const char *lock;
    const char *lock_until;
    const char *tiering;
    const char *archived;
    const char *restore_expiry;
    struct option_list tags;
    uint64_t started;
    bool encrypted;
    bool is_public;
    bool shared;
    bool volume_gone;
};

/* Rows for an option table whose configuration starts with the struct. */
#define DESCRIBE_ROW(name, value, set, field, help) \
    { name, value, set, offsetof(struct describe, field), help }

#define DESCRIBE_ROWS                                                      \
    DESCRIBE_ROW("store", "DIR", option_text, store,                       \
                 "where snapshots are kept (needed)"),                     \
    DESCRIBE_ROW("snapshot", "ID", option_text, id,                        \
                 "the id (a random one)"),                                 \
    DESCRIBE_ROW("parent", "SNAP", option_text, parent,                    \
                 "make it the next snapshot of that one's volume"),        \
    DESCRIBE_ROW("volume", "VOL", option_text, volume,                     \
                 "the volume (the parent's, or a random one)"),            \
    DESCRIBE_ROW("origin", "SNAP", option_text, origin,                    \
                 "the snapshot that the volume was made from"),            \
    DESCRIBE_ROW("volume-gone", NULL, option_flag, volume_gone,            \
                 "the volume was deleted"),                                \
    DESCRIBE_ROW("started", "TIME", option_moment, started,                \
                 "the moment it shows, ISO 8601 in UTC (now)"),            \
    DESCRIBE_ROW("description", "TEXT", option_text, description,          \
                 "its description"),                                       \
    DESCRIBE_ROW("tag", "K=V", option_append, tags,                        \
                 "a tag; may be repeated"),                                \
    DESCRIBE_ROW("owner", "ACCOUNT", option_text, owner,                   \
                 "the owner (123456789012)"),                              \
    DESCRIBE_ROW("public", NULL, option_flag, is_public,                   \
                 "everybody may restore it"),                              \
    DESCRIBE_ROW("shared", NULL, option_flag, shared,                      \
                 "a foreign owner shares it with us"),                     \
    DESCRIBE_ROW("encrypted", NULL, option_flag, encrypted,                \
                 "mark it as encrypted"),                                  \
    DESCRIBE_ROW("kms-key", "ARN", option_text, kms_key,                   \
                 "with that key (implies --encrypted)"),                   \
    DESCRIBE_ROW("status", "WORD", option_text, status,                    \
                 "completed (the default), pending or error"),             \
    DESCRIBE_ROW("tier", "WORD", option_text, tier,                        \
                 "standard (the default) or archive"),                     \
    DESCRIBE_ROW("instance", "ID", option_text, instance,                  \
                 "the instance that has the volume"),                      \
    DESCRIBE_ROW("ami", "ID", option_text, image,                          \
                 "the machine image made of the snapshot"),                \
    DESCRIBE_ROW("device", "NAME", option_text, device,                    \
                 "its device name there (/dev/sda1)"),                     \
    DESCRIBE_ROW("region", "NAME", option_text, region,                    \
                 "the region that it is in (that of the service)"),        \
    DESCRIBE_ROW("shared-with", "A,B", option_text, shared_with,           \
                 "accounts that may restore it"),                          \
    DESCRIBE_ROW("lock", "WORD", option_text, lock,                        \
                 "governance, compliance, compliance-cooloff, expired"),   \
    DESCRIBE_ROW("lock-until", "TIME", option_text, lock_until,            \
                 "when the lock expires"),                                 \
    DESCRIBE_ROW("tiering", "WORD", option_text, tiering,                  \
                 "its last archive or restore operation"),                 \
    DESCRIBE_ROW("archived", "TIME", option_text, archived,                \
                 "when it was archived"),                                  \
    DESCRIBE_ROW("restore-expiry", "TIME", option_text, restore_expiry,    \
                 "when a temporary restore ends")

/* Makes the snapshot that the options describe; the caller owns it until it
 * is saved.  `parent' receives the parent or NULL.  NULL with a sentence. */
struct snapshot *describe_make(const struct describe *d, struct store *st,
                               struct snapshot **parent, struct fail *f);

#endif
