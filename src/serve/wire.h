/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to and from a socket, and numbers as they stand on the wire. */
#ifndef EBSIMG_SERVE_WIRE_H
#define EBSIMG_SERVE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of them, or false: the other side is gone, was silent for longer than
 * wire_patience() allows, or somebody has shut the socket down. */
bool wire_read(int fd, void *buf, size_t n);
bool wire_skip(int fd, uint64_t n); /* reads them, for nothing */
bool wire_write(int fd, const void *buf, size_t n);
/* Two pieces, as one. */
bool wire_write_both(int fd, const void *head, size_t head_n,
                     const void *body, size_t n);

/* How long wire_read() waits for the next byte; 0: for ever. */
void wire_patience(int fd, unsigned seconds);

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
