/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scripts whose first line is "#!/usr/bin/env -S privtmp run [OPTION]...". */
#ifndef PRIVTMP_INTERPRETER_H
#define PRIVTMP_INTERPRETER_H

/*
 * ARGV begins with the command that run was given, behind run's own words. Where
 * that is a script whose first line has just these words and names no further
 * interpreter, so that running it would come back here, returns the shell's
 * command line for it; else ARGV. NULL: no memory.
 */
char **interpreter_argv(char **argv);

#endif
