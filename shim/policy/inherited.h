/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inherited directories that relative paths can start from. */
#ifndef PRIVTMP_INHERITED_H
#define PRIVTMP_INHERITED_H

/*
 * Each checks once whether a relative path can start in a shared directory, by an
 * inherited descriptor or by the working directory, and calls view_exact if so.
 */
void view_know_fds(void);
void view_know_cwd(void);

#endif
