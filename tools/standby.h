/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The standby: a copy of the launcher that does nothing but wait for the
 * session's end and remove it. It is what is left when the launcher itself is
 * killed, and by its own end tells the launcher that all is gone.
 */
#ifndef PRIVTMP_STANDBY_H
#define PRIVTMP_STANDBY_H

#include <sys/types.h>

/*
 * Starts it, for the session that this process has entered. Returns its pid,
 * or -errno. It ends with 0 when the session is gone.
 */
pid_t standby_start(void);

#endif
