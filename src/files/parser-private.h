/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the parser share. */
#ifndef EBSIMG_FILES_PARSER_PRIVATE_H
#define EBSIMG_FILES_PARSER_PRIVATE_H

#include "files/wire.h"

struct parser {
    struct wire wire;
    struct wire_job job;
    struct text path;          /* of the job */
    bool lost;                 /* the owner is gone, or says nonsense: all that
                                * is left is to end */
    struct fs_source volume;
    struct parser_lvm *lvm;    /* NULL: there is none */
    bool in_volume;            /* a logical volume is read now: */
    size_t lvm_volume;         /* which one */
};

/* A part of another source, for as long as that lasts. */
struct parser_window {
    const struct fs_source *of;
    uint64_t offset;
    struct fs_source source;
};
void parser_window(struct parser_window *w, const struct fs_source *of,
                   uint64_t offset, uint64_t size);

/* A sentence for the user: WIRE_NOTE or WIRE_REMARK. */
void parser_tell(struct parser *p, enum wire_kind kind, const char *text);
int parser_put_part(struct parser *p, enum wire_kind kind,
                    const struct part_info *i, struct err *e);

/* The file systems in the volume, as the job wants them. */
int parser_volume(struct parser *p, struct err *e);
/* What is in one part of it. */
int parser_part(struct parser *p, const struct fs_source *s,
                struct part_info *i, struct err *e);

/* A physical volume of LVM2, which is a part of the volume; the logical ones,
 * once all parts were looked at; the end of them. */
int parser_lvm_add(struct parser *p, struct part_info *i, struct err *e);
int parser_lvm_volumes(struct parser *p, struct err *e);
/* Of the one that is read: how much of a run lies together, and where. */
void parser_lvm_place(const struct parser *p, uint64_t offset, uint64_t *n,
                      uint64_t *at);
/* What is on the physical volumes is not all known. */
int parser_lvm_unknown(struct parser *p, struct err *e);
void parser_lvm_end(struct parser *p);

/* Of a job that wants to know whose the bytes are; else they do nothing.  What
 * cannot be known is told, and is no error. */
int parser_map_unknown(struct parser *p, const struct part_info *i,
                       struct err *e);
int parser_map_part(struct parser *p, const struct fs_driver *d, struct fs *f,
                    const struct part_info *i, struct err *e);
int parser_map_file(struct parser *p, const struct fs_driver *d, struct fs *f,
                    const struct part_info *i, const struct fs_entry *entry,
                    struct err *e);

#endif
