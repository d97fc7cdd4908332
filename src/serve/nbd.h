/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers of the NBD protocol that we speak: fixed newstyle negotiation,
 * simple and structured replies, block status.  Source: doc/proto.md of the
 * project NetworkBlockDevice/nbd.  All of them are big-endian on the wire. */
#ifndef EBSIMG_SERVE_NBD_H
#define EBSIMG_SERVE_NBD_H

/* Negotiation. */
#define NBD_MAGIC 0x4e42444d41474943u        /* "NBDMAGIC" */
#define NBD_OPTION_MAGIC 0x49484156454f5054u /* "IHAVEOPT" */
#define NBD_REPLY_MAGIC 0x0003e889045565a9u
#define NBD_FIXED_NEWSTYLE 1u                /* both sides' flags */
#define NBD_NO_ZEROES 2u

enum nbd_option {
    NBD_OPT_EXPORT_NAME = 1,
    NBD_OPT_ABORT = 2,
    NBD_OPT_LIST = 3,
    NBD_OPT_STARTTLS = 5,
    NBD_OPT_INFO = 6,
    NBD_OPT_GO = 7,
    NBD_OPT_STRUCTURED_REPLY = 8,
    NBD_OPT_LIST_META_CONTEXT = 9,
    NBD_OPT_SET_META_CONTEXT = 10,
};

#define NBD_REP_ACK 1u
#define NBD_REP_SERVER 2u
#define NBD_REP_INFO 3u
#define NBD_REP_META_CONTEXT 4u
#define NBD_REP_ERR_UNSUP 0x80000001u
#define NBD_REP_ERR_INVALID 0x80000003u
#define NBD_REP_ERR_TLS_REQD 0x80000005u
#define NBD_REP_ERR_UNKNOWN 0x80000006u

#define NBD_INFO_EXPORT 0u
#define NBD_INFO_NAME 1u
#define NBD_INFO_DESCRIPTION 2u
#define NBD_INFO_BLOCK_SIZE 3u

/* Of an export. */
#define NBD_FLAG_HAS_FLAGS 1u
#define NBD_FLAG_READ_ONLY 2u
#define NBD_FLAG_CAN_MULTI_CONN 0x100u
#define NBD_FLAG_SEND_CACHE 0x400u

/* Transmission. */
#define NBD_REQUEST_MAGIC 0x25609513u
#define NBD_SIMPLE_MAGIC 0x67446698u
#define NBD_CHUNK_MAGIC 0x668e33efu
#define NBD_REQUEST_SIZE 28

enum nbd_command {
    NBD_CMD_READ = 0,
    NBD_CMD_WRITE = 1,
    NBD_CMD_DISC = 2,
    NBD_CMD_TRIM = 4,
    NBD_CMD_CACHE = 5,
    NBD_CMD_WRITE_ZEROES = 6,
    NBD_CMD_BLOCK_STATUS = 7,
};

#define NBD_CMD_FLAG_REQ_ONE 8u

#define NBD_CHUNK_DONE 1u
#define NBD_CHUNK_NONE 0u
#define NBD_CHUNK_DATA 1u
#define NBD_CHUNK_HOLE 2u
#define NBD_CHUNK_STATUS 5u
#define NBD_CHUNK_ERROR 0x8001u
#define NBD_CHUNK_ERROR_OFFSET 0x8002u

#define NBD_STATE_HOLE 1u
#define NBD_STATE_ZERO 2u

/* Errors on the wire: the numbers of Linux, whatever this system's are. */
#define NBD_EPERM 1u
#define NBD_EIO 5u
#define NBD_ENOMEM 12u
#define NBD_EINVAL 22u
#define NBD_EOVERFLOW 75u
#define NBD_ESHUTDOWN 108u

/* What clients count on when a server says nothing about it. */
#define NBD_READ_MAX (32u * 1024 * 1024)

#endif
