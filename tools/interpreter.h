/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scripts whose first line is "#!/usr/bin/env -S privtmp run|audit|enter ...". */
#ifndef PRIVTMP_INTERPRETER_H
#define PRIVTMP_INTERPRETER_H

#include <stdbool.h>

/* Whether PATH is a script that "privtmp run" starts, by its first line. */
bool interpreter_runs(const char *path);

/*
 * ARGV is the command that SUBCOMMAND was given. If that is a script whose first line has
 * exactly its own words and no further interpreter, running it would come back here:
 * returns the shell's command line for it. Else returns ARGV. NULL: no memory.
 */
char **interpreter_argv(const char *subcommand, char **argv);

#endif
