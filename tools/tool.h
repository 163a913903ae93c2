/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the subcommands of privtmp share. */
#ifndef PRIVTMP_TOOL_H
#define PRIVTMP_TOOL_H

#include "options.h"

/* Exit statuses of run and enter, as for env(1) and timeout(1). */
enum {
	STATUS_PRIVTMP = 125, /* privtmp itself failed */
	STATUS_CANNOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128, /* plus the number of the signal */
};

/* Other subcommands return 1 for partial success, and this for a failure. */
enum { STATUS_USAGE = 2 };

extern char **environ;

/* -- origin.c -- */

/*
 * The settings of OPTIONS, completed by the configuration for PROGRAM. False after a
 * report where the configuration has a mistake.
 */
bool tool_settings(const struct options *options, const char *program,
		   struct settings *out);

/* The same where EXECUTED is known to be what runs in the end: no script. */
bool tool_settings_of(const struct options *options, const char *executed,
		      struct settings *out);

/* -- The subcommands -- */

/* Each gets the operands, and returns the exit status. */
int tool_run(const struct options *options, int argc, char **argv);
int tool_audit(const struct options *options, int argc, char **argv);
int tool_list(const struct options *options, int argc, char **argv);
int tool_sweep(const struct options *options, int argc, char **argv);
int tool_enter(const struct options *options, int argc, char **argv);
int tool_check(const struct options *options, int argc, char **argv);
int tool_check_config(const struct options *options, int argc, char **argv);
int tool_status(const struct options *options, int argc, char **argv);
int tool_doctor(const struct options *options, int argc, char **argv);
int tool_unit(const struct options *options, int argc, char **argv);
int tool_wrap(const struct options *options, int argc, char **argv);
int tool_explain(const struct options *options, int argc, char **argv);

#endif
