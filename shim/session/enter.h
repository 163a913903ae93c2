/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a process gets its session. */
#ifndef PRIVTMP_ENTER_H
#define PRIVTMP_ENTER_H

#include "core/compiler.h"
#include "policy/settings.h"

/*
 * In libprivtmp-audit.so alone, which has one mode more: "audit", in which it observes and
 * redirects nothing. Elsewhere its address is NULL.
 */
extern const char session_observes PRIVTMP_HIDDEN __attribute__((weak));

/*
 * Joins or plans a session. ENVP is the environment, NULL under AT_SECURE. SETTINGS,
 * where not NULL, come from a tool: they replace environment and configuration, and the
 * session is made at once; *HELPER is then the pid of its helper, a child of this
 * process (0: none). Returns 0, or an errno; the state tells what follows from it.
 */
int session_enter(char *const *envp, const struct settings *settings, int *helper);

#endif
