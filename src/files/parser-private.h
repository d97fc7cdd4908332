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
void parser_lvm_end(struct parser *p);

#endif
