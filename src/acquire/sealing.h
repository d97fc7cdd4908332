/* SPDX-License-Identifier: Apache-2.0 */
/* The seal at the end of a run (acquire --seal).  The key is opened before the
 * first question to the service: a passphrase that is wrong must not cost a
 * night. */
#ifndef EBSIMG_ACQUIRE_SEALING_H
#define EBSIMG_ACQUIRE_SEALING_H

#include "acquire/options.h"
#include "acquire/result.h"
#include "base/err.h"

/* Who is to sign, into o->signer; nothing without --seal.  ERR_USAGE,
 * ERR_ACCESS. */
int sealing_open(struct acquire_options *o, struct err *e);
void sealing_close(struct acquire_options *o);

/* The run of this prefix has all its files: seals it when that was asked for.
 * A time stamp that could not be had is noted in *r.  -1: the image is whole,
 * but it has no seal, and its log says for ever that one was to follow. */
int sealing_run(const struct acquire_options *o, const char *prefix,
                struct result *r, struct err *e);

#endif
