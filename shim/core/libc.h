/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names of libc's that are libc's alone.
 *
 * C and POSIX leave a program names such as environ, dirfd or socket, where it does not use
 * libc's own: what it calls so may be anything. But the linker leads the shim's uses of such
 * a name there, too, as the program comes first. libc itself uses names that are reserved,
 * and so does the shim:
 *
 * - what C has (7.1.3), and what begins with "__", by its name;
 * - what the shim has a wrapper of, by its name: the link leads that to the wrapper
 *   (-Bsymbolic-functions);
 * - variables by the names here;
 * - other functions by LIBC (wrap/symbols.h), or by system calls;
 * - but getauxval by its name: it is younger than what could take it for something else.
 *
 * tests/corners.bats looks for others.
 */
#ifndef PRIVTMP_LIBC_H
#define PRIVTMP_LIBC_H

/* environ, program_invocation_name, program_invocation_short_name */
extern char **__environ;
extern char *__progname_full, *__progname;

#define libc_environ __environ
#define libc_program __progname_full
#define libc_program_base __progname

#endif
