/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's event interface on epoll.  A turn costs what has happened:
 * curl_multi_perform() asks the kernel about every transfer in flight each
 * time, which took a fifth of the network thread's time with 64 of them.
 *
 * For one thread, but for http_loop_wake(). */
#ifndef EBSIMG_NET_HTTP_LOOP_H
#define EBSIMG_NET_HTTP_LOOP_H

#include <curl/curl.h>
#include <stdint.h>

#include "base/err.h"

struct http_loop;

/* The one that moves this multi handle on; its options for sockets and timers
 * are the loop's from then on. */
struct http_loop *http_loop_new(CURLM *multi, struct err *e);
/* After curl_multi_cleanup(), which still tells it of sockets. */
void http_loop_free(struct http_loop *l);

/* Waits at most `milliseconds' for something to happen, and moves on what has
 * happened; which transfers have ended, curl_multi_info_read() tells.  Adds
 * the ns that it waited to *idle.  -1: the loop is broken, and stays so. */
int http_loop_turn(struct http_loop *l, int milliseconds,
                   _Atomic uint64_t *idle, struct err *e);

/* A turn that waits, or the next one, returns at once.  Any thread. */
void http_loop_wake(struct http_loop *l);

#endif
