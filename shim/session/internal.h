/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What session.c has for the other files of this folder. */
#ifndef PRIVTMP_SESSION_INTERNAL_H
#define PRIVTMP_SESSION_INTERNAL_H

/*
 * Takes over the lock of the lease FD: by a mapping, or the descriptor itself, which
 * is closed or moved out of the program's way. 0/-errno.
 */
int session_hold(int fd);

#endif
