/* SPDX-License-Identifier: Apache-2.0 */
/* A right that is tried becomes a row of the table, one for each snapshot that
 * it is tried on. */
#ifndef EBSIMG_PREFLIGHT_RIGHT_H
#define EBSIMG_PREFLIGHT_RIGHT_H

#include "preflight/preflight-private.h"
#include "preflight/probes.h"

struct right_row {
    const struct probe *probe;
    enum check_need need;
};

/* `id' is the snapshot, or NULL; `kind' what a run without it ends with. */
int right_add(struct preflight *p, const struct right_row *row,
              const char *id, enum check_answer answer, const char *says,
              enum err_kind kind, struct err *e);
/* The question failed. */
int right_add_failure(struct preflight *p, const struct right_row *row,
                      const char *id, const struct err *why, struct err *e);

/* Of EBS, for one snapshot; in this order, as each uses what the one before
 * has learned. */
int right_try_list(struct preflight *p, const struct right_row *row,
                   struct subject *s, struct err *e);
int right_try_block(struct preflight *p, const struct right_row *row,
                    struct subject *s, struct err *e);
int right_try_changed(struct preflight *p, const struct right_row *row,
                      struct subject *s, struct err *e);
int right_try_key(struct preflight *p, const struct right_row *row,
                  struct subject *s, struct err *e);

#endif
