/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the reaper and the launcher's standby do: wait for a session's end. */
#ifndef PRIVTMP_REAP_H
#define PRIVTMP_REAP_H

/*
 * Waits until the session at ROOT has no member left and removes it. Takes
 * over the process's signals. Returns 0 when it is gone, or -errno.
 */
int reap(const char *root);

#endif
