/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planning a session, and reporting why it, or a backing, could not be made. */
#ifndef PRIVTMP_SESSION_PLAN_H
#define PRIVTMP_SESSION_PLAN_H

#include <stdbool.h>

#include "policy/settings.h"

/* Plans a session: the policy and the lease's text. 0 or -errno. */
int session_plan(const struct settings *settings, char *const *envp);

/*
 * The same; or joins the session to be met at a root: then the state is LIVE. Behind
 * the mount door (inside.h) it is OFF, unless TOOL: a tool makes another. Resolves
 * "confine". Where that was requested and is impossible, there is no session, or with
 * ONFAIL_PASS one that is not confined. 0 or -errno.
 */
int session_settle(const struct settings *settings, char *const *envp, enum onfail onfail,
		   bool tool);

/* -- backing.c -- */

/* Reports why no session could be made. */
void session_report(void);

/*
 * Makes the session and the backing of guard number GUARD where they do not exist.
 * TELL: report why a backing could not be made. 0 or -errno.
 */
int session_need_backing(unsigned guard, bool tell);

/* The same for all guards, where they could not be made later. Reports nothing. */
void session_need_backings(void);

#endif
