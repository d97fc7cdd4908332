/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands. */
#ifndef EBSIMG_CMD_COMMANDS_H
#define EBSIMG_CMD_COMMANDS_H

#include "base/option.h"

extern const struct command command_acquire;
extern const struct command command_verify;
extern const struct command command_info;
extern const struct command command_report;
extern const struct command command_list;
extern const struct command command_snapshot;
extern const struct command command_plan;
extern const struct command command_preflight;
extern const struct command command_chain;
extern const struct command command_diff;
extern const struct command command_serve;
extern const struct command command_files;
extern const struct command command_scan;
extern const struct command command_events;
extern const struct command command_policy;
extern const struct command command_readers;
extern const struct command command_reconcile;
extern const struct command command_seal;
extern const struct command command_custody;

/* Runs `ebsimg ARGV...'.  The exit status, or -1 with the error. */
int commands_run(int argc, char **argv, struct err *e);

#endif
