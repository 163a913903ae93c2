/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a process gets its session. */
#ifndef PRIVTMP_ENTER_H
#define PRIVTMP_ENTER_H

#include "policy/settings.h"

/*
 * Joins or plans a session. ENVP is the environment, NULL under AT_SECURE. SETTINGS,
 * where not NULL, come from a tool: they replace environment and configuration, and the
 * session is made at once; *HELPER is then the pid of its helper, a child of this
 * process (0: none). Returns 0, or an errno; the state tells what follows from it.
 */
int session_enter(char *const *envp, const struct settings *settings, int *helper);

#endif
