/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg files': what files are in a snapshot or an image
 * (list.c), copies of some of them (get.c), or what differs between two
 * (compare.c), each without more blocks than that takes. */
#ifndef EBSIMG_FILES_FILES_H
#define EBSIMG_FILES_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/option.h"
#include "fetch/service.h"
#include "files/session.h"

struct files_options {
    struct service_options service;
    struct option_list get;    /* paths or patterns */
    const char *output;        /* the folder for them */
    const char *access_log;
    const char *partition;     /* only this one; "0": none, the volume */
    uint64_t max_size;         /* bytes of a copy */
    bool json, csv, bodyfile;
    bool blocks, hash;         /* of a comparison */
    uint64_t cache;            /* bytes */
};

/* The operands are A; A PATH; A B; A B PATH: a second one that begins with a
 * slash is a path, unless there are three.  The exit status, or -1. */
int files_run(const struct files_options *o, char **names, int n,
              struct err *e);

/* What a run has met. */
struct files_totals {
    struct part_info part;     /* the last one */
    uint64_t files, parts;
    uint64_t left_out;         /* notes, and file systems that are not read */
    uint64_t blocks;           /* that the service has sent */
};

/* Beside the result, to the person: parts that are not read, notes. */
void files_tell_part(const struct part_info *i, struct files_totals *t);
void files_tell_note(void *ctx, const char *text);   /* ctx: the totals */
void files_tell_remark(void *ctx, const char *text);

void files_tell_cost(const struct session *s, const struct files_totals *t);

/* The job that the options say; ERR_USAGE. */
int files_job(const struct files_options *o, struct wire_job *job,
              struct err *e);

/* After the walk: ERR_SOURCE when the job wants a partition that volume `name'
 * does not have. */
int files_check_parts(const struct wire_job *job,
                      const struct files_totals *t, const char *name,
                      struct err *e);

/* What a thousand GetSnapshotBlock cost (us-east-1, 2026), of so many, as
 * text of at least 32 bytes: "0.0021". */
char *files_usd(char *buf, uint64_t blocks);

/* 0, or 1 when something was left out. */
int files_status(const struct files_totals *t, struct err *e);

/* --------------------------------------------------------------------- list */

/* How files are shown, on standard output, as they come. */
struct files_format {
    void (*begin)(struct text *t);
    void (*part)(const struct part_info *i, struct text *t);
    void (*entry)(const struct part_info *i, const struct fs_entry *f,
                  struct text *t);
    void (*end)(const struct files_totals *sum, struct text *t);
};

extern const struct files_format files_text, files_json, files_csv,
    files_body;

int files_list(struct session *s, const struct files_options *o,
               const char *path, struct files_totals *sum, struct err *e);

/* ------------------------------------------------------------------ compare */

/* The exit status, or -1. */
int files_compare(const struct files_options *o, char **names,
                  const char *path, struct err *e);

/* ---------------------------------------------------------------------- get */

int files_get(struct session *s, const struct files_options *o,
              struct files_totals *sum, struct err *e);

#endif
