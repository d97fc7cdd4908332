/* SPDX-License-Identifier: Apache-2.0 */
/* This program and the machine that it runs on, for the acquisition log. */
#ifndef EBSIMG_ACQUIRE_HOST_H
#define EBSIMG_ACQUIRE_HOST_H

#include "audit/log.h"

/* Adds tool, version, libraries, host, kernel, user and the command line. */
void host_record(struct record *r);

#endif
