/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becoming a member of a session that is there. */
#ifndef PRIVTMP_SESSION_JOIN_H
#define PRIVTMP_SESSION_JOIN_H

#include <stdbool.h>

/* Joins the session that VALUE (of PRIVTMP_SESSION) names. 0 or -errno. */
int session_join(const char *value);

/*
 * Joins the session with the planned root, of SCOPE_ROOT, if somebody has made it;
 * it may have no member. ADOPT: has its policy from then on. 0 or -errno.
 */
int session_meet(bool adopt);

#endif
