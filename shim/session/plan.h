/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Planning a session, and saying why it, or a backing, could not be made. */
#ifndef PRIVTMP_SESSION_PLAN_H
#define PRIVTMP_SESSION_PLAN_H

#include <stdbool.h>

#include "policy/settings.h"

/* Plans a session: its lease's text, and the policy. 0 or -errno. */
int session_plan(const struct settings *settings, char *const *envp);

/*
 * The same, or joins the session that is to be met at a root: then the state is LIVE.
 * Behind the mount door (inside.h) it is OFF, but for a TOOL, which makes another.
 * "confine" is what it comes to here. Where that was asked for and cannot be had there
 * is no session, or, with ONFAIL_PASS, one that is not confined. 0 or -errno.
 */
int session_settle(const struct settings *settings, char *const *envp, enum onfail onfail,
		   bool tool);

/* Says in one line why no session could be made. */
void session_report(void);

/*
 * Makes the session and the backing of guard number GUARD where they are not
 * there. 0 or -errno. TELL: say in one line why a backing could not be made.
 */
int session_need_backing(unsigned guard, bool tell);

#endif
