/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process has inherited that relative paths may start from. */
#ifndef PRIVTMP_INHERITED_H
#define PRIVTMP_INHERITED_H

/*
 * Each looks once whether a relative path may start in a shared directory, and calls
 * view_exact if so: by a descriptor that was inherited, or by the working directory.
 */
void view_know_fds(void);
void view_know_cwd(void);

#endif
