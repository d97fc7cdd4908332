/* SPDX-License-Identifier: Apache-2.0 */
/* What main.c can start.  Each gets the arguments after its name and
 * returns the exit status of the program: 0, or 2 after a sentence for a
 * bad command line, or 1 after one for anything else. */
#ifndef EMULATOR_COMMAND_H
#define EMULATOR_COMMAND_H

#include "fail.h"
#include "option.h"

extern const struct option_row import_options[];
extern const struct option_row synth_options[];
extern const struct option_row serve_options[];

int import_command(int argc, char **argv, struct fail *f);
int synth_command(int argc, char **argv, struct fail *f);
int serve_command(int argc, char **argv, struct fail *f);

#endif
