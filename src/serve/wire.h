/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to and from a socket, in clear or through TLS, and numbers as they
 * stand on the wire.  One thread may read while another one writes. */
#ifndef EBSIMG_SERVE_WIRE_H
#define EBSIMG_SERVE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls;
struct tls_session;

struct wire {
    int fd;
    struct tls *tls;             /* that must begin first; NULL: none */
    struct tls_session *session; /* that has begun, or NULL */
};

/* All of them, or false: the other side is gone, was silent for longer than
 * wire_patience() allows, or somebody has shut the socket down. */
bool wire_read(struct wire *w, void *buf, size_t n);
bool wire_skip(struct wire *w, uint64_t n); /* reads them, for nothing */
bool wire_write(struct wire *w, const void *buf, size_t n);
/* Two pieces, as one. */
bool wire_write_both(struct wire *w, const void *head, size_t head_n,
                     const void *body, size_t n);

/* How long wire_read() waits for the next byte; 0: for ever. */
void wire_patience(const struct wire *w, unsigned seconds);

/* Everything from here on goes through TLS; false: the client does not prove
 * who it is, or cannot.  And the end of it, in order. */
bool wire_begin_tls(struct wire *w);
void wire_end_tls(struct wire *w);

/* A message that is put together; whoever makes one counts its room. */
struct message {
    unsigned char *at;  /* where the next byte goes */
};

void wire_put16(struct message *m, unsigned v);
void wire_put32(struct message *m, uint32_t v);
void wire_put64(struct message *m, uint64_t v);

unsigned wire_get16(const unsigned char *p);
uint32_t wire_get32(const unsigned char *p);
uint64_t wire_get64(const unsigned char *p);

#endif
