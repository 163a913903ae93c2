/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Becoming a member of an existing session. */
#ifndef PRIVTMP_SESSION_JOIN_H
#define PRIVTMP_SESSION_JOIN_H

#include <stdbool.h>

/* Joins the session that VALUE (of PRIVTMP_SESSION) names. 0 or -errno. */
int session_join(const char *value);

/*
 * Joins the session of SCOPE_ROOT that has the planned root, if it exists. It need not
 * have a member. ADOPT: take its policy. 0 or -errno.
 */
int session_meet(bool adopt);

#endif
