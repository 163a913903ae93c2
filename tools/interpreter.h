/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scripts whose first line is "#!/usr/bin/env -S privtmp run [OPTION]...". */
#ifndef PRIVTMP_INTERPRETER_H
#define PRIVTMP_INTERPRETER_H

/*
 * ARGV is the command that run was given. If that is a script whose first line has
 * exactly run's own words and no further interpreter, running it would come back here:
 * returns the shell's command line for it. Else returns ARGV. NULL: no memory.
 */
char **interpreter_argv(char **argv);

#endif
